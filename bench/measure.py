"""Each figure of docs/reference/performance.md."""
from __future__ import annotations

import asyncio
import json
import random
import re
import socket
import time
from datetime import UTC, datetime
from functools import partial
from typing import Any, cast
from uuid import UUID

import psycopg

from bench.system import Figure, System, http, percentile, run_async
from binhan.kernel.ids import new_id
from binhan.sos.recommend.rules import Candidate, Wanted, rank

OPEN_ONE = """\\set w random(0, {last})
SELECT live_open(jsonb_build_array(jsonb_build_object('press_id', {uuid}, 'ward_id', (ARRAY[{wards}])[:w + 1],
 'body_hash', '00', 'at', now(), 'lat', 11.1, 'lon', 106.8, 'accuracy_m', 20, 'priority', 'P1',
 'location_source', 'gps', 'channel', 'web')));
"""


def idle(system: System, _seconds: int) -> list[Figure]:
    """What the whole system takes when nothing happens."""
    return [Figure("memory of the whole idle system", system.memory_mb(), "MB", None, "reported", None)]


def presses(system: System, seconds: int) -> list[Figure]:
    """Durable presses per second through HTTP against one press per transaction in PostgreSQL alone."""
    wards = [str(p[0]) for p in system.points]
    script = OPEN_ONE.format(last=len(wards) - 1, uuid="gen_random_uuid()", wards=",".join(wards))
    limit = system.pgbench(script, 32, seconds)
    figures = [Figure("PostgreSQL alone, one press per transaction, 168 wards, 32 clients", limit, "presses/s", None,
                      "the limit", None)]
    for lanes in (32, 128):
        for where, ward in (("168 wards", None), ("one ward", system.points[0][0])):
            each = max(20, int(limit * seconds / lanes))
            done = system.load([[system.press_request(ward) for _ in range(each)] for _ in range(lanes)])
            assert set(done["statuses"]) == {"201"}, done["statuses"]
            rate = done["requests"] / done["seconds"]
            figures.append(Figure(f"presses through HTTP, {where}, {lanes} connections", rate, "presses/s", limit,
                                  "≥ 0.7 of the limit", rate / limit >= 0.7))
    return figures


def burst(system: System, _seconds: int) -> list[Figure]:
    """10,000 presses from 200 connections: every one answered 201 must be there once."""
    ids: list[str] = []
    lanes: list[list[bytes]] = []
    for _ in range(200):
        lane = []
        for _ in range(50):
            request = system.press_request()
            ids.append(json.loads(request.partition(b"\r\n\r\n")[2])["press_id"])
            lane.append(request)
        lanes.append(lane)
    done = system.load(lanes)
    with psycopg.connect(system.env().owner_dsn) as connection:
        presses, incidents, raised = connection.execute(
            "SELECT (SELECT count(*) FROM sos_press WHERE press_id = ANY(%(ids)s)),"
            " (SELECT count(*) FROM sos_incident WHERE id = ANY(%(ids)s)),"
            " (SELECT count(*) FROM journal_entry WHERE verb = 'raise' AND subject_id = ANY(%(ids)s))",
            {"ids": [UUID(i) for i in ids]}).fetchone() or (0, 0, 0)
    answered = done["statuses"].get("201", 0)
    lost, doubled = answered - min(presses, incidents), raised - incidents
    return [Figure("burst of 10,000 from 200 connections: lost", lost, "", 0, "0", lost == 0 and answered == 10_000),
            Figure("burst: doubled", doubled, "", 0, "0", doubled == 0),
            Figure("burst: time to drain", done["seconds"], "s", None, "reported", None),
            Figure("burst: slowest answer", done["max_ms"], "ms", None, "reported", None)]


PEOPLE = 32  # who press in turn: nobody waits for another's answer


class Desk(asyncio.Protocol):
    """An open desk stream. Only the one that is given `arrivals` looks at what comes: reading costs the machine too.
    `stream_id`: as the hello says, so that it can say that it watches."""

    stream_id = ""

    def __init__(self, token: str, arrivals: dict[str, float] | None = None) -> None:
        self.token, self.arrivals, self.rest = token, arrivals, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the stream."""
        self.transport = cast(asyncio.Transport, transport)
        self.transport.write(f"GET /live/desk/events?token={self.token} HTTP/1.1\r\nHost: x\r\n\r\n".encode())

    def data_received(self, data: bytes) -> None:
        """Note when each raise came."""
        if not self.stream_id and (found := re.search(rb'"stream_id": ?"([0-9a-f-]+)"', data)):
            self.stream_id = found[1].decode()
        if self.arrivals is None:
            return
        now = time.perf_counter()
        lines = (self.rest + data).split(b"\n")
        self.rest = lines.pop()
        for line in lines:
            if line.startswith(b"data:") and b'"raise"' in line:
                self.arrivals.setdefault(json.loads(line[5:])["subject_id"], now)


    def watch(self) -> None:
        """Say, on a line of its own, that it has the ward on screen."""
        body = json.dumps({"ids": [], "visible": True, "stream_id": self.stream_id}).encode()
        with socket.create_connection(self.transport.get_extra_info("peername")[:2], 5) as line:
            line.sendall(b"POST /live/desk/rendered HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                         b"Authorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                         % (self.token.encode(), len(body), body))
            assert b" 200 " in line.recv(64), "the desk's receipt is not taken"


async def _open_desks(port: int, token: str, count: int, arrivals: dict[str, float] | None) -> list[Desk]:
    loop = asyncio.get_running_loop()
    made = [await loop.create_connection(partial(Desk, token, arrivals if i == 0 else None), "127.0.0.1", port)
            for i in range(count)]
    await asyncio.sleep(2)
    return [desk for _, desk in made]


async def _fan_out(system: System, streams: int, rate: float, count: int) -> list[float]:
    ward = system.points[0][0]
    requests = [system.press_request(ward) for _ in range(count)]
    ids = [json.loads(r.partition(b"\r\n\r\n")[2])["press_id"] for r in requests]
    arrivals: dict[str, float] = {}
    desks = await _open_desks(system.stack.port, system.desk_token(ward), streams, arrivals)
    loop, port = asyncio.get_running_loop(), system.stack.port
    people = [(await loop.create_connection(asyncio.Protocol, "127.0.0.1", port))[0] for _ in range(PEOPLE)]
    sent: dict[str, float] = {}
    began = time.perf_counter()
    for n, request in enumerate(requests):
        await asyncio.sleep(max(0.0, began + n / rate - time.perf_counter()))
        sent[ids[n]] = time.perf_counter()
        people[n % PEOPLE].write(request)
    patience = time.perf_counter() + 15
    while len(arrivals) < count and time.perf_counter() < patience:
        await asyncio.sleep(0.1)
    for line in [*(desk.transport for desk in desks), *people]:
        line.close()
    missing = [i for i in sent if i not in arrivals]
    assert not missing, f"{len(missing)} presses never reached the desk"
    return [(arrivals[i] - at) * 1000 for i, at in sent.items()]


def desk_latency(system: System, _seconds: int) -> list[Figure]:
    """From the press being written to its event on a desk's socket, with 100 desk streams open."""
    times = run_async(_fan_out(system, 100, 50, 500))
    p50, p99 = percentile(times, 0.5), percentile(times, 0.99)
    return [Figure("press → desk event, 100 streams, 50 presses/s: p50", p50, "ms", None, "≤ 20 ms", p50 <= 20),
            Figure("press → desk event: p99", p99, "ms", None, "≤ 150 ms", p99 <= 150)]


def rungs(system: System, _seconds: int) -> list[Figure]:
    """How late rungs fire with 1,000 open clocks that come due within the same seconds."""
    env = system.env()
    with psycopg.connect(env.owner_dsn, autocommit=True) as connection:
        ward = system.points[1][0]
        ids = run_async(_thousand(system, ward))
        rows = connection.execute(
            "SELECT (facts->>'late_ms')::float FROM journal_entry WHERE verb = 'escalate' AND subject_id = ANY(%s::uuid[])"
            " AND (facts->>'rung')::int = 1", [ids]).fetchall()
    late = [r[0] for r in rows]
    assert len(late) == len(ids), f"{len(late)} rungs for {len(ids)} incidents"
    p99 = percentile(late, 0.99)
    return [Figure("rung lateness with 1,000 open clocks: p99", p99, "ms", None, "≤ 250 ms", p99 <= 250),
            Figure("rung lateness: worst", max(late), "ms", None, "reported", None)]


async def _thousand(system: System, ward: int) -> list[str]:
    """1,000 presses in a ward that a desk watches, so that the first rung is due 15 s later."""
    desks = await _open_desks(system.stack.port, system.desk_token(ward), 1, None)
    lanes = [[system.press_request(ward) for _ in range(50)] for _ in range(20)]
    ids = [json.loads(r.partition(b"\r\n\r\n")[2])["press_id"] for lane in lanes for r in lane]
    pressing = asyncio.create_task(asyncio.to_thread(system.load, lanes))
    until = time.monotonic() + 17
    while not pressing.done() or time.monotonic() < until:  # the desk must go on watching, or the rungs are hurried
        await asyncio.to_thread(desks[0].watch)
        await asyncio.sleep(3)
    await pressing
    desks[0].transport.close()
    return ids


def units(system: System, count: int) -> list[str]:
    """`count` units on shift in one ward; answers their tracker keys."""
    ward, lat, lon = system.points[2]
    keys = [f"bench{i:06d}" for i in range(count)]
    with psycopg.connect(system.env().owner_dsn) as connection:
        rows = [(new_id(), ward, f"B{i:04d}", key) for i, key in enumerate(keys)]
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO patrol_unit (id, ward_id, call_sign, kind, capabilities, tracker_key, active)"
                               " VALUES (%s, %s, %s, 'motorbike', '{}', %s, true)", rows)
            cursor.executemany("INSERT INTO patrol_shift (id, ward_id, unit_id, crew, started_at)"
                               " VALUES (%s, %s, %s, '{}', now())", [(new_id(), ward, r[0]) for r in rows])
    return keys


def _fix(lat: float, lon: float, n: int) -> dict[str, Any]:
    return {"at": datetime.fromtimestamp(time.time() - 3600 + n / 1000, UTC).isoformat(), "lat": lat, "lon": lon,
            "accuracy_m": 8}


def positions(system: System, _seconds: int) -> list[Figure]:
    """Durable positions per second."""
    keys = units(system, 500)
    _, lat, lon = system.points[2]
    figures = []
    for size, lanes, each, target in ((1, 64, 150, 2000), (50, 32, 20, 8000)):
        requests = [[http("POST", "/live/position", json.dumps({"key": keys[(n * each + i) % len(keys)], "fixes": [
            _fix(lat, lon, (n * each + i) * size + k) for k in range(size)]}).encode()) for i in range(each)]
            for n in range(lanes)]
        done = system.load(requests)
        assert set(done["statuses"]) == {"200"}, done["statuses"]
        rate = done["requests"] * size / done["seconds"]
        name = "one fix per request" if size == 1 else f"batches of {size}"
        figures.append(Figure(f"positions, durable, {name}", rate, "fixes/s", None, f"≥ {target:,}", rate >= target))
    return figures


def ranking(_system: System, _seconds: int) -> list[Figure]:
    """500 units ranked for an incident, in memory."""
    rng = random.Random(5)
    candidates = [Candidate(new_id(), f"U{i}", "motorbike", (), True, 11 + rng.random() / 5, 106.7 + rng.random() / 5,
                            rng.random() * 70, None) for i in range(500)]
    times = []
    for _ in range(300):
        began = time.perf_counter()
        rank(Wanted(11.1, 106.8, "medical"), candidates)
        times.append((time.perf_counter() - began) * 1000)
    p99 = percentile(times, 0.99)
    return [Figure("500 units ranked: p99", p99, "ms", None, "≤ 50 ms", p99 <= 50)]
