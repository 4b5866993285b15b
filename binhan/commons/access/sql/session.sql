-- Whether a session of that key is open: asked by the front door before it takes in a long upload.
CREATE OR REPLACE FUNCTION live_session(key text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM django_session WHERE session_key = key AND expire_date > clock_timestamp())
$$;
