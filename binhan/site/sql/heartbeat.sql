-- Which of our own processes are alive: each writes its name every two seconds.
CREATE UNLOGGED TABLE IF NOT EXISTS site_heartbeat (name text PRIMARY KEY, at timestamptz NOT NULL);

CREATE OR REPLACE FUNCTION live_beat(process text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO site_heartbeat VALUES (process, clock_timestamp())
  ON CONFLICT (name) DO UPDATE SET at = excluded.at
$$;

CREATE OR REPLACE FUNCTION live_heartbeats() RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(jsonb_object_agg(name, round(extract(epoch FROM clock_timestamp() - at)::numeric, 2)), '{}')
  FROM site_heartbeat WHERE at > clock_timestamp() - interval '1 hour'
$$;
