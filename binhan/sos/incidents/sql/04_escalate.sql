-- The ladder: due clocks of incidents, a whole batch in one transaction, each rung once.

-- Whom each post of some wards calls: who sits in its duty seat and who holds its role, unless out of service.
CREATE OR REPLACE FUNCTION sos_posts(wards int[], at timestamptz) RETURNS TABLE (w int, post text, account uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT x.ward_id, x.post, x.account_id FROM (
    SELECT s.ward_id, CASE s.seat WHEN 'lead' THEN 'shift_lead' WHEN 'chief' THEN 'ward_chief' ELSE 'second_seat' END
      AS post, s.account_id FROM desk_shift s WHERE s.ward_id = ANY (wards) AND s.ended_at IS NULL
    UNION
    SELECT g.ward_id, r.post, g.account_id FROM access_grant g
      JOIN (VALUES ('desk_officer', 'second_seat'), ('shift_lead', 'shift_lead'), ('leadership', 'ward_chief'),
                   ('city_centre', 'city_centre')) r(role, post) USING (role)
      WHERE g.ward_id = ANY (wards) AND g.valid_from <= at AND (g.valid_to IS NULL OR g.valid_to > at)
  ) x WHERE NOT EXISTS (SELECT 1 FROM people_account p WHERE p.id = x.account_id AND NOT p.is_active)
$$;

-- Accounts that a rung of one ward calls.
CREATE OR REPLACE FUNCTION sos_audience(ward int, audience text[], at timestamptz) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT binhan_check_ward(ward);
  SELECT DISTINCT account FROM sos_posts(ARRAY[ward], at) WHERE post = ANY (audience)
$$;

-- Writes the messages of some climbs (id, ward_id, state, verb, level, rung, step: the rung of the ward's ladder,
-- audience, channels). In-app ones are delivered by being written; for the others only whom they lead to gets one.
CREATE OR REPLACE FUNCTION sos_call(climbs jsonb, carried text[], stamp timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
  WITH
  climbed AS MATERIALIZED (
    SELECT c.*, c.state = 'received' AS unseen, c.verb = 'remind' AS one
    FROM jsonb_to_recordset(climbs) AS c(id uuid, ward_id int, state text, verb text, level int, rung int,
      step int, audience text[], channels text[])
  ),
  -- 1. How many wait in these wards: unacknowledged ones, and open ones that are.
  waiting AS MATERIALIZED (
    SELECT ward_id, state = 'received' AS unseen, count(*) AS n FROM sos_incident
    WHERE ward_id IN (SELECT ward_id FROM climbed) AND state IN ('received', 'acknowledged', 'responding')
    GROUP BY ward_id, state = 'received'
  ),
  -- 2. What is said: of each incident by itself, but where more than ten wait, of all of them at once for each rung. A
  --    reminder to close one is of that one.
  said AS (
    SELECT c.ward_id, c.audience, c.channels, coalesce(w.n, 0) > 10 AND NOT one AS many, c.step, one,
      CASE WHEN coalesce(w.n, 0) > 10 AND NOT one THEN CASE WHEN c.unseen THEN 'sos_many' ELSE 'sos_many_late' END
           WHEN c.state IN ('acknowledged', 'responding') THEN 'sos_overdue' ELSE 'sos_' || c.verb END AS template,
      CASE WHEN coalesce(w.n, 0) > 10 AND NOT one THEN NULL ELSE c.id END AS subject,
      CASE WHEN coalesce(w.n, 0) > 10 AND NOT one THEN jsonb_build_object('n', w.n, 'rung', c.step)
           ELSE jsonb_build_object('level', c.level, 'rung', c.rung) END AS params
    FROM climbed c LEFT JOIN waiting w USING (ward_id, unseen)
  ),
  -- 3. To whom: once, also who holds two posts.
  calls AS (
    SELECT DISTINCT s.ward_id, p.account, ch.channel, s.many, s.step, s.one, s.template, s.subject, s.params
    FROM said s JOIN sos_posts((SELECT array_agg(DISTINCT ward_id) FROM climbed), stamp) p
      ON p.w = s.ward_id AND p.post = ANY (s.audience) CROSS JOIN LATERAL unnest(s.channels) ch(channel)
    WHERE CASE ch.channel  -- one unknown channel must not stop every ladder
      WHEN 'inapp' THEN true
      WHEN 'webpush' THEN EXISTS (SELECT FROM notify_push_subscription b WHERE b.account_id = p.account)
      WHEN 'email' THEN 'email' = ANY (carried) AND EXISTS (
        SELECT FROM people_account a WHERE a.id = p.account AND a.email <> '')
      ELSE false END
  )
  -- 4. What is said of all at once is not said again within half a minute.
  INSERT INTO notify_message (id, ward_id, account_id, channel, template, subject_kind, subject_id, params, urgency,
                              state, sent_at, attempts, next_at, created_at, error)
  SELECT gen_random_uuid(), c.ward_id, c.account, c.channel, c.template,
    CASE WHEN c.many THEN 'ward' ELSE 'incident' END,
    c.subject, c.params,
    CASE WHEN c.one THEN 2 WHEN c.step = 1 THEN 0 ELSE 1 END,  -- rules.Urgency: a first rung, later ones, reminders
    CASE WHEN c.channel = 'inapp' THEN 'sent' ELSE 'queued' END, CASE WHEN c.channel = 'inapp' THEN stamp END,
    0, stamp, stamp, ''
  FROM calls c WHERE NOT (c.many AND EXISTS (
    SELECT FROM notify_message m
    WHERE m.account_id = c.account AND m.created_at BETWEEN stamp - interval '30 seconds' AND stamp
      AND (m.ward_id, m.channel, m.template) = (c.ward_id, c.channel, c.template)
      AND m.params ->> 'rung' = c.step::text))
$$;

-- Claims up to `lim` due incident clocks that nobody else holds, climbs each, and sets its next clock.
-- Returns how many were climbed in which wards: {ward: n}. An incident that somebody is moving right now is left for
-- the next look, and so are the wards `without`, whose journal somebody holds. `carried`: the channels by which this
-- installation can send at all.
--
-- One statement on purpose: the steps share what was claimed, and a thousand rungs that fall due in the same second
-- cost one round through the tables (docs/adr/0004-climbing-in-sql.md). Each step is told where it stands.
DROP FUNCTION IF EXISTS sos_escalate_due(int, int[]);
CREATE OR REPLACE FUNCTION sos_escalate_due(lim int, without int[], carried text[] DEFAULT ARRAY['inapp', 'webpush'])
RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off SET lock_timeout = '400ms' AS $$
DECLARE
  stamp timestamptz := clock_timestamp();
  wards int[]; verbs text[]; subjects uuid[]; facts jsonb[]; climbs jsonb; n int;
BEGIN
  WITH
  -- 1. Claim: the due clocks that no other worker holds, the longest overdue first.
  claimed AS MATERIALIZED (
    SELECT id, subject_id, policy, verb, rung, due_at, set_at FROM clocks_clock
    WHERE due_at <= stamp AND subject_kind = 'incident' AND verb IN ('escalate', 'remind')
      AND ward_id = ANY ((SELECT access_served_wards())::int[])  -- asked once; a ward out of service holds nobody up
      AND NOT ward_id = ANY (without)
    ORDER BY due_at LIMIT lim FOR UPDATE SKIP LOCKED
  ),
  -- 2. Hold: their incidents, but for those that somebody is moving right now.
  held AS MATERIALIZED (
    SELECT i.id, i.ward_id, i.state, i.level, i.priority FROM sos_incident i
    WHERE i.id IN (SELECT subject_id FROM claimed) ORDER BY i.id FOR UPDATE SKIP LOCKED
  ),
  -- 3. Look up, once for all of them: the ladders of their wards, and how long each wait may last there.
  wards_now AS MATERIALIZED (
    SELECT array_agg(DISTINCT ward_id) AS ids, array_agg(DISTINCT priority) AS urgencies FROM held
  ),
  ladder AS MATERIALIZED (SELECT l.* FROM wards_now, sos_ladders(ids, stamp) l),
  lengths AS MATERIALIZED (SELECT p.* FROM wards_now, clock_policies_s(ids, urgencies, ARRAY['sos.repeat_within',
    'sos.dispatch_within', 'sos.arrive_within', 'sos.close_within'], stamp) p),
  -- 4. Climb: for each, the rung it stands on now (`cur`) and the one after it (`nxt`); from these its new level, whom
  --    it calls and by which channels, and when, and as which rung, its clock goes off next.
  climbed AS MATERIALIZED (
    SELECT c.id AS clock_id, greatest(c.rung, cur.rung) AS rung, c.due_at, c.policy, c.verb, h.id, h.ward_id, h.state,
      CASE WHEN c.verb = 'remind' THEN h.level WHEN h.state = 'received' THEN greatest(h.level, cur.rung)
           ELSE h.level + 1 END AS level,
      coalesce(cur.audience, CASE WHEN c.verb = 'remind' THEN ARRAY['second_seat']
                                  ELSE ARRAY['second_seat', 'shift_lead'] END) AS audience,
      coalesce(cur.channels, ARRAY['inapp', 'webpush']) AS channels, coalesce(cur.rung, 0) AS step,
      CASE WHEN h.state = 'received' AND nxt.rung IS NOT NULL
             THEN greatest(c.set_at + nxt.after_s * interval '1 second', c.due_at)
           WHEN h.state = 'received'  -- beyond the last rung: the same people again, once a minute
             THEN greatest(c.due_at, stamp - interval '1 second') + coalesce(len_repeat.s, 60) * interval '1 second'
           ELSE stamp + coalesce(len.s, 300) * interval '1 second' END AS next_due,
      -- beyond the last rung the numbers go on: each repeat of it is a rung of its own
      coalesce(nxt.rung, greatest(c.rung, cur.rung) + 1) AS next_rung,
      -- A press's clock keeps the moment its rungs are counted from; where the machine's clock is set, it moves too.
      CASE WHEN h.state = 'received' AND nxt.rung IS NOT NULL THEN c.set_at ELSE stamp END AS next_set
    FROM claimed c JOIN held h ON h.id = c.subject_id
    LEFT JOIN LATERAL (SELECT * FROM ladder l WHERE l.w = h.ward_id AND h.state = 'received'  -- a ladder may start at 2
                       ORDER BY l.rung <= c.rung DESC, abs(l.rung - c.rung) LIMIT 1) cur ON true
    LEFT JOIN LATERAL (SELECT * FROM ladder l WHERE l.w = h.ward_id AND h.state = 'received'  -- or have gaps
                       AND l.rung > greatest(c.rung, cur.rung) ORDER BY l.rung LIMIT 1) nxt ON true
    LEFT JOIN lengths len_repeat ON (len_repeat.w, len_repeat.urgency) = (h.ward_id, h.priority)
      AND len_repeat.name = 'sos.repeat_within'
    LEFT JOIN lengths len ON (len.w, len.urgency) = (h.ward_id, h.priority) AND len.name = c.policy
    WHERE h.state IN ('received', 'acknowledged', 'responding', 'resolved')
  ),
  -- 5. Write the new level onto the incident,
  moved AS (
    UPDATE sos_incident i SET level = c.level, escalated_at = stamp FROM climbed c WHERE i.id = c.id
  ),
  -- 6. set its clock to the next rung,
  rearmed AS (
    UPDATE clocks_clock k SET rung = c.next_rung, due_at = c.next_due, set_at = c.next_set
    FROM climbed c WHERE k.id = c.clock_id
  ),
  -- 7. throw away a clock whose incident has ended: nothing waits, so nothing fires,
  orphaned AS (
    DELETE FROM clocks_clock k USING claimed c
    WHERE k.id = c.id AND EXISTS (SELECT 1 FROM sos_incident i WHERE i.id = c.subject_id
                                  AND i.state IN ('closed', 'duplicate', 'transferred'))
  )
  -- 8. Hand over whom to call, and what the journal will say, the longest overdue first.
  SELECT array_agg(ward_id ORDER BY due_at, id), array_agg(verb ORDER BY due_at, id),
    array_agg(id ORDER BY due_at, id),
    array_agg(jsonb_build_object('level', level, 'rung', rung, 'state', state, 'due_at', journal_time(due_at),
      'late_ms', round(extract(epoch FROM stamp - due_at) * 1000), 'audience', to_jsonb(audience))
      ORDER BY due_at, id),
    jsonb_agg(jsonb_build_object('id', id, 'ward_id', ward_id, 'state', state, 'verb', verb, 'level', level,
      'rung', rung, 'step', step, 'audience', audience, 'channels', channels))
    INTO wards, verbs, subjects, facts, climbs FROM climbed;
  n := coalesce(cardinality(wards), 0);
  -- 9. The messages, then the journal last, because it takes the head rows.
  IF n > 0 THEN
    PERFORM sos_call(climbs, carried, stamp);
    PERFORM journal_append_rows(wards, array_fill('clock'::text, ARRAY[n]), verbs,
                                array_fill('incident'::text, ARRAY[n]), subjects, facts);
  END IF;
  RETURN (SELECT coalesce(jsonb_object_agg(w, times), '{}')
          FROM (SELECT w, count(*) AS times FROM unnest(wards) w GROUP BY w) x);
END $$;

-- Wards where a press still waits for its first rung although no desk has it on screen any more.
CREATE OR REPLACE FUNCTION sos_unwatched() RETURNS int[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(w.ward_id), '{}') FROM (
    SELECT DISTINCT ward_id FROM clocks_clock WHERE subject_kind = 'incident' AND policy = 'sos.ack_within' AND rung = 1
      -- a first rung is never an hour away: the long clocks of casework are not walked through
      AND due_at > clock_timestamp() AND due_at < clock_timestamp() + interval '1 hour') w
  WHERE NOT sos_desk_watches(w.ward_id)
$$;

-- Makes the first rung of every press that waits in these wards due now. Returns how many.
CREATE OR REPLACE FUNCTION sos_hurry(wards int[]) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE n int;
BEGIN
  PERFORM binhan_check_ward(w) FROM unnest(wards) w;
  UPDATE clocks_clock SET due_at = clock_timestamp() WHERE id IN (
    SELECT id FROM clocks_clock WHERE subject_kind = 'incident' AND policy = 'sos.ack_within' AND rung = 1
      AND due_at > clock_timestamp() AND ward_id = ANY (wards) ORDER BY id FOR UPDATE SKIP LOCKED);
  GET DIAGNOSTICS n = ROW_COUNT;
  RETURN n;
END $$;
