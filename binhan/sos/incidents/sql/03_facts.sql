-- What is learnt after the press, what the resident may see of it, and the desk's receipt that it was shown.

-- The incident that a press stands for now: follows merges to the original (bounded, so a loop cannot hang).
CREATE OR REPLACE FUNCTION sos_incident_of(press uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off AS $$
  WITH RECURSIVE chain AS (
    SELECT i.id, i.original_id, 1 AS hop FROM sos_press p JOIN sos_incident i ON i.id = p.incident_id
      WHERE p.press_id = press
    UNION ALL
    SELECT i.id, i.original_id, hop + 1 FROM chain JOIN sos_incident i ON i.id = chain.original_id WHERE hop < 8)
  SELECT id FROM chain ORDER BY hop DESC LIMIT 1
$$;

-- A first fix may show that an incident opened without any location belongs to another ward: it moves there,
-- with its clock, and both wards' journals say so.
CREATE OR REPLACE FUNCTION sos_rehome(incident uuid, old_ward int, new_ward int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE sos_incident SET ward_id = new_ward, outside = false WHERE id = incident;
  UPDATE sos_press SET ward_id = new_ward WHERE incident_id = incident;
  UPDATE sos_fact SET ward_id = new_ward WHERE incident_id = incident;
  UPDATE clocks_clock SET ward_id = new_ward,
    due_at = CASE WHEN sos_desk_watches(new_ward) THEN due_at ELSE least(due_at, clock_timestamp()) END
    WHERE subject_id = incident;
END $$;

-- One fact onto its incident's own columns. `own`: from the one who raised it. Another reporter, whose incident was
-- merged into this one, may add a note or be under duress, but neither moves it elsewhere nor calls it a mistake.
DROP FUNCTION IF EXISTS sos_apply_fact(uuid, text, timestamptz, jsonb);
CREATE OR REPLACE FUNCTION sos_apply_fact(incident uuid, kind text, at timestamptz, data jsonb, own boolean)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT own AND kind NOT IN ('note', 'duress') THEN
    RETURN;
  ELSIF kind = 'fix' THEN
    -- The newest fix wins, unless it is far vaguer than one taken less than 30 s before it.
    UPDATE sos_incident SET lat = (data->>'lat')::float8, lon = (data->>'lon')::float8,
      accuracy_m = (data->>'accuracy_m')::float8, located_at = at, location_source = 'gps'
    WHERE id = incident AND (lat IS NULL OR location_source <> 'gps' OR (at >= located_at AND (
      at > located_at + interval '30 seconds'
      OR coalesce((data->>'accuracy_m')::float8, 1e6) <= 3 * coalesce(accuracy_m, 1e6))));
  ELSIF kind = 'kind' THEN
    UPDATE sos_incident i SET kind = data->>'kind',
      priority = CASE WHEN i.state = 'received' THEN least(i.priority, coalesce(data->>'priority', i.priority))
                      ELSE i.priority END WHERE id = incident;
  ELSIF kind = 'phone' THEN
    UPDATE sos_incident SET phone = data->>'phone' WHERE id = incident;
  ELSIF kind = 'note' THEN
    UPDATE sos_incident SET note = left(concat_ws(E'\n', nullif(note, ''), data->>'text'), 8000) WHERE id = incident;
  ELSIF kind IN ('cancel', 'safe') THEN
    UPDATE sos_incident SET cancel_requested_at = coalesce(cancel_requested_at, at) WHERE id = incident;
  ELSIF kind = 'duress' THEN
    UPDATE sos_incident SET duress = true, priority = 'P1',
      cancel_requested_at = CASE WHEN own THEN coalesce(cancel_requested_at, at) ELSE cancel_requested_at END
      WHERE id = incident;
  END IF;
END $$;

-- Store facts in order. Input and answer: docs/reference/hot-path.md. A repeated fact_id changes nothing.
CREATE OR REPLACE FUNCTION live_facts(facts jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off SET lock_timeout = '400ms' AS $$
DECLARE
  f record; inc record; n int;
  stamp timestamptz := clock_timestamp();
  answer jsonb[] := '{}'; wards int[] := '{}'; verbs text[] := '{}'; subjects uuid[] := '{}'; notes jsonb[] := '{}';
  slots int[] := '{}'; seqs bigint[]; places int;
BEGIN
  -- 1. Lock the incidents of all facts, in one order, so that two calls never wait for each other.
  PERFORM 1 FROM sos_incident WHERE id IN (
      SELECT sos_incident_of((e->>'press_id')::uuid) FROM jsonb_array_elements(facts) e) ORDER BY id FOR UPDATE;
  FOR f IN SELECT (e->>'fact_id')::uuid AS id, (e->>'press_id')::uuid AS press, e->>'kind' AS kind,
                  coalesce((e->>'at')::timestamptz, stamp) AS at, coalesce(e->'data', '{}') AS data,
                  (e->>'ward_id')::int AS ward, ord::int AS ord
           FROM jsonb_array_elements(facts) WITH ORDINALITY AS x(e, ord) ORDER BY ord
  LOOP
    -- 2. Whose incident is it now? In one of many presses from one source each stays `apart`: none speaks for it.
    SELECT i.id, i.ward_id, i.location_source, i.state, p.said, p.said_bytes,
           i.id = p.incident_id AND NOT i.one_source AS own, i.id = p.incident_id AND i.one_source AS apart,
           p.fixes < 60 + extract(epoch FROM stamp - p.received_at) AS in_pace
      INTO inc FROM sos_press p JOIN sos_incident i ON i.id = sos_incident_of(f.press) WHERE p.press_id = f.press;
    IF inc.id IS NULL THEN
      answer[f.ord] := jsonb_build_object('status', 'unknown', 'fact_id', f.id);
      CONTINUE;
    END IF;
    -- 3. Enough is enough, unless it was said before. Positions are never refused; of those that come faster than one a
    --    second only the newest is kept.
    IF NOT sos_may_say(f.kind, inc.said, inc.said_bytes, f.data) AND NOT EXISTS (SELECT 1 FROM sos_fact WHERE id = f.id)
    THEN
      answer[f.ord] := jsonb_build_object('status', 'full', 'fact_id', f.id);
      CONTINUE;
    ELSIF f.kind = 'fix' AND NOT inc.in_pace THEN
      PERFORM sos_apply_fact(inc.id, f.kind, least(f.at, stamp), f.data, inc.own);
      answer[f.ord] := jsonb_build_object('status', 'condensed', 'fact_id', f.id);
      CONTINUE;
    END IF;
    -- 4. Store it; what is stored already is only answered.
    INSERT INTO sos_fact (id, ward_id, incident_id, press_id, at, received_at, kind, by, data)
      VALUES (f.id, inc.ward_id, inc.id, f.press, least(f.at, stamp), stamp, f.kind, 'resident', f.data)
      ON CONFLICT (id) DO NOTHING;
    GET DIAGNOSTICS n = ROW_COUNT;
    answer[f.ord] := jsonb_build_object('status', CASE WHEN n = 1 THEN 'stored' ELSE 'repeat' END,
      'fact_id', f.id, 'incident_id', inc.id, 'ward_id', inc.ward_id);
    CONTINUE WHEN n = 0;
    UPDATE sos_press SET said = said + (f.kind <> 'fix')::int, fixes = fixes + (f.kind = 'fix')::int,
      said_bytes = said_bytes + CASE WHEN f.kind = 'fix' THEN 0 ELSE octet_length(f.data::text) END
      WHERE press_id = f.press RETURNING fixes INTO places;
    IF f.kind = 'fix' AND places >= 200 AND places % 100 = 0 THEN
      PERFORM sos_thin_trace(f.press);
    END IF;
    -- 5. A first fix in another ward takes the incident there.
    IF f.kind = 'fix' AND inc.location_source = 'none' AND f.ward IS NOT NULL AND f.ward <> inc.ward_id
       AND inc.state = 'received' AND inc.own THEN
      PERFORM sos_rehome(inc.id, inc.ward_id, f.ward);
      wards := wards || inc.ward_id; verbs := verbs || 'moved_out'::text; subjects := subjects || inc.id;
      notes := notes || jsonb_build_object('to_ward', f.ward); slots := slots || 0;
      wards := wards || f.ward; verbs := verbs || 'raise'::text; subjects := subjects || inc.id;
      notes := notes || jsonb_build_object('from_ward', inc.ward_id, 'press_id', f.press); slots := slots || 0;
      inc.ward_id := f.ward;
      answer[f.ord] := answer[f.ord] || jsonb_build_object('ward_id', f.ward);
    END IF;
    -- 6. Apply it to the incident, and note what the journal will say.
    IF NOT inc.apart THEN
      PERFORM sos_apply_fact(inc.id, f.kind, least(f.at, stamp), f.data, inc.own);
    END IF;
    wards := wards || inc.ward_id; verbs := verbs || f.kind; subjects := subjects || inc.id;
    notes := notes || jsonb_strip_nulls(jsonb_build_object('fact_id', f.id, 'accuracy_m', f.data->'accuracy_m',
                                                          'level', f.data->'level', 'sos_kind', f.data->'kind',
                                                          'of_press', CASE WHEN NOT inc.own THEN f.press END,
                                                          'apart', CASE WHEN inc.apart THEN true END));
    slots := slots || f.ord;
  END LOOP;
  -- 7. The journal last, because it takes the head rows; each answer learns its number.
  seqs := journal_append_rows(wards, array_fill('resident'::text, ARRAY[cardinality(wards)]), verbs,
                              array_fill('incident'::text, ARRAY[cardinality(wards)]), subjects, notes);
  FOR n IN 1 .. cardinality(slots) LOOP
    IF slots[n] > 0 THEN answer[slots[n]] := answer[slots[n]] || jsonb_build_object('seq', seqs[n]); END IF;
  END LOOP;
  RETURN to_jsonb(answer);
END $$;

-- Everything the resident's page may know of one press; null for an unknown one. Duress shows as a cancel.
-- Who was merged into another's incident sees its progress and what the desk says to all, never another's own words.
CREATE OR REPLACE FUNCTION live_status(press uuid) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off AS $$
  SELECT jsonb_build_object(
    'press_id', press, 'incident_id', i.id, 'ward_id', i.ward_id,
    'ward_name', (SELECT full_name FROM places_ward w WHERE w.ward_id = i.ward_id), 'state', i.state, 'kind', i.kind,
    'stored_at', journal_time(p.received_at), 'seen_at', journal_time(i.seen_at),
    'acknowledged_at', journal_time(i.acknowledged_at), 'coming_at', journal_time(i.coming_at),
    'arrived_at', journal_time(i.arrived_at), 'resolved_at', journal_time(i.resolved_at),
    'closed_at', journal_time(i.closed_at), 'agency', nullif(i.agency, ''),
    'outcome_public', CASE WHEN i.outcome = '' THEN NULL
      WHEN i.outcome LIKE 'false\_%' OR i.outcome IN ('no_trace', 'other') THEN 'closed' ELSE i.outcome END,
    'cancel_requested_at', (SELECT journal_time(min(f.at)) FROM sos_fact f
      WHERE f.press_id = ANY (own.presses) AND f.kind IN ('cancel', 'safe', 'duress')),
    'merged', p.merged, 'outside', i.outside,
    'eta_s', (SELECT min(a.eta_s - extract(epoch FROM clock_timestamp() - coalesce(a.en_route_at, a.accepted_at)))
              FROM sos_assignment a WHERE a.incident_id = i.id AND a.state IN ('accepted', 'en_route')),
    'units', coalesce((SELECT jsonb_agg(jsonb_build_object('call_sign', u.call_sign, 'kind', u.kind, 'state', a.state,
        'eta_s', a.eta_s) ORDER BY a.offered_at) FROM sos_assignment a JOIN patrol_unit u ON u.id = a.unit_id
        WHERE a.incident_id = i.id AND a.state IN ('accepted', 'en_route', 'on_scene')), '[]'),
    'seq', (SELECT seq FROM journal_head h WHERE h.ward_id = i.ward_id)) || live_messages(press, NULL)
  FROM sos_press p JOIN sos_incident i ON i.id = sos_incident_of(press)
    CROSS JOIN LATERAL (SELECT sos_own_presses(press) AS presses) own
  WHERE p.press_id = press
$$;

-- The presses of the same person: a device's that joined its own incident. Presses from one source that were collapsed
-- into one incident are strangers to each other.
CREATE OR REPLACE FUNCTION sos_own_presses(press uuid) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off AS $$
  SELECT CASE WHEN i.one_source THEN ARRAY[press]
              ELSE (SELECT array_agg(q.press_id) FROM sos_press q WHERE q.incident_id = p.incident_id) END
  FROM sos_press p JOIN sos_incident i ON i.id = p.incident_id WHERE p.press_id = press
$$;

-- The chat of one press, oldest first: its latest 50 lines, or the 50 before the line `before`. `messages_older`: ask
-- with it for those before; null at the beginning. `messages_total`: how many there are in all.
CREATE OR REPLACE FUNCTION live_messages(press uuid, before uuid) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off AS $$
  WITH lines AS MATERIALIZED (
    SELECT f.id, f.received_at, f.by, f.data->>'text' AS text FROM sos_fact f
    WHERE f.kind = 'chat' AND f.press_id = ANY (sos_own_presses(press))
    UNION ALL
    SELECT f.id, f.received_at, f.by, f.data->>'text' FROM sos_fact f
    WHERE f.kind = 'chat' AND f.press_id IS NULL AND f.incident_id IN (sos_incident_of(press),
      (SELECT p.incident_id FROM sos_press p WHERE p.press_id = press))
  ), page AS (
    SELECT *, row_number() OVER (ORDER BY received_at DESC, id DESC) AS k FROM lines WHERE before IS NULL
      OR (received_at, id) < (SELECT l.received_at, l.id FROM lines l WHERE l.id = before)
    ORDER BY received_at DESC, id DESC LIMIT 51
  )
  SELECT jsonb_build_object('messages', coalesce(jsonb_agg(jsonb_build_object('id', id, 'at', journal_time(received_at),
      'by', CASE WHEN by = 'resident' THEN 'resident' ELSE 'desk' END, 'text', text) ORDER BY received_at, id)
      FILTER (WHERE k <= 50), '[]'),
    'messages_older', CASE WHEN count(*) > 50 THEN max(id::text) FILTER (WHERE k = 50) END,
    'messages_total', (SELECT count(*) FROM lines)) FROM page
$$;

-- Those whom this ward's ladder calls by push, and none of whose devices has taken one for a minute: their names.
CREATE OR REPLACE FUNCTION sos_unreached(ward int) RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE since timestamptz := clock_timestamp() - interval '1 minute';
BEGIN
  IF NOT EXISTS (SELECT FROM notify_push_subscription WHERE failed_at < since) THEN
    RETURN '{}';  -- nearly always, and asked by every desk every few seconds
  END IF;
  RETURN (SELECT coalesce(array_agg(DISTINCT a.display_name ORDER BY a.display_name), '{}')
    FROM sos_posts(ARRAY[ward], clock_timestamp()) p JOIN people_account a ON a.id = p.account
    WHERE EXISTS (SELECT FROM notify_push_subscription s WHERE s.account_id = a.id)
      AND NOT EXISTS (SELECT FROM notify_push_subscription s WHERE s.account_id = a.id
                      AND (s.failed_at IS NULL OR s.failed_at >= since)));
END $$;

-- The desk's receipt: these incidents were really painted on a visible screen. Returns the newly seen ones, how many
-- of them are the ward's at all, and who cannot be reached by push.
CREATE OR REPLACE FUNCTION live_rendered(ward int, actor text, ids uuid[]) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off SET lock_timeout = '400ms' AS $$
DECLARE newly uuid[]; n int;
BEGIN
  WITH rows AS (SELECT id FROM sos_incident WHERE id = ANY (ids) AND ward_id = ward AND seen_at IS NULL
                ORDER BY id FOR UPDATE),
  done AS (UPDATE sos_incident i SET seen_at = clock_timestamp() FROM rows WHERE i.id = rows.id RETURNING i.id)
  SELECT array_agg(id ORDER BY id) INTO newly FROM done;
  n := coalesce(cardinality(newly), 0);
  IF n > 0 THEN
    PERFORM journal_append_rows(array_fill(ward, ARRAY[n]), array_fill(actor, ARRAY[n]),
      array_fill('seen'::text, ARRAY[n]), array_fill('incident'::text, ARRAY[n]), newly,
      array_fill('{}'::jsonb, ARRAY[n]));
  END IF;
  RETURN jsonb_build_object('seen', coalesce(to_jsonb(newly), '[]'), 'at', journal_time(clock_timestamp()),
    'known', (SELECT count(*) FROM sos_incident WHERE id = ANY (ids) AND ward_id = ward),
    'unreached', to_jsonb(sos_unreached(ward)));
END $$;

-- A desk says that it watches; a row belongs to the account whose stream it is.
CREATE OR REPLACE FUNCTION live_presence_beat(stream uuid, ward int, account uuid, visible boolean) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO live_presence AS p (stream_id, ward_id, account_id, seen_at, visible)
  VALUES (stream, ward, account, clock_timestamp(), visible)
  ON CONFLICT (stream_id) DO UPDATE SET seen_at = excluded.seen_at, visible = excluded.visible
    WHERE (p.ward_id, p.account_id) = (excluded.ward_id, excluded.account_id)
$$;

CREATE OR REPLACE FUNCTION live_presence_drop(stream uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DELETE FROM live_presence WHERE stream_id = stream OR seen_at < clock_timestamp() - interval '1 day'
$$;

-- Of these presses those whose incident is of a ward whose journal somebody else holds just now: {press: ward}.
CREATE OR REPLACE FUNCTION live_held_presses(presses text[]) RETURNS jsonb
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH at AS MATERIALIZED (
    SELECT p AS press, i.ward_id FROM unnest(presses) p JOIN sos_incident i ON i.id = sos_incident_of(p::uuid)
  ), held AS MATERIALIZED (
    SELECT live_held_wards((SELECT array_agg(DISTINCT ward_id::text) FROM at)) AS wards)
  SELECT coalesce(jsonb_object_agg(press, ward_id), '{}') FROM at, held WHERE wards ? ward_id::text
$$;
