-- Search of the register. It runs with the owner's rights so that the word indexes can be used (row-level security
-- would keep them from any operator that is not leak-proof), and therefore checks the ward itself.
CREATE INDEX IF NOT EXISTS casework_dwelling_words ON casework_dwelling
  USING gin (to_tsvector('simple'::regconfig, 'w' || ward_id::text || ' ' || search_key)) WHERE active;
CREATE INDEX IF NOT EXISTS casework_person_words ON casework_person
  USING gin (to_tsvector('simple'::regconfig, 'w' || ward_id::text || ' ' || name_fold)) WHERE active;

-- A way is found by its names and by the word for its kind ("đường Lê Lợi" as well as "Lê Lợi").
CREATE OR REPLACE FUNCTION households_way_words(ward int, kind text, search_key text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT to_tsvector('simple'::regconfig, 'w' || ward::text || translate(search_key, '|', ' ') || CASE kind
    WHEN 'street' THEN ' duong pho' WHEN 'alley' THEN ' hem ngo duong' WHEN 'boarding_house' THEN ' khu nha tro'
    WHEN 'block' THEN ' khu chung cu' ELSE '' END)
$$;
CREATE INDEX IF NOT EXISTS places_way_found_by ON places_way
  USING gin (households_way_words(ward_id, kind, search_key)) WHERE active;

CREATE OR REPLACE FUNCTION households_has(words text, phrase text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT phrase <> '' AND position(' ' || phrase || ' ' IN ' ' || words || ' ') > 0
$$;

-- Ways, doors and people that have all the words of `words`; what has `phrase` word for word, is the way `way` or bears
-- the house number `door` comes first. The last digit of `rank` is the kind: 1 way, 2 door, 3 person. `areas` NULL
-- means the whole ward. The page begins after (after_rank, after_sort, after_id).
CREATE OR REPLACE FUNCTION households_search(
  ward int, words text, phrase text, way text, door text, areas uuid[],
  after_rank int, after_sort text, after_id uuid, lim int
) RETURNS TABLE (rank int, sort text, id uuid) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE q tsquery := to_tsquery('simple', 'w' || ward || ' & ' || words);
BEGIN
  PERFORM binhan_check_ward(ward);
  RETURN QUERY
  SELECT x.rank, x.sort, x.id FROM (
    SELECT CASE WHEN way <> '' AND y.search_key LIKE '%|' || way || '|%' THEN 1
                WHEN households_has(translate(y.search_key, '|', ' '), way) THEN 11 ELSE 31 END AS rank,
           y.search_key COLLATE "C" AS sort, y.id FROM places_way y
      WHERE y.active AND y.ward_id = ward AND (areas IS NULL OR y.area_id = ANY (areas))
        AND households_way_words(y.ward_id, y.kind, y.search_key) @@ q
    UNION ALL
    SELECT CASE WHEN households_has(d.search_key, phrase) THEN 2 ELSE 22 END
             + CASE WHEN door = '' OR d.number = door THEN 0 ELSE 10 END,
           (coalesce(y.search_key, '~') || ' ' || d.walk_key) COLLATE "C", d.id FROM casework_dwelling d
      LEFT JOIN places_way y ON y.id = d.way_id
      WHERE d.active AND d.ward_id = ward AND (areas IS NULL OR d.area_id = ANY (areas))
        AND to_tsvector('simple'::regconfig, 'w' || d.ward_id::text || ' ' || d.search_key) @@ q
    UNION ALL
    SELECT CASE WHEN households_has(p.name_fold, phrase) THEN 3 ELSE 23 END, p.name_key, p.id FROM casework_person p
      JOIN casework_household h ON h.id = p.household_id JOIN casework_dwelling d ON d.id = h.dwelling_id
      WHERE p.active AND p.ward_id = ward AND (areas IS NULL OR d.area_id = ANY (areas))
        AND to_tsvector('simple'::regconfig, 'w' || p.ward_id::text || ' ' || p.name_fold) @@ q
  ) x
  WHERE (x.rank, x.sort COLLATE "C", x.id) > (after_rank, after_sort COLLATE "C", after_id)
  ORDER BY x.rank, x.sort COLLATE "C", x.id LIMIT lim;
END $$;
