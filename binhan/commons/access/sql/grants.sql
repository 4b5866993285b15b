-- An account's own grants, readable before its wards are known (they are what makes them known).
CREATE OR REPLACE FUNCTION access_grants_of(account uuid) RETURNS TABLE (ward_id int, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT g.ward_id, g.role FROM access_grant g WHERE g.account_id = account
    AND g.valid_from <= clock_timestamp() AND (g.valid_to IS NULL OR g.valid_to > clock_timestamp())
$$;

-- Every ward that this installation serves: for workers that act for all of them.
CREATE OR REPLACE FUNCTION access_served_wards() RETURNS int[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(ward_id ORDER BY ward_id), '{}') FROM places_ward WHERE served_to IS NULL
$$;
