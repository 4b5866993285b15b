-- What the carrier does with the queue, for hundreds of messages at a time.

-- Whether a try is due. No try is ever set further off than a minute: one that lies further was set before the
-- machine's clock was set back.
CREATE OR REPLACE FUNCTION notify_is_due(next_at timestamptz) RETURNS boolean LANGUAGE sql VOLATILE AS $$
  SELECT next_at <= clock_timestamp() OR next_at > clock_timestamp() + interval '2 minutes'
$$;

-- Takes up to `lim` messages of one channel that are due and that no other carrier holds: the most urgent first, of
-- the same urgency each ward's first before any ward's second, so that a ward where everything happens at once keeps
-- no other waiting. One account has at most `each` on their way; `busy` are the accounts of those that fly now, once
-- for each message. A message taken by a carrier that dies comes back by itself: its next try is already set. `ttls`:
-- seconds that each template stays worth sending; what is older is not sent any more, and is answered as expired.
-- `marks`: what stands in `error` while a message is being sent, and when an earlier try was cut off.
CREATE OR REPLACE FUNCTION notify_claim(via text, lim int, each int, busy uuid[], ttls jsonb, marks text[])
RETURNS SETOF notify_message LANGUAGE sql SET search_path = public, pg_temp SET enable_seqscan = off AS $$
  WITH
  flying AS (SELECT account, count(*) AS n FROM unnest(busy) account GROUP BY account),
  due AS (
    SELECT d.*, row_number() OVER (PARTITION BY d.urgency, d.ward_id ORDER BY d.next_at) AS place
    FROM (
      SELECT m.*, coalesce(f.n, 0) + row_number() OVER (PARTITION BY m.account_id ORDER BY m.urgency, m.next_at) AS nth
      FROM unnest(access_served_wards()) w CROSS JOIN generate_series(0, 3) u
      CROSS JOIN LATERAL (
        SELECT id, ward_id, account_id, urgency, next_at FROM notify_message
        WHERE state = 'queued' AND channel = via AND urgency = u AND ward_id = w AND notify_is_due(next_at)
          AND account_id NOT IN (SELECT account FROM flying WHERE n >= each)
        ORDER BY next_at LIMIT lim) m
      LEFT JOIN flying f ON f.account = m.account_id
    ) d WHERE d.nth <= each
  ),
  taken AS (
    SELECT id FROM notify_message
    WHERE id IN (SELECT id FROM due ORDER BY urgency, place, next_at LIMIT lim)
      AND state = 'queued' AND notify_is_due(next_at)
    FOR UPDATE SKIP LOCKED
  )
  UPDATE notify_message m SET attempts = attempts + 1, next_at = clock_timestamp() + interval '45 seconds',
    -- a try that was never settled: its carrier died, and whether it had sent the message nobody knows
    error = CASE WHEN attempts > 0 AND error = ANY (marks) THEN marks[2] ELSE marks[1] END,
    state = CASE WHEN created_at + coalesce((ttls ->> template)::int, 0) * interval '1 second' < clock_timestamp()
                  AND ttls ? template THEN 'expired' ELSE 'queued' END
  FROM taken WHERE m.id = taken.id RETURNING m.*
$$;

-- Writes what came of many tries: [{id, state, sent_at, error, next_at, attempts}]. A receipt that came first stays.
CREATE OR REPLACE FUNCTION notify_settle(outcomes jsonb) RETURNS void
LANGUAGE sql SET search_path = public, pg_temp AS $$
  UPDATE notify_message m SET state = o.state, sent_at = o.sent_at, error = o.error, next_at = o.next_at,
    attempts = o.attempts
  FROM jsonb_to_recordset(outcomes) AS o(id uuid, state text, sent_at timestamptz, error text, next_at timestamptz,
    attempts int)
  WHERE m.id = o.id AND m.state = 'queued'
$$;
