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

-- The roles that an account holds now, [[ward, role], …]; the transaction that is open now becomes that account's, in
-- the wards of these roles.
CREATE OR REPLACE FUNCTION access_enter(account uuid) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  wards int[];
  held jsonb;
BEGIN
  SELECT coalesce(array_agg(DISTINCT g.ward_id), '{}'), coalesce(jsonb_agg(jsonb_build_array(g.ward_id, g.role)), '[]')
  INTO wards, held FROM access_grants_of(account) g;
  PERFORM set_config('binhan.wards', wards::text, true), set_config('binhan.actor', 'account:' || account, true);
  RETURN held;
END
$$;
