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

-- How near a door is to the question: the last digit says that it is a door.
CREATE OR REPLACE FUNCTION households_door_rank(search_key text, number text, phrase text, door text) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN households_has(search_key, phrase) THEN 2 ELSE 22 END
         + CASE WHEN door = '' OR number = door THEN 0 ELSE 10 END
$$;

-- How near a way is.
CREATE OR REPLACE FUNCTION households_way_rank(search_key text, way text) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN way <> '' AND search_key LIKE '%|' || way || '|%' THEN 1
              WHEN households_has(translate(search_key, '|', ' '), way) THEN 11 ELSE 31 END
$$;

-- Whether more rows have the words than are quickly read and sorted, as far as the statistics of their index know and
-- as if words came together by chance. So many are not looked up: the list is walked in its order, and a page is soon
-- full.
CREATE OR REPLACE FUNCTION households_many(words_index text, ward int, q tsquery) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
DECLARE
  known text[];
  shares float[];
  of_ward float;
  found float := 1;
  word text;
  whole boolean;
BEGIN
  SELECT s.most_common_elems::text::text[], s.most_common_elem_freqs INTO known, shares FROM pg_stats s
    WHERE s.schemaname = 'public' AND s.tablename = words_index;
  of_ward := coalesce(shares[array_position(known, 'w' || ward)], 0);
  IF of_ward = 0 THEN RETURN false; END IF;
  FOR word, whole IN SELECT m[1], bool_or(m[2] IS NULL) FROM regexp_matches(q::text, '''([^'']+)''(:\*)?', 'g') m
                     GROUP BY 1 LOOP
    found := found * least(1, (SELECT coalesce(sum(k.share), 0) FROM unnest(known, shares) AS k(w, share)
      WHERE k.w = word OR NOT whole AND starts_with(k.w, word)) / of_ward);
  END LOOP;
  RETURN found * of_ward * (SELECT t.reltuples FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
                            WHERE i.indexrelid = words_index::regclass) > 2000;
END $$;

-- The ways of one rank that have all words, in their order, after (after_sort, after_id).
CREATE OR REPLACE FUNCTION households_ways(
  ward int, wanted int, words tsquery, way text, areas uuid[], after_sort text, after_id uuid, lim int
) RETURNS TABLE (sort text, id uuid) LANGUAGE sql STABLE AS $$
  SELECT y.search_key COLLATE "C", y.id FROM places_way y
  WHERE y.active AND y.ward_id = ward AND (areas IS NULL OR y.area_id = ANY (areas))
    AND households_way_words(y.ward_id, y.kind, y.search_key)
        @@ CASE WHEN wanted = 31 THEN words ELSE words && plainto_tsquery('simple', way) END
    AND households_way_rank(y.search_key, way) = wanted
    AND (y.search_key COLLATE "C", y.id) > (after_sort COLLATE "C", after_id)
  ORDER BY y.search_key COLLATE "C", y.id LIMIT lim
$$;

-- The doors of one rank, in walking order; those on no way come last.
CREATE OR REPLACE FUNCTION households_doors(
  ward int, wanted int, words tsquery, phrase text, door text, areas uuid[], after_sort text, after_id uuid, lim int
) RETURNS TABLE (sort text, id uuid) LANGUAGE plpgsql STABLE SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  q tsquery := CASE WHEN wanted IN (2, 12) THEN words && plainto_tsquery('simple', phrase) ELSE words END;
  first_key text := coalesce(substring(after_sort FROM '^(.*?\|) '), after_sort);
  last_sort text := after_sort;
  last_id uuid := after_id;
  n int := 0;
BEGIN
  IF households_many('casework_dwelling_words', ward, q) THEN
    -- 1. What many doors have: along the ways, from where the page begins, until it is full or enough was walked.
    FOR sort, id IN
      SELECT x.key || ' ' || x.walk_key, x.id FROM (
        SELECT y.key, d.* FROM (
          SELECT w.search_key COLLATE "C" AS key, w.id AS way FROM places_way w
          WHERE w.ward_id = ward AND w.search_key COLLATE "C" >= first_key COLLATE "C"
          ORDER BY w.search_key COLLATE "C" OFFSET 0) y
        CROSS JOIN LATERAL (
          SELECT v.walk_key, v.id, v.ward_id, v.area_id, v.search_key, v.number FROM casework_dwelling v
          WHERE v.ward_id = ward AND v.way_id = y.way AND v.active ORDER BY v.walk_key OFFSET 0) d
        WHERE (y.key || ' ' || d.walk_key, d.id) > (after_sort COLLATE "C", after_id)
        ORDER BY y.key, d.walk_key, d.id LIMIT 3000) x
      WHERE households_door_rank(x.search_key, x.number, phrase, door) = wanted
        AND (areas IS NULL OR x.area_id = ANY (areas))
        AND to_tsvector('simple'::regconfig, 'w' || x.ward_id::text || ' ' || x.search_key) @@ q
      ORDER BY x.key, x.walk_key, x.id LIMIT lim
    LOOP RETURN NEXT; n := n + 1; last_sort := sort; last_id := id; END LOOP;
  END IF;
  -- 2. What few have, or what is left: by the index of words, read whole and sorted.
  RETURN QUERY
  SELECT x.sort, x.id FROM (
    SELECT (coalesce(y.search_key, '~') || ' ' || d.walk_key) COLLATE "C" AS sort, d.id FROM casework_dwelling d
    LEFT JOIN places_way y ON y.id = d.way_id
    WHERE n < lim AND d.active AND d.ward_id = ward AND (areas IS NULL OR d.area_id = ANY (areas))
      AND households_door_rank(d.search_key, d.number, phrase, door) = wanted
      AND to_tsvector('simple'::regconfig, 'w' || d.ward_id::text || ' ' || d.search_key) @@ q) x
  WHERE (x.sort, x.id) > (last_sort COLLATE "C", last_id) ORDER BY x.sort, x.id LIMIT lim - n;
END $$;

-- The people of one rank, by name.
CREATE OR REPLACE FUNCTION households_people(
  ward int, wanted int, words tsquery, phrase text, areas uuid[], after_sort text, after_id uuid, lim int
) RETURNS TABLE (sort text, id uuid) LANGUAGE plpgsql STABLE SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  q tsquery := CASE wanted WHEN 3 THEN words && plainto_tsquery('simple', phrase) ELSE words END;
  last_sort text := after_sort;
  last_id uuid := after_id;
  n int := 0;
BEGIN
  IF households_many('casework_person_words', ward, q) THEN
    -- 1. A name that many bear: down the list of names, until the page is full or enough was read.
    FOR sort, id IN
      SELECT x.name_key, x.id FROM (
        SELECT p.name_key, p.id, p.ward_id, p.name_fold, p.household_id FROM casework_person p
        WHERE p.ward_id = ward AND p.active AND (p.name_key, p.id) > (after_sort, after_id)
        ORDER BY p.name_key, p.id LIMIT CASE WHEN areas IS NULL THEN 5000 ELSE 20000 END) x
      WHERE households_has(x.name_fold, phrase) = (wanted = 3)
        AND to_tsvector('simple'::regconfig, 'w' || x.ward_id::text || ' ' || x.name_fold) @@ q
        AND (areas IS NULL OR (
          SELECT d.area_id FROM casework_household h JOIN casework_dwelling d ON d.id = h.dwelling_id
          WHERE h.id = x.household_id) = ANY (areas))
      ORDER BY x.name_key, x.id LIMIT lim
    LOOP RETURN NEXT; n := n + 1; last_sort := sort; last_id := id; END LOOP;
  END IF;
  -- 2. A name that few bear, or what is left: by the index of words, read whole and sorted.
  RETURN QUERY
  SELECT p.name_key, p.id FROM casework_person p
  JOIN casework_household h ON h.id = p.household_id JOIN casework_dwelling d ON d.id = h.dwelling_id
  WHERE n < lim AND p.active AND p.ward_id = ward AND (p.name_key, p.id) > (last_sort, last_id)
    AND households_has(p.name_fold, phrase) = (wanted = 3)
    AND to_tsvector('simple'::regconfig, 'w' || p.ward_id::text || ' ' || p.name_fold) @@ q
    AND (areas IS NULL OR d.area_id = ANY (areas))
  ORDER BY p.name_key, p.id LIMIT lim - n;
END $$;

-- Ways, doors and people that have all the words of `words`; what has `phrase` word for word, is the way `way` or bears
-- the house number `door` comes first. The last digit of `rank` is the kind: 1 way, 2 door, 3 person. `areas` NULL
-- means the whole ward. The page begins after (after_rank, after_sort, after_id). One rank after the other, and none
-- that the page does not come to.
CREATE OR REPLACE FUNCTION households_search(
  ward int, words text, phrase text, way text, door text, areas uuid[],
  after_rank int, after_sort text, after_id uuid, lim int
) RETURNS TABLE (rank int, sort text, id uuid) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
  q tsquery := to_tsquery('simple', 'w' || ward || ' & ' || words);
  n int;
BEGIN
  PERFORM binhan_check_ward(ward);
  FOREACH rank IN ARRAY ARRAY[1, 2, 3, 11, 12, 22, 23, 31, 32] LOOP
    CONTINUE WHEN rank < after_rank OR phrase = '' AND rank IN (2, 3, 12) OR way = '' AND rank IN (1, 11)
      OR door = '' AND rank IN (12, 32);
    IF rank > after_rank THEN
      after_sort := '';
      after_id := '00000000-0000-0000-0000-000000000000';
    END IF;
    IF rank % 10 = 1 THEN
      RETURN QUERY SELECT households_search.rank, f.sort, f.id
        FROM households_ways(ward, rank, q, way, areas, after_sort, after_id, lim) f;
    ELSIF rank % 10 = 2 THEN
      RETURN QUERY SELECT households_search.rank, f.sort, f.id
        FROM households_doors(ward, rank, q, phrase, door, areas, after_sort, after_id, lim) f;
    ELSE
      RETURN QUERY SELECT households_search.rank, f.sort, f.id
        FROM households_people(ward, rank, q, phrase, areas, after_sort, after_id, lim) f;
    END IF;
    GET DIAGNOSTICS n = ROW_COUNT;
    lim := lim - n;
    EXIT WHEN lim <= 0;
  END LOOP;
END $$;
