-- Opening an incident: one writer for both doors (the hot path and Django's phone intake).

-- True if some desk has had this ward on screen within the last 10 seconds.
CREATE OR REPLACE FUNCTION sos_desk_watches(ward int) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM live_presence WHERE ward_id = ward AND visible
                 AND seen_at > clock_timestamp() - interval '10 seconds')
$$;

-- The ladders of some wards at a time: a ward's own rungs if it has any then, otherwise the national default.
CREATE OR REPLACE FUNCTION sos_ladders(wards int[], at timestamptz)
RETURNS TABLE (w int, rung int, after_s int, audience text[], channels text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH holding AS MATERIALIZED (
    SELECT r.* FROM sos_rung r WHERE (r.ward_id = 0 OR r.ward_id = ANY (wards))
      AND r.valid_from <= at AND (r.valid_to IS NULL OR r.valid_to > at)
  ), own AS MATERIALIZED (SELECT DISTINCT ward_id FROM holding)
  SELECT DISTINCT ON (x.w, r.rung) x.w, r.rung, r.after_s, r.audience, r.channels
  FROM unnest(wards) AS x(w)
    JOIN holding r ON r.ward_id = CASE WHEN x.w IN (SELECT ward_id FROM own) THEN x.w ELSE 0 END
  ORDER BY x.w, r.rung, r.valid_from DESC
$$;

CREATE OR REPLACE FUNCTION sos_ladder(ward int, at timestamptz)
RETURNS TABLE (rung int, after_s int, audience text[], channels text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT rung, after_s, audience, channels FROM sos_ladders(ARRAY[ward], at)
$$;

-- When the first rung of a press received at `at` is due: at once if no desk watches the ward.
CREATE OR REPLACE FUNCTION sos_first_rung_at(ward int, at timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT CASE WHEN sos_desk_watches(ward)
              THEN at + coalesce((SELECT min(after_s) FROM sos_ladder(ward, at)), 15) * interval '1 second'
              ELSE at END
$$;

-- A device that has pressed this often within a minute joins its own open incident instead of opening another.
CREATE OR REPLACE FUNCTION sos_device_incident(device uuid, ward int, at timestamptz) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off AS $$
  SELECT CASE WHEN count(*) >= 3 THEN (array_agg(id ORDER BY received_at DESC)
                                       FILTER (WHERE state IN ('received', 'acknowledged', 'responding')))[1] END
  FROM sos_incident WHERE device_id = device AND ward_id = ward AND received_at > at - interval '60 seconds'
$$;

-- What each press of a batch is answered, in their order; `fresh` are the new ones, with their numbers in the journal.
CREATE OR REPLACE FUNCTION sos_press_answers(presses jsonb, fresh uuid[], seqs bigint[]) RETURNS jsonb
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off AS $$
  SELECT jsonb_agg(jsonb_build_object(
      'press_id', s.press_id, 'incident_id', s.incident_id, 'ward_id', s.ward_id, 'at', journal_time(s.received_at),
      'seen_at', CASE WHEN f.press_id IS NULL THEN
                   (SELECT journal_time(seen_at) FROM sos_incident i WHERE i.id = s.incident_id) END,
      'merged', s.merged, 'seq', f.seq,
      'status', CASE WHEN s.body_hash <> decode(raw.body_hash, 'hex') THEN 'conflict'
                     WHEN f.press_id IS NULL OR raw.nth > 1 THEN 'repeat'
                     WHEN s.merged THEN 'merged' ELSE 'created' END) ORDER BY raw.ord)
    FROM (SELECT (e->>'press_id')::uuid AS press_id, e->>'body_hash' AS body_hash, ord,
                 row_number() OVER (PARTITION BY e->>'press_id' ORDER BY ord) AS nth
          FROM jsonb_array_elements(presses) WITH ORDINALITY AS x(e, ord)) raw
    JOIN sos_press s USING (press_id)
    LEFT JOIN unnest(fresh, seqs) AS f(press_id, seq) USING (press_id)
$$;

-- Opens (or joins, or recognises) each press of the batch. Input and answer: see docs/reference/hot-path.md.
-- One call is one transaction; rows are locked before heads; a repeated press_id changes nothing.
CREATE OR REPLACE FUNCTION live_open(presses jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off SET lock_timeout = '400ms' AS $$
DECLARE
  stamp timestamptz := clock_timestamp();
  wards int[]; verbs text[]; subjects uuid[]; facts jsonb[]; fresh uuid[]; seqs bigint[];
  named jsonb; crowds jsonb := '{}';
BEGIN
  IF session_user = 'binhan_app' THEN
    PERFORM binhan_check_ward((p->>'ward_id')::int) FROM jsonb_array_elements(presses) p;
  END IF;
  -- 1. What goes beyond all measure for one source joins that source's own incident (05_sources.sql).
  named := sos_count_sources(presses, stamp);
  IF named <> '{}' THEN
    crowds := sos_open_crowds(presses, named, stamp);
  END IF;
  WITH
  -- 2. The presses as they came, in their order.
  raw AS MATERIALIZED (
    SELECT * FROM ROWS FROM (jsonb_to_recordset(presses) AS (
      press_id uuid, ward_id int, body_hash text, at timestamptz, lat float8, lon float8, accuracy_m float8,
      kind text, priority text, silent boolean, place_code text, location_source text, phone text, note text,
      lang text, device_id uuid, outside boolean, channel text, drill boolean)) WITH ORDINALITY AS p(
      press_id, ward_id, body_hash, at, lat, lon, accuracy_m, kind, priority, silent, place_code, location_source,
      phone, note, lang, device_id, outside, channel, drill, ord)
  ),
  -- 3. Each press_id once; one of a device that presses again and again joins that device's open incident.
  p AS MATERIALIZED (
    SELECT DISTINCT ON (press_id) *, coalesce((named->>press_id::text)::uuid, CASE WHEN device_id IS NOT NULL
      THEN sos_device_incident(device_id, ward_id, stamp) END) AS joins
    FROM raw ORDER BY press_id, ord
  ),
  -- 4. Remember each press; one that is known already changes nothing from here on.
  new AS (
    INSERT INTO sos_press (press_id, ward_id, incident_id, received_at, body_hash, merged)
    SELECT press_id, ward_id, coalesce(joins, press_id), stamp, decode(body_hash, 'hex'), joins IS NOT NULL FROM p
    ON CONFLICT (press_id) DO NOTHING RETURNING press_id, incident_id, merged
  ),
  -- 5. Open an incident for each new press that joins none,
  opened AS (
    INSERT INTO sos_incident (id, ward_id, state, level, priority, kind, silent, channel, lat, lon, accuracy_m,
      located_at, location_source, place_code, phone, note, lang, device_id, outside, drill, repeats, pressed_at,
      received_at, outcome, outcome_note, agency, duress, moved_by, moved_verb, moved_at)
    SELECT p.press_id, ward_id, 'received', 0, coalesce(priority, 'P1'), coalesce(kind, 'unknown'),
      coalesce(silent, false), coalesce(channel, 'web'), lat, lon, accuracy_m,
      CASE WHEN lat IS NOT NULL THEN least(p.at, stamp) END, coalesce(location_source, 'none'), place_code, phone,
      coalesce(note, ''), coalesce(lang, 'vi'), device_id, coalesce(outside, false), coalesce(drill, false), 0,
      p.at, stamp, '', '', '', false, 'resident', 'raise', stamp
    FROM p JOIN new USING (press_id) WHERE NOT new.merged
  ),
  -- 6. with a clock for its first rung, which is due at once where no desk watches,
  due AS (
    SELECT w, sos_first_rung_at(w, stamp) AS due_at FROM (SELECT DISTINCT ward_id AS w FROM p) x
  ),
  clocks AS (
    INSERT INTO clocks_clock (ward_id, subject_kind, subject_id, policy, verb, rung, due_at, set_at, failures)
    SELECT ward_id, 'incident', p.press_id, 'sos.ack_within', 'escalate', 1, due_at, stamp, 0
    FROM p JOIN new USING (press_id) JOIN due ON due.w = p.ward_id WHERE NOT new.merged
  ),
  -- 7. and count the joins on the incident that was joined.
  again AS (
    UPDATE sos_incident i SET repeats = repeats + n.times
    FROM (SELECT incident_id, count(*) AS times FROM new WHERE merged GROUP BY 1) n WHERE i.id = n.incident_id
  )
  -- 8. Hand over what the journal will say, in the order of the presses.
  SELECT array_agg(p.ward_id ORDER BY p.ord),
         array_agg(CASE WHEN new.merged THEN 'merge_press' ELSE 'raise' END ORDER BY p.ord),
         array_agg(new.incident_id ORDER BY p.ord),
         array_agg(jsonb_build_object('press_id', p.press_id, 'kind', coalesce(p.kind, 'unknown'),
           'priority', coalesce(p.priority, 'P1'), 'silent', coalesce(p.silent, false),
           'channel', coalesce(p.channel, 'web'), 'location', coalesce(p.location_source, 'none'),
           'outside', coalesce(p.outside, false), 'drill', coalesce(p.drill, false)) ORDER BY p.ord),
         array_agg(p.press_id ORDER BY p.ord)
    INTO wards, verbs, subjects, facts, fresh
    FROM p JOIN new USING (press_id);
  IF named <> '{}' THEN
    PERFORM sos_keep_collapsed(presses, named, fresh, stamp);
  END IF;
  -- 9. An incident of many is raised before what joins it,
  IF crowds <> '{}' THEN
    SELECT array_agg(value::int) || wards, array_agg('raise'::text) || verbs, array_agg(key::uuid) || subjects,
      array_agg(jsonb_build_object('kind', 'unknown', 'priority', 'P1', 'silent', false, 'channel', 'web',
        'location', 'none', 'outside', false, 'one_source', true,
        'drill', (SELECT i.drill FROM sos_incident i WHERE i.id = key::uuid))) || facts,
      array_agg(NULL::uuid) || fresh
      INTO wards, verbs, subjects, facts, fresh FROM jsonb_each_text(crowds);
  END IF;
  -- 10. and the journal comes last, because it takes the head rows.
  IF fresh IS NOT NULL THEN
    seqs := journal_append_rows(wards, array_fill('resident'::text, ARRAY[cardinality(wards)]), verbs,
                                array_fill('incident'::text, ARRAY[cardinality(wards)]), subjects, facts);
  END IF;
  -- 11. Answer every press, the repeated ones too, in their order.
  RETURN sos_press_answers(presses, fresh, seqs);
END $$;
