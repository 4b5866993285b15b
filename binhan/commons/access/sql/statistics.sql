-- What the planner knows of tables that were filled at once. Only an owner may look, and the application's role is
-- none: so it asks here, and for tables of wards' rows only. One that somebody else holds just now is passed over.
CREATE OR REPLACE FUNCTION access_analyze(wanted text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE t regclass;
BEGIN
  FOR t IN SELECT c.oid::regclass FROM pg_class c
           WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY (wanted) AND c.relrowsecurity
           ORDER BY c.relname LOOP
    EXECUTE format('ANALYZE (SKIP_LOCKED) %s', t);
  END LOOP;
END $$;
