-- The journal: append with gapless seq and hash chain, read by number, refuse any rewriting.
--
-- `enable_seqscan = off`, here and on other functions of the hot path: their plans are kept for the life of a
-- connection, often from a time when the tables were still empty and reading them whole looked cheapest. Each row
-- wanted is named by a key; without this a burst on a fresh system reads every incident once for every incident.

-- What a row's hash covers, in one place: both the append below and `binhan verify-journal` follow it.
CREATE OR REPLACE FUNCTION journal_canonical(
  ward int, seq bigint, at text, actor text, verb text, kind text, subject uuid, facts text
) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ward || E'\x1f' || seq || E'\x1f' || at || E'\x1f' || actor || E'\x1f' || verb || E'\x1f' || kind
         || E'\x1f' || coalesce(subject::text, '') || E'\x1f' || facts
$$;

CREATE OR REPLACE FUNCTION journal_time(at timestamptz) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

-- Refuses a ward outside the caller's scope. The hot path's own role is not scoped: it serves every ward.
CREATE OR REPLACE FUNCTION binhan_check_ward(ward int) RETURNS void LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF session_user = 'binhan_app'
     AND NOT coalesce(ward = ANY (nullif(current_setting('binhan.wards', true), '')::int[]), false) THEN
    RAISE EXCEPTION 'ward % is outside this scope', ward USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$;

-- Append rows; returns their seq in the order given. Call it LAST in a transaction: it takes the head rows,
-- in ward order, and holds them until the commit.
CREATE OR REPLACE FUNCTION journal_append_rows(
  wards int[], actors text[], verbs text[], kinds text[], subjects uuid[], facts jsonb[]
) RETURNS bigint[] LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off AS $$
DECLARE
  r record;
  stamp timestamptz;
  stamp_text text;
  cur int;
  s bigint;
  h bytea;
  n int := 0;
  out_seq bigint[] := array_fill(0::bigint, ARRAY[cardinality(wards)]);
  prevs bytea[] := array_fill(''::bytea, ARRAY[cardinality(wards)]);
  hashes bytea[] := prevs;
  head_wards int[] := '{}';
  head_seqs bigint[] := '{}';
  head_hashes bytea[] := '{}';
BEGIN
  IF cardinality(wards) = 0 THEN RETURN '{}'; END IF;
  IF session_user = 'binhan_app' THEN
    PERFORM binhan_check_ward(w) FROM unnest(wards) w;
  END IF;
  -- 1. A ward's first row: its head begins with the hash of its own name.
  INSERT INTO journal_head (ward_id, seq, hash)
    SELECT DISTINCT w, 0, sha256(convert_to('binhan-journal:' || w, 'UTF8')) FROM unnest(wards) w
    WHERE NOT EXISTS (SELECT 1 FROM journal_head x WHERE x.ward_id = w)
    ORDER BY w ON CONFLICT DO NOTHING;
  -- 2. Take the heads in ward order, and chain the rows of each ward in the order given. A session that stands still
  --    while it holds them is ended in seconds: every press of these wards waits for it.
  IF session_user = 'binhan_app' THEN
    PERFORM set_config('idle_in_transaction_session_timeout',
                       coalesce(nullif(current_setting('binhan.holds_at_most', true), ''), '3s'), true);
  END IF;
  FOR r IN
    WITH heads AS MATERIALIZED (
      SELECT ward_id, seq, hash FROM journal_head WHERE ward_id = ANY (wards) ORDER BY ward_id FOR UPDATE)
    SELECT e.i, e.w, heads.seq, heads.hash FROM heads
      JOIN unnest(wards) WITH ORDINALITY AS e(w, i) ON e.w = heads.ward_id
      ORDER BY e.w, e.i
  LOOP
    IF stamp IS NULL THEN  -- read under the locks, so that time follows seq within a ward
      stamp := clock_timestamp();
      stamp_text := journal_time(stamp);
    END IF;
    IF cur IS DISTINCT FROM r.w THEN
      cur := r.w; s := r.seq; h := r.hash; n := n + 1;
      head_wards[n] := cur;
    END IF;
    s := s + 1;
    prevs[r.i] := h;
    h := sha256(h || convert_to(journal_canonical(cur, s, stamp_text, actors[r.i], verbs[r.i], kinds[r.i],
                                                  subjects[r.i], facts[r.i]::text), 'UTF8'));
    hashes[r.i] := h;
    out_seq[r.i] := s;
    head_seqs[n] := s;
    head_hashes[n] := h;
  END LOOP;
  -- 3. Write all rows at once, and move the heads on.
  INSERT INTO journal_entry (ward_id, seq, at, actor, verb, subject_kind, subject_id, facts, prev_hash, hash)
    SELECT e.w, e.s, stamp, e.a, e.v, e.k, e.u, e.f, e.p, e.h
    FROM unnest(wards, out_seq, actors, verbs, kinds, subjects, facts, prevs, hashes) AS e(w, s, a, v, k, u, f, p, h);
  UPDATE journal_head SET seq = e.s, hash = e.h
    FROM unnest(head_wards, head_seqs, head_hashes) AS e(w, s, h) WHERE ward_id = e.w;
  RETURN out_seq;
END $$;

-- One row.
CREATE OR REPLACE FUNCTION journal_append(
  ward int, actor text, verb text, kind text, subject uuid, facts jsonb
) RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT (journal_append_rows(ARRAY[ward], ARRAY[actor], ARRAY[verb], ARRAY[kind], ARRAY[subject], ARRAY[facts]))[1]
$$;

-- Of these wards those whose journal somebody else holds just now: {ward: ward}.
CREATE OR REPLACE FUNCTION live_held_wards(wards text[]) RETURNS jsonb
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH free AS MATERIALIZED (
    SELECT ward_id FROM journal_head WHERE ward_id = ANY (wards::int[]) FOR UPDATE SKIP LOCKED)
  SELECT coalesce(jsonb_object_agg(h.ward_id, h.ward_id), '{}') FROM journal_head h
  WHERE h.ward_id = ANY (wards::int[]) AND h.ward_id NOT IN (SELECT ward_id FROM free)
$$;

CREATE OR REPLACE FUNCTION live_journal(ward int, after bigint, lim int) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off AS $$
  -- Of what no desk hears of only the number is told: readers resume by it.
  SELECT coalesce(jsonb_agg(CASE WHEN subject_kind = ANY (live_desk_events()) THEN jsonb_build_object(
      'seq', seq, 'at', journal_time(at), 'actor', actor, 'verb', verb, 'subject_kind', subject_kind,
      'subject_id', subject_id, 'facts', facts) ELSE jsonb_build_object('seq', seq) END ORDER BY seq), '[]')
  FROM (SELECT * FROM journal_entry WHERE ward_id = ward AND seq > after ORDER BY seq LIMIT lim) e
$$;

CREATE OR REPLACE FUNCTION live_head(ward int) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce((SELECT seq FROM journal_head WHERE ward_id = ward), 0)
$$;

CREATE OR REPLACE FUNCTION live_heads(wards int[]) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(jsonb_object_agg(ward_id, seq), '{}') FROM journal_head WHERE ward_id = ANY (wards)
$$;

-- Append-only for every role, the owner included: rewriting takes removing this trigger, which the chain shows.
CREATE OR REPLACE FUNCTION journal_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the journal is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE OR REPLACE TRIGGER journal_entry_append_only BEFORE UPDATE OR DELETE ON journal_entry
  FOR EACH ROW EXECUTE FUNCTION journal_entry_refuse();
CREATE OR REPLACE TRIGGER journal_entry_no_truncate BEFORE TRUNCATE ON journal_entry
  FOR EACH STATEMENT EXECUTE FUNCTION journal_entry_refuse();

-- The doorbell for rows that a writer has already committed: never inside that transaction, since a notification keeps
-- all commits of the database in one line behind it until it is flushed.
CREATE OR REPLACE FUNCTION live_ring(wards int[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT pg_notify('binhan_journal', w::text) FROM unnest(wards) w
$$;
