-- What a sweeper asks again and again, whatever the scope.

-- The kinds of subjects that have a due clock in a served ward.
CREATE OR REPLACE FUNCTION clocks_due_kinds(at timestamptz) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT subject_kind), '{}') FROM clocks_clock
  WHERE due_at <= at AND ward_id = ANY (access_served_wards())
$$;

-- When the next clock will be due. It may be of a ward that is served no more: then somebody looks once in vain.
CREATE OR REPLACE FUNCTION clocks_next_due(at timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT min(due_at) FROM clocks_clock WHERE due_at > at AND paused_at IS NULL
$$;
