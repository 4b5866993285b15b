-- How much one source and one press may do before the desk drowns in it. Nobody is refused for pressing.

-- How often each source has pressed in a ward. `source` is a keyed hash of a network, never an address. Unlogged:
-- after a crash everybody starts anew. No other index: one row more for each press must not cost two.
CREATE UNLOGGED TABLE IF NOT EXISTS live_source (
  ward_id int NOT NULL, source bytea NOT NULL, began_at timestamptz NOT NULL, last_at timestamptz NOT NULL,
  times int NOT NULL, is_over boolean NOT NULL, incident_id uuid, PRIMARY KEY (ward_id, source)) WITH (fillfactor = 50);

-- Presses of one source in one ward within a minute that each open an incident of their own. A carrier may put hundreds
-- of people behind one address: even when a market burns they do not press sixty times a minute in one ward, while one
-- machine presses a thousand times a second.
-- Those that do not know yet where they are stand in the first ward, whoever's they are, until their first position
-- moves them: they are counted by themselves, and ten times as many may come. Drills are counted by themselves too: a
-- school that tries it out must not hide a real press.
CREATE OR REPLACE FUNCTION sos_source_limit(source bytea) RETURNS int LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN length(source) > 16 AND get_byte(source, 16) = 1 THEN 600 ELSE 60 END
$$;
DROP FUNCTION IF EXISTS sos_source_limit();

-- Counts new presses by their source, and returns those over the limit with the incident that they join: {press: id}.
-- A source that went over it stays so until a whole minute has passed in which it did not.
CREATE OR REPLACE FUNCTION sos_count_sources(presses jsonb, stamp timestamptz) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off AS $$
DECLARE over uuid[]; wards int[]; sources bytea[]; named jsonb;
BEGIN
  -- 1. Count, one row for each source; in one order, so that two calls never wait for each other.
  WITH unknown AS (
    SELECT press_id, ward_id, device_id, ord, decode(source, 'hex')
        || CASE WHEN drill THEN '\x02'::bytea WHEN lat IS NULL AND place_code IS NULL THEN '\x01' ELSE '' END AS source
    FROM (SELECT DISTINCT ON (press_id) * FROM ROWS FROM (jsonb_to_recordset(presses) AS (
            press_id uuid, ward_id int, source text, device_id uuid, drill boolean, lat float8, place_code text))
            WITH ORDINALITY AS x(press_id, ward_id, source, device_id, drill, lat, place_code, ord)
          WHERE source IS NOT NULL ORDER BY press_id, ord) raw
    -- as a look for each, not as a join: that may come to read all presses there ever were
    WHERE (SELECT s.press_id FROM sos_press s WHERE s.press_id = raw.press_id) IS NULL
  ), fresh AS MATERIALIZED (
    SELECT *, row_number() OVER (PARTITION BY ward_id, source ORDER BY ord) AS nth FROM unknown
  ), batch AS (
    SELECT ward_id, source, count(*)::int AS n FROM fresh GROUP BY 1, 2
  ), counted AS (
    INSERT INTO live_source AS s (ward_id, source, began_at, last_at, times, is_over)
    SELECT ward_id, source, stamp, stamp, n, false FROM batch ORDER BY 1, 2
    ON CONFLICT (ward_id, source) DO UPDATE SET last_at = stamp,
      began_at = CASE WHEN sos_minute_over(s.began_at, stamp) THEN stamp ELSE s.began_at END,
      times = excluded.times + CASE WHEN sos_minute_over(s.began_at, stamp) THEN 0 ELSE s.times END,
      is_over = CASE WHEN sos_minute_over(s.began_at, stamp)
        THEN s.times > sos_source_limit(s.source) AND s.began_at > stamp - interval '2 minutes' ELSE s.is_over END
    RETURNING ward_id, source, times, is_over
  )
  -- 2. Which of them are too many? One of a device that joins its own incident stays with it.
  SELECT array_agg(f.press_id), array_agg(f.ward_id), array_agg(f.source) INTO over, wards, sources
    FROM counted c JOIN fresh f USING (ward_id, source) JOIN batch b USING (ward_id, source)
    WHERE (c.is_over OR c.times - b.n + f.nth > sos_source_limit(f.source))
      AND (f.device_id IS NULL OR sos_device_incident(f.device_id, f.ward_id, stamp) IS NULL);
  IF over IS NULL THEN
    RETURN '{}';
  END IF;
  -- 3. Each of these sources has one open incident in the ward; where it has none, the next is named here.
  UPDATE live_source s SET incident_id = gen_random_uuid() FROM unnest(wards, sources) AS o(ward_id, source)
    WHERE (s.ward_id, s.source) = (o.ward_id, o.source) AND NOT EXISTS (
      SELECT 1 FROM sos_incident i WHERE i.id = s.incident_id AND i.ward_id = s.ward_id
                                     AND i.state IN ('received', 'acknowledged', 'responding'));
  SELECT jsonb_object_agg(o.press_id, s.incident_id) INTO named
    FROM unnest(over, wards, sources) AS o(press_id, ward_id, source) JOIN live_source s USING (ward_id, source);
  RETURN named;
END $$;

-- Whether the minute that began then is over. A clock that was set back by more than a minute ends it too.
CREATE OR REPLACE FUNCTION sos_minute_over(began timestamptz, stamp timestamptz) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$ SELECT abs(extract(epoch FROM stamp - began)) >= 60 $$;

-- Opens the incidents "many presses from one source" that are named and not there yet, each with the ladder of any
-- other. Returns {incident: ward}. It has no place and no telephone: those of one press among many would be taken for
-- its own.
CREATE OR REPLACE FUNCTION sos_open_crowds(presses jsonb, named jsonb, stamp timestamptz) RETURNS jsonb
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off AS $$
  WITH wanted AS MATERIALIZED (
    SELECT DISTINCT (named->>(p->>'press_id'))::uuid AS id, (p->>'ward_id')::int AS ward_id,
      coalesce((p->>'drill')::boolean, false) AS drill
    FROM jsonb_array_elements(presses) p WHERE named ? (p->>'press_id')
  ), opened AS (
    INSERT INTO sos_incident (id, ward_id, state, level, priority, kind, silent, channel, location_source, note, lang,
      outside, drill, repeats, pressed_at, received_at, outcome, outcome_note, agency, duress, moved_by, moved_verb,
      moved_at, one_source)
    SELECT id, ward_id, 'received', 0, 'P1', 'unknown', false, 'web', 'none', '', 'vi', false, drill, 0, stamp, stamp,
      '', '', '', false, 'resident', 'raise', stamp, true
    FROM wanted w WHERE NOT EXISTS (SELECT 1 FROM sos_incident i WHERE i.id = w.id) RETURNING id, ward_id
  ), clocks AS (
    INSERT INTO clocks_clock (ward_id, subject_kind, subject_id, policy, verb, rung, due_at, set_at, failures)
    SELECT ward_id, 'incident', id, 'sos.ack_within', 'escalate', 1, sos_first_rung_at(ward_id, stamp), stamp, 0
    FROM opened
  )
  SELECT coalesce(jsonb_object_agg(id, ward_id), '{}') FROM opened
$$;

-- What each collapsed press said, kept beside the incident: a real SOS may be among them.
CREATE OR REPLACE FUNCTION sos_keep_collapsed(presses jsonb, named jsonb, fresh uuid[], stamp timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO sos_fact (id, ward_id, incident_id, press_id, at, received_at, kind, by, data)
  SELECT (p->>'press_id')::uuid, (p->>'ward_id')::int, (named->>(p->>'press_id'))::uuid, (p->>'press_id')::uuid,
    least((p->>'at')::timestamptz, stamp), stamp, 'press', 'resident',
    jsonb_strip_nulls(p - ARRAY['press_id', 'ward_id', 'body_hash', 'source'])
  FROM jsonb_array_elements(presses) p
  WHERE named ? (p->>'press_id') AND (p->>'press_id')::uuid = ANY (fresh)
  ON CONFLICT DO NOTHING
$$;

-- Takes one press out into an incident of its own, with all that its phone has said since. The caller has locked the
-- incident, and writes the journal.
CREATE OR REPLACE FUNCTION sos_split_press(press uuid, made uuid, stamp timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off AS $$
DECLARE crowd uuid; ward int; said jsonb; f record;
BEGIN
  SELECT incident_id, ward_id INTO crowd, ward FROM sos_press WHERE press_id = press FOR UPDATE;
  PERFORM binhan_check_ward(ward);
  SELECT data INTO STRICT said FROM sos_fact WHERE id = press AND kind = 'press';
  -- 1. The incident that it would have been, received when it was received.
  INSERT INTO sos_incident (id, ward_id, state, level, priority, kind, silent, channel, lat, lon, accuracy_m,
    located_at, location_source, place_code, phone, note, lang, device_id, outside, drill, repeats, pressed_at,
    received_at, outcome, outcome_note, agency, duress, moved_by, moved_verb, moved_at)
  SELECT made, ward, 'received', 0, coalesce(s.priority, 'P1'), coalesce(s.kind, 'unknown'), coalesce(s.silent, false),
    coalesce(s.channel, 'web'), s.lat, s.lon, s.accuracy_m, CASE WHEN s.lat IS NOT NULL THEN k.at END,
    coalesce(s.location_source, 'none'), s.place_code, s.phone, coalesce(s.note, ''), coalesce(s.lang, 'vi'),
    s.device_id, coalesce(s.outside, false), coalesce(s.drill, false), 0, s.at, k.received_at, '', '', '', false,
    'resident', 'raise', stamp
  FROM sos_fact k, jsonb_to_record(said) AS s(at timestamptz, lat float8, lon float8, accuracy_m float8, kind text,
    priority text, silent boolean, place_code text, location_source text, phone text, note text, lang text,
    device_id uuid, outside boolean, channel text, drill boolean) WHERE k.id = press;
  -- 2. The press and its facts go there,
  UPDATE sos_press SET incident_id = made, merged = false WHERE press_id = press;
  UPDATE sos_fact SET incident_id = made WHERE press_id = press AND incident_id = crowd;
  UPDATE sos_incident SET repeats = greatest(repeats - 1, 0) WHERE id = crowd;
  -- 3. and what was learnt meanwhile is applied.
  FOR f IN SELECT kind, at, data FROM sos_fact WHERE press_id = press AND kind <> 'press' ORDER BY received_at, id LOOP
    PERFORM sos_apply_fact(made, f.kind, f.at, f.data, true);
  END LOOP;
END $$;

-- A source that has been quiet for an hour is forgotten.
CREATE OR REPLACE FUNCTION live_forget_sources() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DELETE FROM live_source WHERE (ward_id, source) IN (
    SELECT ward_id, source FROM live_source WHERE last_at < clock_timestamp() - interval '1 hour'
    ORDER BY 1, 2 FOR UPDATE SKIP LOCKED)
$$;

-- What one press may say in all: 200 notes, chat lines and small facts, and 256 kB. Twenty more of what matters most –
-- a mistake, "I am safe", duress – come through after that.
CREATE OR REPLACE FUNCTION sos_may_say(kind text, said int, said_bytes int, data jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
  SELECT kind = 'fix' OR said < CASE WHEN kind IN ('cancel', 'safe', 'duress') THEN 220 ELSE 200 END
    AND (kind IN ('cancel', 'safe', 'duress') OR said_bytes + octet_length(data::text) <= 262144)
$$;

-- A phone that moves for hours leaves a trace, not a heap: the newest 50 positions stay, of the older ones every
-- second, beginning with the first.
CREATE OR REPLACE FUNCTION sos_thin_trace(press uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DELETE FROM sos_fact WHERE id IN (
    SELECT id FROM (SELECT id, row_number() OVER (ORDER BY received_at, id) AS k, count(*) OVER () AS n FROM sos_fact
                    WHERE press_id = press AND kind = 'fix') x WHERE k <= n - 50 AND k % 2 = 0)
$$;
