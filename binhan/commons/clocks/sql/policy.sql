-- How long a clock may run: dated policy rows.

-- The dated policy row that holds now: the ward's own before the national default, the one made for this track or
-- priority before the general one.
CREATE OR REPLACE FUNCTION clock_policy(ward int, policy text, at timestamptz, track text, priority text)
RETURNS TABLE (amount int, unit text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT p.amount, p.unit FROM clocks_policy p
  WHERE p.name = clock_policy.policy AND p.ward_id IN (0, ward)
    AND p.track IN ('', clock_policy.track) AND p.priority IN ('', clock_policy.priority)
    AND p.valid_from <= at AND (p.valid_to IS NULL OR p.valid_to > at)
  ORDER BY p.ward_id DESC, p.track DESC, p.priority DESC, p.valid_from DESC LIMIT 1
$$;

-- Its seconds; null where the row counts working time (which no SOS clock does).
DROP FUNCTION IF EXISTS clock_policy_s(int, text, timestamptz);
CREATE OR REPLACE FUNCTION clock_policy_s(ward int, policy text, at timestamptz, priority text DEFAULT '') RETURNS int
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT amount FROM clock_policy(ward, policy, at, '', priority) WHERE unit = 's'
$$;
