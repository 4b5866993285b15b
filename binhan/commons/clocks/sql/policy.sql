-- How long a clock may run: dated policy rows.

-- The dated policy row that holds now: the ward's own before the national default. Seconds.
CREATE OR REPLACE FUNCTION clock_policy_s(ward int, policy text, at timestamptz) RETURNS int
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT amount FROM clocks_policy
  WHERE name = policy AND ward_id IN (0, ward) AND unit = 's' AND valid_from <= at AND (valid_to IS NULL OR valid_to > at)
  ORDER BY ward_id DESC, valid_from DESC LIMIT 1
$$;
