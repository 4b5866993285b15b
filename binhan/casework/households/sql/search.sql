-- Search of the register. It runs with the owner's rights so that the word indexes can be used (row-level security would
-- keep them from any operator that is not leak-proof), and therefore checks the ward itself.
CREATE INDEX IF NOT EXISTS casework_dwelling_words ON casework_dwelling
  USING gin (to_tsvector('simple'::regconfig, 'w' || ward_id::text || ' ' || search_key)) WHERE active;
CREATE INDEX IF NOT EXISTS casework_person_words ON casework_person
  USING gin (to_tsvector('simple'::regconfig, 'w' || ward_id::text || ' ' || name_fold)) WHERE active;

-- Ways, doors and people that have all the words of `words`, in that order; `areas` NULL means the whole ward.
-- The page begins after (after_rank, after_sort, after_id).
CREATE OR REPLACE FUNCTION households_search(
  ward int, words text, areas uuid[], after_rank int, after_sort text, after_id uuid, lim int
) RETURNS TABLE (rank int, sort text, id uuid) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE q tsquery := to_tsquery('simple', 'w' || ward || ' & ' || words);
BEGIN
  PERFORM binhan_check_ward(ward);
  RETURN QUERY
  SELECT x.rank, x.sort, x.id FROM (
    SELECT 1 AS rank, y.search_key COLLATE "C" AS sort, y.id FROM places_way y
      WHERE y.ward_id = ward AND y.active AND (areas IS NULL OR y.area_id = ANY (areas))
        AND to_tsvector('simple', 'w' || y.ward_id || ' ' || translate(y.search_key, '|', ' ')) @@ q
    UNION ALL
    SELECT 2, (coalesce(y.search_key, '~') || ' ' || d.walk_key) COLLATE "C", d.id FROM casework_dwelling d
      LEFT JOIN places_way y ON y.id = d.way_id
      WHERE d.active AND d.ward_id = ward AND (areas IS NULL OR d.area_id = ANY (areas))
        AND to_tsvector('simple'::regconfig, 'w' || d.ward_id::text || ' ' || d.search_key) @@ q
    UNION ALL
    SELECT 3, p.name_key, p.id FROM casework_person p
      JOIN casework_household h ON h.id = p.household_id JOIN casework_dwelling d ON d.id = h.dwelling_id
      WHERE p.active AND p.ward_id = ward AND (areas IS NULL OR d.area_id = ANY (areas))
        AND to_tsvector('simple'::regconfig, 'w' || p.ward_id::text || ' ' || p.name_fold) @@ q
  ) x
  WHERE (x.rank, x.sort COLLATE "C", x.id) > (after_rank, after_sort COLLATE "C", after_id)
  ORDER BY x.rank, x.sort COLLATE "C", x.id LIMIT lim;
END $$;
