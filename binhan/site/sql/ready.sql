-- What is late: the longest overdue clock, and the message that has been due longest. 0 where nothing is.
CREATE OR REPLACE FUNCTION live_ready() RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT jsonb_build_object('at', journal_time(now()),
    'overdue_s', round(coalesce(extract(epoch FROM now() - clock), 0)::numeric, 3),
    'messages_s', round(coalesce(extract(epoch FROM now() - message), 0)::numeric, 3))
  FROM (
    SELECT (SELECT min(due_at) FROM clocks_clock
            WHERE due_at < now() AND ward_id = ANY (access_served_wards())) AS clock,
      (SELECT min(next_at) FROM notify_message
       WHERE state = 'queued' AND channel <> 'inapp' AND next_at < now()
         AND ward_id = ANY (access_served_wards())) AS message
  ) longest
$$;
