"""What grows with the years: lists, search, deep pages, coverage and "was this read" over a million incidents, five years
of reads and a hundred thousand households; none of them may read a large table from one end to the other.

Closed incidents and old reads are written by SQL, each with its row in the chained journal; the register by the sample
ward's own maker; a round's turfs as they stand in the register, with visits at a third of its doors."""
from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import psycopg

from bench.system import Figure, System, percentile

LARGE = 50_000  # rows; a table of more is never to be read whole for one answer


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is: incidents in all wards, reads of the desk's list by one account, households, doors of a round."""

    incidents: int
    reads: int
    households: int
    doors: int


SIZES = {"small": Size(20_000, 5_000, 5_000, 2_000), "full": Size(1_000_000, 219_000, 100_000, 28_000)}
chosen = "small"  # `--size`
QUESTIONS = ["le", "mau", "nguyen", "nguyen van", "tran thi mau", "12 duong mau 3", "duong mau 3", "hem", "nha tro mau 5",
             "7/2", "3", "to 12", "khu pho mau 2", "an", "ma", "mau duong", "lan", "khong co ai", "pham", "chung cu mau 2"]
# Incidents like the one that was pressed, closed, spread over the wards and five years, each with its journal row.
INCIDENTS = """
INSERT INTO sos_incident SELECT r.*
  FROM sos_incident i, generate_series(1, %(count)s) n,
    (SELECT array_agg(ward_id ORDER BY ward_id) wards FROM places_ward) w,
    LATERAL (SELECT now() - n * interval '1 day' * 1826 / %(count)s - interval '2 hours' AS at) t,
    LATERAL jsonb_populate_record(i, jsonb_build_object(
      'id', gen_random_uuid(), 'ward_id', w.wards[1 + n %% cardinality(w.wards)], 'state', 'closed', 'outcome', 'helped',
      'received_at', t.at, 'pressed_at', t.at, 'closed_at', t.at + interval '1 hour')) r
  WHERE i.id = (SELECT id FROM sos_incident WHERE ward_id = %(ward)s LIMIT 1)"""
# Rows of one ward's journal at times that have passed: chained to what is there, as the append does it.
JOURNAL = """
DO $$ DECLARE s bigint; h bytea; p bytea; r record; BEGIN
  FOR r IN SELECT DISTINCT ward_id FROM ({rows}) x ORDER BY 1 LOOP
    PERFORM journal_append(r.ward_id, 'system', 'fill', 'ward', NULL, '{{}}');
  END LOOP;
  FOR r IN SELECT x.*, row_number() OVER (PARTITION BY x.ward_id ORDER BY x.at) = 1 AS first,
             row_number() OVER (PARTITION BY x.ward_id ORDER BY x.at DESC) = 1 AS last FROM ({rows}) x
           ORDER BY x.ward_id, x.at LOOP
    IF r.first THEN SELECT seq, hash INTO s, h FROM journal_head WHERE ward_id = r.ward_id FOR UPDATE; END IF;
    s := s + 1; p := h;
    h := sha256(h || convert_to(journal_canonical(r.ward_id, s, journal_time(r.at), r.actor, r.verb, r.kind, r.id, '{{}}'),
                                'UTF8'));
    INSERT INTO journal_entry (ward_id, seq, at, actor, verb, subject_kind, subject_id, facts, prev_hash, hash)
      VALUES (r.ward_id, s, r.at, r.actor, r.verb, r.kind, r.id, '{{}}', p, h);
    IF r.last THEN UPDATE journal_head SET seq = s, hash = h WHERE ward_id = r.ward_id; END IF;
  END LOOP;
END $$"""
RAISED = ("SELECT ward_id, received_at AS at, 'resident'::text AS actor, 'raise'::text AS verb, 'incident'::text AS kind,"
          " id FROM sos_incident WHERE state = 'closed'")
READS = ("SELECT {ward} AS ward_id, now() - (n + 2) * interval '12 minutes' AS at, '{actor}'::text AS actor,"
         " 'read'::text AS verb, '{kind}'::text AS kind, '{subject}'::uuid AS id FROM generate_series(1, {count}) n")
VISITS = """
INSERT INTO casework_visit (id, ward_id, round_id, team_id, dwelling_id, outcome, started_at, ended_at, received_at, skew_s,
    present, notice_lang, notice_version, consents, topics, note, digest)
  SELECT gen_random_uuid(), d.ward_id, d.round_id, t.team_id, d.dwelling_id,
         (ARRAY['met', 'met', 'not_home', 'refused', 'moved'])[1 + d.place %% 5], now() - d.place * interval '9 hours',
         now() - d.place * interval '9 hours', now(), 0, '{}', '', '', '{}', '[]', '', ''
  FROM casework_turf_door d JOIN casework_turf t ON t.id = d.turf_id WHERE d.round_id = %(round)s AND d.place %% 3 = 0"""


def growth(system: System, seconds: int) -> list[Figure]:
    """Each answer's time, and whether a large table was read whole for any of them."""
    size, ward = SIZES[chosen], system.points[5][0]
    began = time.monotonic()
    system.load([[system.press_request(ward)]])
    ground = _ground(system, ward, size)
    with psycopg.connect(system.env().owner_dsn, autocommit=True) as owner:
        _fill(owner, ground, size)
        figures = [Figure(f"filled with {size.incidents:,} incidents, {size.reads:,} reads, {size.households:,} households",
                          time.monotonic() - began, "s", None, "reported", None)]
        before = _whole_reads(owner)
        figures += _lists(system, ground, seconds) + _register(system, ground, seconds) + _coverage(system, ground, seconds)
        time.sleep(2)  # sessions tell what they read within a second of their last statement
        read = sorted(t for t, n in _whole_reads(owner).items() if n > before.get(t, 0))
    said = f" ({', '.join(read)})" if read else ""
    return [*figures, Figure(f"tables of more than {LARGE:,} rows that were read whole{said}", len(read), "", None, "0",
                             not read)]


def _ground(system: System, ward: int, size: Size) -> dict[str, Any]:
    done = subprocess.run([sys.executable, "-W", "ignore", "-m", "bench.growth_ground", str(ward), str(size.households),
                           str(size.doors)], capture_output=True, text=True, check=False,
                          env={**os.environ, "BINHAN_DATA_DIR": str(system.folder), "BINHAN_PORT": str(system.stack.port)})
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _fill(owner: psycopg.Connection[Any], ground: dict[str, Any], size: Size) -> None:
    """Incidents, journal and visits; then the database looks at its tables, as it does by itself within minutes."""
    ward = ground["ward"]
    owner.execute("ALTER TABLE sos_incident DISABLE TRIGGER sos_incident_lifecycle")  # they come in as closed
    owner.execute(INCIDENTS, {"count": size.incidents, "ward": ward})
    owner.execute("ALTER TABLE sos_incident ENABLE TRIGGER sos_incident_lifecycle")
    owner.execute(JOURNAL.format(rows=RAISED).encode())
    subject = owner.execute("SELECT id FROM sos_incident WHERE ward_id = %s AND state <> 'closed'", [ward]).fetchone()
    assert subject is not None
    owner.execute(JOURNAL.format(rows=READS.format(ward=ward, actor=ground["actor"], kind="incident", subject=subject[0],
                                                   count=size.reads)).encode())
    ground["incident"] = str(subject[0])
    owner.execute(VISITS, {"round": ground["round"]})
    owner.execute("ANALYZE sos_incident, journal_entry, casework_visit, casework_turf_door")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a system, the headers that say who it is, for how long."""

    system: System
    headers: dict[str, str]
    seconds: int

    def get(self, path: str) -> tuple[float, bytes]:
        """How many milliseconds the answer took, and the answer."""
        began = time.perf_counter()
        asked = urllib.request.Request(f"{self.system.stack.base}{path}", headers=self.headers)
        with urllib.request.urlopen(asked) as answer:
            body: bytes = answer.read()
        return (time.perf_counter() - began) * 1000, body

    def timed(self, name: str, paths: list[str], limit: float | None = 50) -> Figure:
        """How long the answers take, asked for one after the other, some five rounds for each second given."""
        took = []
        for turn in range(1 + max(5 * self.seconds // len(paths), 2)):
            for path in paths:
                ms = self.get(path)[0]
                took += [ms] if turn else []  # the first time is no measure: whatever is cold is warmed
        p95 = percentile(took, 0.95)
        name = f"{name}: p95 (p50 {percentile(took, 0.5):.0f})"
        if limit is None:
            return Figure(name, p95, "ms", None, "reported", None)
        return Figure(name, p95, "ms", limit, f"≤ {limit:.0f} ms", p95 <= limit)


def _bearer(system: System, token: str, seconds: int) -> Caller:
    return Caller(system, {"Authorization": f"Bearer {token}"}, seconds)


def _lists(system: System, ground: dict[str, Any], seconds: int) -> list[Figure]:
    desk, city = (_bearer(system, ground[who], seconds) for who in ("officer", "city"))
    return [desk.timed("for comparison, an answer that reads next to nothing", ["/api/lifecycles"], None),
            desk.timed("desk list of a ward", ["/api/incidents?limit=50"]),
            desk.timed("the same, deep in the years", [_deep(desk, "/api/incidents?limit=100", 40)]),
            city.timed("the city's list, 168 wards", ["/api/incidents?limit=50"]),
            desk.timed("one incident that was read five times an hour for years (record_read)",
                       [f"/api/incidents/{ground['incident']}"])]


def _register(system: System, ground: dict[str, Any], seconds: int) -> list[Figure]:
    who = _bearer(system, ground["planner"], seconds)
    asked = [f"/api/households/search?q={quote(q)}" for q in QUESTIONS]
    return [who.timed(f"search, {len(asked)} mixed questions", asked),
            who.timed("doors, first page", ["/api/dwellings?limit=100"]),
            who.timed("doors, last page", [_deep(who, "/api/dwellings?limit=100", 10_000)])]


def _coverage(system: System, ground: dict[str, Any], seconds: int) -> list[Figure]:
    path, page = f"/api/rounds/{ground['round']}", f"/office/rounds/{ground['round']}/coverage"
    who = _bearer(system, ground["planner"], seconds)
    browser = Caller(system, {"Cookie": f"sessionid={ground['session']}"}, seconds)
    kb = len(browser.get(page)[1]) / 1000
    return [who.timed("coverage API", [f"{path}/coverage"], 300), browser.timed("coverage page", [page], 300),
            Figure("coverage page: size", kb, "kB", 300, "≤ 300 kB", kb <= 300),
            who.timed("doors of the map, a piece of 1,000", [f"{path}/doors?limit=1000"], 300)]


def _deep(who: Caller, path: str, turns: int) -> str:
    """The address of the page so many pages further, or of the last one."""
    at = path
    for _ in range(turns):
        cursor = json.loads(who.get(at)[1])["next"]
        if not cursor:
            break
        at = f"{path}&cursor={quote(cursor)}"
    return at


def _whole_reads(owner: psycopg.Connection[Any]) -> dict[str, int]:
    """How often each large table was read from one end to the other since the server began."""
    rows = owner.execute("SELECT s.relname, s.seq_scan FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid"
                         " WHERE c.reltuples > %s", [LARGE]).fetchall()
    return {str(name): int(count) for name, count in rows}
