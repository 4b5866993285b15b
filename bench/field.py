"""The field app's two directions through HTTP, every answer read to its last byte; then its screens (bench.field_screens).

The ground – a hundred phones in one ward, one phone with ten thousand doors in another – is made by bench.field_ground."""
from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

import psycopg

from bench.field_screens import screens
from bench.system import Figure, System, percentile
from binhan.kernel.ids import new_id

Phone = dict[str, Any]
USERS, TIMES = 100, 3
# the same doors, as PostgreSQL alone reads them into the same kind of text
ROWS = """SELECT string_agg(row_to_json(x)::text, E'\\n') FROM (SELECT d.turf_id, d.round_id, d.place, d.first, h.*,
 w.name AS way, g.name AS group_name, (SELECT count(*) FROM casework_household k WHERE k.dwelling_id = h.id AND k.active)
 FROM casework_turf_door d JOIN casework_dwelling h ON h.id = d.dwelling_id LEFT JOIN places_way w ON w.id = h.way_id
 LEFT JOIN places_area g ON g.id = h.group_id WHERE d.turf_id = ANY('{{{turfs}}}'::uuid[]) ORDER BY d.turf_id, d.place) x"""


def field(system: System, seconds: int) -> list[Figure]:
    """First syncs, alone and a hundred at once; ten thousand documents; a day's work; a full upload; the screens."""
    ground = _ground(system)
    phones, port = ground["phones"], system.stack.port
    sync(port, phones[105])  # the first request of all opens the connections
    figures = [*_first(system, phones[100:100 + TIMES]), *_large(system, ground["everything"]),
               *_together(system, phones[:USERS], seconds), *_day(port, phones[:TIMES]), *_full(port, phones[3:3 + TIMES])]
    return figures + screens(system.stack.base, ground["login"], ground["password"], TIMES)


def sync(port: int, phone: Phone) -> tuple[float, int, int]:
    """(seconds until the last byte, documents, bytes); the phone has them afterwards."""
    began = time.perf_counter()
    text = _post(port, phone["token"], "/api/field/sync", {
        "device": phone["device"], "schema": 1, "turfs": phone["turfs"], "have": phone.setdefault("have", {})})
    took = time.perf_counter() - began
    lines = [json.loads(line) for line in text.splitlines()]
    assert lines[-1]["end"]["sent"] == len(lines) - 2, "the working set is not whole"
    phone["have"].update({f"{d['kind']}/{d['id']}": d["digest"] for d in lines[1:-1]})
    return took, len(lines) - 2, len(text)


def send(port: int, phone: Phone, items: list[dict[str, Any]]) -> float:
    """Upload them as one batch; all must be stored. Answers the seconds."""
    first = phone.setdefault("sent", 0) + 1
    body = {"device": phone["device"], "schema": 1, "sent_at": datetime.now(UTC).isoformat(), "first": first,
            "count": len(items), "items": [{**row, "n": first + n} for n, row in enumerate(items)]}
    began = time.perf_counter()
    told = json.loads(_post(port, phone["token"], "/api/field/outbox", body))
    took = time.perf_counter() - began
    strange = [r for r in told["results"] if r["status"] != "stored"]
    assert not strange, strange[:3]
    phone["sent"] += len(items)
    return took


def _post(port: int, token: str, path: str, body: dict[str, Any]) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    try:
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json",
                                                            "Authorization": f"Bearer {token}"})
        answer = connection.getresponse()
        text = answer.read()
        assert answer.status == 200, (answer.status, text[:500])
        return text
    finally:
        connection.close()


def _rows(system: System, phone: Phone) -> float:
    """Seconds that PostgreSQL alone takes to read the same doors, with a connection that is open."""
    with psycopg.connect(system.env().owner_dsn) as connection:
        connection.execute("SELECT 1")
        began = time.perf_counter()
        row = connection.execute(ROWS.format(turfs=",".join(phone["turfs"])).encode()).fetchone()
        took = time.perf_counter() - began
    assert row is not None
    assert row[0], "no doors"
    return took


def _first(system: System, phones: list[Phone]) -> list[Figure]:
    limit = median(_rows(system, phone) for phone in phones)
    runs = [sync(system.stack.port, phone) for phone in phones]
    took, documents, size = median(r[0] for r in runs), runs[0][1], runs[0][2]
    return [Figure(f"first sync of a turf of 60 doors ({documents} documents, {size // 1000} kB), median of {len(runs)}",
                   took, "s", limit, "< 3 s", took < 3)]


def _large(system: System, phone: Phone) -> list[Figure]:
    limit = median(_rows(system, phone) for _ in range(TIMES))
    took, documents, size = 0.0, 0, 0
    runs = []
    for _ in range(TIMES):
        phone["have"] = {}
        took, documents, size = sync(system.stack.port, phone)
        runs.append(took)
    assert documents >= 10_000, documents
    again = sync(system.stack.port, phone)
    assert again[1] == 0, "nothing has changed"
    middle = median(runs)
    return [Figure("PostgreSQL alone: the same doors as JSON, one query", limit, "s", None, "the limit", None),
            Figure(f"first sync of {documents:,} documents ({size / 1e6:.1f} MB, {len(phone['turfs'])} turfs), median of"
                   f" {len(runs)}", middle, "s", limit, "< 18 s", middle < 18),
            Figure("the same again, nothing changed", again[0], "s", None, "reported", None)]


def _together(system: System, phones: list[Phone], seconds: int) -> list[Figure]:
    """All ask at the same moment; the limit is what PostgreSQL alone takes for as many of those readings."""
    rate = system.pgbench(ROWS.format(turfs=",".join(phones[0]["turfs"])).replace("\n", " ") + ";\n", 20, seconds,
                          system.env().owner_dsn)
    began = time.perf_counter()
    with ThreadPoolExecutor(len(phones)) as people:
        runs = [r[0] for r in people.map(lambda phone: sync(system.stack.port, phone), phones)]
    took = time.perf_counter() - began
    return [Figure(f"{len(phones)} phones at once, each a first sync of 60 doors: all have theirs", took, "s",
                   len(phones) / rate, "< 150 s", took < 150),
            Figure("one of them: p50", percentile(runs, 0.5), "s", None, "reported", None),
            Figure("one of them: p95", percentile(runs, 0.95), "s", None, "reported", None)]


def _item(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    return {"kind": kind, "id": str(new_id()), "at": datetime.now(UTC).isoformat(), "body": body}


def _visit(phone: Phone, n: int) -> dict[str, Any]:
    now = datetime.now(UTC)
    return _item("visit", {"round": phone["round"], "dwelling": phone["doors"][n % len(phone["doors"])],
                           "outcome": "met" if n < 40 else "not_home", "present": {"front": 1, "police": 1},
                           "started_at": (now - timedelta(minutes=9)).isoformat(), "ended_at": now.isoformat()})


def _heard(visit: dict[str, Any], n: int) -> dict[str, Any]:
    return _item("issue", {"visit": visit["id"], "kind": "request", "words": f"Đèn hẻm số {n} hỏng đã hai tháng",
                           "reply_by": "phone", "promised_on": (datetime.now(UTC) + timedelta(days=7)).date().isoformat()})


def _day(port: int, phones: list[Phone]) -> list[Figure]:
    """60 visits, 20 things heard, 10 corrections go up in one batch; what became of it comes down."""
    whole, up, down = [], [], []
    for phone in phones:
        visits = [_visit(phone, n) for n in range(60)]
        edits = [_item("edit", {"dwelling": phone["doors"][n], "field": "landmark", "base": "", "value": f"Cạnh quán {n}"})
                 for n in range(10)]
        up.append(send(port, phone, visits + [_heard(visits[n], n) for n in range(20)] + edits))
        took, documents, _ = sync(port, phone)
        assert documents >= 60, "every door has changed"
        down.append(took)
        whole.append(up[-1] + took)
    took = median(whole)
    return [Figure(f"a day's work (60 visits, 20 issues, 10 edits) up, what changed down: median of {len(phones)}", took,
                   "s", None, "< 1 s", took < 1),
            Figure("of this the upload", median(up), "s", None, "reported", None),
            Figure("of this the sync", median(down), "s", None, "reported", None)]


def _full(port: int, phones: list[Phone]) -> list[Figure]:
    runs = []
    for phone in phones:
        visits = [_visit(phone, n) for n in range(40)]
        runs.append(send(port, phone, [*visits, *(_heard(v, n) for n, v in enumerate(visits)),
                                       *(_heard(v, n) for n, v in enumerate(visits[:20]))]))
    return [Figure(f"an upload of 100 items (40 visits, 60 issues), median of {len(runs)}", median(runs), "s", None,
                   "reported", None)]


def _ground(system: System) -> dict[str, Any]:
    done = subprocess.run([sys.executable, "-W", "ignore", "-m", "bench.field_ground", str(system.points[3][0]),
                           str(system.points[4][0])], capture_output=True, text=True, check=False,
                          env={**os.environ, "BINHAN_DATA_DIR": str(system.folder),
                               "BINHAN_PORT": str(system.stack.port)})
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    ground: dict[str, Any] = json.loads(done.stdout)
    return ground
