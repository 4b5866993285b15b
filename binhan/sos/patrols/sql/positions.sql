-- Where units are: the latest fix, and the track of a shift in daily partitions.

CREATE TABLE IF NOT EXISTS patrol_track (
  ward_id int NOT NULL, unit_id uuid NOT NULL, at timestamptz NOT NULL, received_at timestamptz NOT NULL,
  lat float8 NOT NULL, lon float8 NOT NULL, accuracy_m float8, speed_mps float8, heading float8, battery float8,
  source text NOT NULL, PRIMARY KEY (unit_id, at)) PARTITION BY RANGE (at);
CREATE TABLE IF NOT EXISTS patrol_track_rest PARTITION OF patrol_track DEFAULT;

-- Make the partitions of the given days (UTC) where missing; called ahead of time by a task. A day whose rows
-- already went to the default partition stays there.
CREATE OR REPLACE FUNCTION patrol_make_partitions(first date, days int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE d date; made int := 0;
BEGIN
  FOR d IN SELECT first + i FROM generate_series(0, days - 1) i LOOP
    IF to_regclass('patrol_track_' || to_char(d, 'YYYYMMDD')) IS NULL
       AND NOT EXISTS (SELECT 1 FROM patrol_track_rest WHERE at >= d AND at < d + 1) THEN
      EXECUTE format('CREATE TABLE %I PARTITION OF patrol_track FOR VALUES FROM (%L) TO (%L)',
                     'patrol_track_' || to_char(d, 'YYYYMMDD'), d::text || ' 00:00:00+00',
                     (d + 1)::text || ' 00:00:00+00');
      made := made + 1;
    END IF;
  END LOOP;
  RETURN made;
END $$;

-- Delete tracks older than `keep_days`: whole partitions at once. Returns how many partitions went.
CREATE OR REPLACE FUNCTION patrol_drop_partitions(keep_days int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE t text; gone int := 0;
BEGIN
  PERFORM binhan_check_ward(w) FROM unnest(access_served_wards()) w;  -- a partition holds every ward's tracks
  FOR t IN SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
           WHERE i.inhparent = 'patrol_track'::regclass AND c.relname ~ '^patrol_track_[0-9]{8}$'
             AND to_date(right(c.relname, 8), 'YYYYMMDD') < (now() AT TIME ZONE 'UTC')::date - keep_days LOOP
    EXECUTE format('DROP TABLE %I', t);
    gone := gone + 1;
  END LOOP;
  DELETE FROM patrol_track_rest WHERE at < now() - keep_days * interval '1 day';
  RETURN gone;
END $$;

-- Store a batch of fixes; returns per fix: stored, older (track only), unknown (no such tracker), off_shift.
CREATE OR REPLACE FUNCTION live_positions(fixes jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off AS $$
DECLARE stamp timestamptz := clock_timestamp(); answer jsonb;
BEGIN
  WITH f AS MATERIALIZED (
    SELECT p.*, u.id AS unit_id, u.ward_id, s.id IS NOT NULL AS on_shift FROM ROWS FROM (jsonb_to_recordset(fixes) AS (
      key text, at timestamptz, lat float8, lon float8, accuracy_m float8, speed_mps float8, heading float8,
      battery float8, source text)) WITH ORDINALITY AS p(
      key, at, lat, lon, accuracy_m, speed_mps, heading, battery, source, ord)
    LEFT JOIN patrol_unit u ON u.tracker_key = p.key AND u.active
    LEFT JOIN patrol_shift s ON s.unit_id = u.id AND s.ended_at IS NULL
  ), good AS MATERIALIZED (
    SELECT DISTINCT ON (unit_id, at) * FROM f WHERE on_shift AND lat IS NOT NULL ORDER BY unit_id, at, ord
  ), tracked AS (
    INSERT INTO patrol_track (ward_id, unit_id, at, received_at, lat, lon, accuracy_m, speed_mps, heading, battery,
                              source)
    SELECT ward_id, unit_id, at, stamp, lat, lon, accuracy_m, speed_mps, heading, battery, coalesce(source, 'app')
    FROM good ON CONFLICT DO NOTHING
  ), latest AS (
    INSERT INTO patrol_position AS x (unit_id, ward_id, at, received_at, lat, lon, accuracy_m, speed_mps, heading,
                                      battery, source)
    SELECT DISTINCT ON (unit_id) unit_id, ward_id, at, stamp, lat, lon, accuracy_m, speed_mps, heading, battery,
      coalesce(source, 'app') FROM good ORDER BY unit_id, at DESC
    ON CONFLICT (unit_id) DO UPDATE SET ward_id = excluded.ward_id, at = excluded.at,
      received_at = excluded.received_at,
      lat = excluded.lat, lon = excluded.lon, accuracy_m = excluded.accuracy_m, speed_mps = excluded.speed_mps,
      heading = excluded.heading, battery = excluded.battery, source = excluded.source
    WHERE excluded.at > x.at RETURNING x.unit_id, x.at
  )
  SELECT jsonb_agg(jsonb_build_object('i', f.ord - 1, 'unit_id', f.unit_id, 'ward_id', f.ward_id, 'status',
      CASE WHEN f.unit_id IS NULL THEN 'unknown' WHEN NOT f.on_shift THEN 'off_shift' WHEN f.lat IS NULL THEN 'no_fix'
           WHEN latest.unit_id IS NOT NULL THEN 'stored' ELSE 'older' END) ORDER BY f.ord)
    INTO answer FROM f LEFT JOIN latest ON latest.unit_id = f.unit_id AND latest.at = f.at;
  RETURN coalesce(answer, '[]');
END $$;

-- The units of a ward that are on shift, with their latest fix; age_s is counted by the server's clock.
CREATE OR REPLACE FUNCTION live_units(ward int) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(jsonb_agg(jsonb_build_object('unit_id', u.id, 'call_sign', u.call_sign, 'kind', u.kind,
    'at', journal_time(p.at), 'lat', p.lat, 'lon', p.lon, 'accuracy_m', p.accuracy_m, 'speed_mps', p.speed_mps,
    'heading', p.heading, 'battery', p.battery,
    'age_s', round(extract(epoch FROM clock_timestamp() - p.at)::numeric, 1)) ORDER BY u.call_sign), '[]')
  FROM patrol_unit u JOIN patrol_shift s ON s.unit_id = u.id AND s.ended_at IS NULL
  LEFT JOIN patrol_position p ON p.unit_id = u.id AND p.at >= s.started_at - interval '10 minutes'
  WHERE u.ward_id = ward AND u.active
$$;
