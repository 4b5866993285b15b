-- Whether a message of a served ward waits to be carried now, whatever the scope: the carrier's look, many times a
-- second.
CREATE OR REPLACE FUNCTION notify_waiting(at timestamptz) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM notify_message
                 WHERE state = 'queued' AND (next_at <= at OR next_at > at + interval '2 minutes')
                   AND ward_id = ANY (access_served_wards()) AND channel <> 'inapp')
$$;
