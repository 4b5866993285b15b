-- What the hot path needs to know of the ground.
CREATE OR REPLACE FUNCTION live_wards() RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(jsonb_agg(jsonb_build_object('ward_id', ward_id, 'code', code, 'name', name, 'full_name', full_name,
    'boundary', boundary, 'lat', lat, 'lon', lon, 'is_demo', is_demo, 'desk_phone', desk_phone) ORDER BY served_from,
    ward_id), '[]') FROM places_ward WHERE served_to IS NULL
$$;

CREATE OR REPLACE FUNCTION live_place(place_code text) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT jsonb_build_object('ward_id', p.ward_id, 'code', p.code, 'name', p.name, 'lat', p.lat, 'lon', p.lon,
    'floor', p.floor, 'room', p.room)
  FROM places_place p JOIN places_ward w ON w.ward_id = p.ward_id AND w.served_to IS NULL
  WHERE p.code = place_code AND p.active
$$;
