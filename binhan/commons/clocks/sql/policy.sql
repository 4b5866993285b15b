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

-- The same for many at once: seconds by (ward, priority, policy), nothing where no row holds. A sweep that climbs a
-- hundred clocks must not ask a hundred times.
CREATE OR REPLACE FUNCTION clock_policies_s(wards int[], priorities text[], policies text[], at timestamptz)
RETURNS TABLE (w int, urgency text, name text, s int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT x.w, x.urgency, x.name, x.amount FROM (
    SELECT DISTINCT ON (w.w, u.urgency, p.name) w.w, u.urgency, p.name, p.amount, p.unit
    FROM clocks_policy p JOIN unnest(wards) AS w(w) ON p.ward_id IN (0, w.w)
      JOIN unnest(priorities) AS u(urgency) ON p.priority IN ('', u.urgency)
    WHERE p.name = ANY (policies) AND p.track = '' AND p.valid_from <= at AND (p.valid_to IS NULL OR p.valid_to > at)
    ORDER BY w.w, u.urgency, p.name, p.ward_id DESC, p.priority DESC, p.valid_from DESC) x
  WHERE x.unit = 's'
$$;
