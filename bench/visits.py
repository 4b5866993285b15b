"""Visits with a questionnaire of thirty questions, uploaded by fifty phones of one ward at once through the outbox.

The ground – a round of fifty khu phố, a phone for each – is made by bench.visit_ground."""
from __future__ import annotations

import json
import os
import subprocess
import sys
from statistics import median
from typing import Any

import psycopg

from bench.odk import EARLIER, Odk
from bench.system import Figure, System, http
from binhan.kernel.ids import new_id
from tests.support.questionnaires import filled

PHONES, BATCH, TURNS = 50, 20, 3
BESIDE: Odk | None = None  # measured in turn, where its address was told
TARGET = 300.0
INNER = ("<hello/><agree>yes</agree><home><people>4</people><needs>job loan</needs><loan_for>mua xe, sửa nhà</loan_for>"
         "<area>48.5</area><each>12.125</each><each_said/><since>2019-05-01</since><spot>11.0914 106.799 0 12</spot>"
         "<read>OK</read><child><grade>5</grade><swims>yes</swims></child><child><grade>8</grade><swims>no</swims></child>"
         "</home><roads>4</roads><order>job health loan</order>"
         + "".join(f"<more_{n}>{'câu trả lời' if n % 2 else 'yes'}</more_{n}>" for n in range(1, 19)))
ANSWERS = filled("ba_muoi", "1", INNER)
ALONE = """
WITH v AS (INSERT INTO casework_visit (id, ward_id, round_id, team_id, dwelling_id, outcome, started_at, ended_at,
    received_at, skew_s, present, notice_lang, notice_version, consents, topics, note, digest)
  SELECT gen_random_uuid(), {ward}, '{round}', '{team}', '{door}', 'met', now(), now(), now(), 0, '{{}}', '', '', '{{}}',
    '[]', '', '\\x00' FROM generate_series(1, {batch}) RETURNING id),
a AS (INSERT INTO casework_answers (id, ward_id, visit_id, form_id, xml, "values", received_at, digest)
  SELECT gen_random_uuid(), {ward}, v.id, '{form}', '{xml}', '{values}', now(), '\\x00' FROM v RETURNING id)
SELECT journal_append_rows(array_agg({ward}), array_agg('bench'::text), array_agg('visit'::text),
  array_agg('visit'::text), array_agg(id),
  array_agg('{{"round_id": "{round}"}}'::jsonb)) FROM (SELECT id FROM v UNION ALL SELECT id FROM a) x;
"""


def visits(system: System, seconds: int) -> list[Figure]:
    """Visits per second, each with its thirty answers, one at a time and as a phone that comes home sends them; against
    the same rows written by PostgreSQL alone, in batches of the same size."""
    ground = visit_ground(system, system.points[0][0])
    first = ground["phones"][0]
    # pgbench takes ":x" for a variable of its own: none may stand in the script
    values = json.dumps({f"q{n}": "câu trả lời" for n in range(30)}, ensure_ascii=False)
    script = ALONE.format(ward=ground["ward"], round=ground["round"], team=first["team"], door=first["doors"][0],
                          form=ground["form"], batch=BATCH, xml=ANSWERS.replace(":", "&#58;"), values=values)
    limit = BATCH * system.pgbench(script, PHONES, max(6, seconds), system.env().owner_dsn)
    figures = [Figure(f"PostgreSQL alone, {BATCH} visits with answers per transaction, one ward, {PHONES} clients", limit,
                      "visits/s", None, "the limit", None)]
    numbers = dict.fromkeys((p["device"] for p in ground["phones"]), 0)
    for size, rounds, times in ((BATCH, seconds, 2.5), (1, 3 * seconds, 2.0)):
        figures += _in_turn(system, ground, numbers, (size, rounds, times), limit)
    return figures


def _in_turn(system: System, ground: dict[str, Any], numbers: dict[str, int], asked: tuple[int, int, float],
             limit: float) -> list[Figure]:
    """Uploads of one size, three times, each time followed by ODK Central where one is told; the medians."""
    size, rounds, times = asked
    ours, theirs, slowest = [], [], []
    for _ in range(TURNS):
        done = _uploaded(system, ground, numbers, size, rounds)
        ours.append(PHONES * rounds * size / done["seconds"])
        slowest.append(done["p99_ms"])
        theirs += [_submitted(system, rounds * size)] if BESIDE else []
    rate, name = median(ours), f"visits with 30 answers through HTTP, {size} per upload, {PHONES} phones, one ward"
    floor = TARGET if size == BATCH else 0.0
    figures = [Figure(name + _spread(ours), rate, "visits/s", limit, f"≥ {floor:.0f}" if floor else "reported",
                      rate >= floor if floor else None),
               Figure(f"one upload of {size}: p99", median(slowest), "ms", None, "reported", None)]
    if not theirs:
        name = f"{size} per upload ÷ {EARLIER:.0f}/s of ODK Central, measured before elsewhere: a reference, no comparison"
        return [*figures, Figure(name, rate / EARLIER, "×", None, "reported", None)]
    return [*figures, Figure(f"ODK Central in turn, one a request{_spread(theirs)}", median(theirs), "visits/s", None,
                             "the other", None),
            Figure(f"{size} per upload ÷ ODK Central", rate / median(theirs), "×", None, f"≥ {times} ×",
                   rate >= times * median(theirs))]


def _spread(rates: list[float]) -> str:
    return f" (median of {min(rates):,.0f} – {max(rates):,.0f})"


def _uploaded(system: System, ground: dict[str, Any], numbers: dict[str, int], size: int, rounds: int) -> dict[str, Any]:
    """Every phone's uploads; all of them must be stored."""
    before = _stored(system)
    lanes = [[upload(ground, phone, numbers, size) for _ in range(rounds)] for phone in ground["phones"]]
    done = system.load(lanes)
    sent, stored = PHONES * rounds * size, _stored(system) - before
    assert (set(done["statuses"]), stored) == ({"200"}, sent), (done["statuses"], sent, stored)
    return done


def _submitted(system: System, each: int) -> float:
    """Submissions per second of ODK Central, as many as here; all of them must be created."""
    assert BESIDE is not None
    lanes = [[BESIDE.submission(ANSWERS) for _ in range(each)] for _ in range(PHONES)]
    done = system.load(lanes, (BESIDE.host, BESIDE.port))
    assert set(done["statuses"]) == {"201"}, done["statuses"]
    return float(done["requests"] / done["seconds"])


def _stored(system: System) -> int:
    """Visits that have both their row and their answers."""
    with psycopg.connect(system.env().owner_dsn) as connection:
        row = connection.execute("SELECT count(*) FROM casework_visit v JOIN casework_answers a ON a.visit_id = v.id"
                                 " WHERE v.digest <> '\\x00'").fetchone()
    return int(row[0]) if row else 0


def upload(ground: dict[str, Any], phone: dict[str, Any], numbers: dict[str, int], size: int) -> bytes:
    """One request of that phone: `size` visits, each followed by its answers; every tenth agrees on another time."""
    items: list[dict[str, Any]] = []
    first = numbers[phone["device"]] + 1
    for n in range(first, first + 2 * size, 2):
        visit, back = str(new_id()), (n // 2) % 10 == 9
        body = {"round": ground["round"], "dwelling": phone["doors"][n // 2 % len(phone["doors"])],
                "outcome": "come_back" if back else "met", "started_at": ground["from"], "ended_at": ground["until"],
                "present": {"front": 1, "police": 1}, "note": "",
                **({"come_back_at": ground["back"]} if back else {})}
        items += [{"n": n, "kind": "visit", "id": visit, "at": ground["until"], "body": body},
                  {"n": n + 1, "kind": "answers", "id": str(new_id()), "at": ground["until"], "body": {
                      "visit": visit, "form": ground["form"], "version": "1", "xml": ANSWERS}}]
    numbers[phone["device"]] += 2 * size
    body = {"device": phone["device"], "schema": 1, "sent_at": ground["until"], "first": first, "count": len(items),
            "items": items}
    return http("POST", "/api/field/outbox", json.dumps(body, ensure_ascii=False).encode(),
                f"Authorization: Bearer {phone['token']}\r\n")


def visit_ground(system: System, ward: int) -> dict[str, Any]:
    """A round of that ward, as bench.visit_ground makes it."""
    done = subprocess.run([sys.executable, "-W", "ignore", "-m", "bench.visit_ground", str(ward)],
                          capture_output=True, text=True, check=False,
                          env={**os.environ, "BINHAN_DATA_DIR": str(system.folder),
                               "BINHAN_PORT": str(system.stack.port)})
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    ground: dict[str, Any] = json.loads(done.stdout)
    return ground
