"""The duty desk while others keep the system busy: how long an acknowledgement takes, alone and beside other teams."""
from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import aiohttp

from bench.system import Figure, System, http, percentile, run_async
from bench.visits import upload, visit_ground

RATE, COUNT = 10, 80  # acknowledgements: each second, in all
FLOOR_MS, TIMES = 60.0, 3.0  # the target: at most so many times the quiet p99, or this


def under_load(system: System, seconds: int) -> list[Figure]:
    """`POST acknowledge` at a steady rate: alone; while fifty phones upload one visit each time; while three hundred
    connections ask for the turfs of their phones."""
    ward, token = system.points[4][0], _officer(system, system.points[4][0])
    ground = visit_ground(system, system.points[3][0])
    numbers = dict.fromkeys((p["device"] for p in ground["phones"]), 0)
    run_async(_acknowledge(system, ward, token))  # the first ones of a new process are no measure
    quiet = run_async(_acknowledge(system, ward, token))
    limit = max(FLOOR_MS, TIMES * percentile(quiet["ms"], 0.99))
    figures = [_p50("POST acknowledge, alone", quiet), _p99("the same, alone", quiet, None)]
    phones = ground["phones"]
    loads = {f"{len(phones)} phones of another ward upload visits one by one":
             [[upload(ground, p, numbers, 1) for _ in range(3 * seconds)] for p in phones],
             "300 connections ask for their phones' turfs":
             [[http("GET", "/api/field/turfs", headers=f"Authorization: Bearer {p['token']}\r\nX-Device: {p['device']}\r\n")
               for _ in range(seconds)] for p in phones * 6]}
    for name, lanes in loads.items():
        with ThreadPoolExecutor(1) as beside:
            load = beside.submit(system.load, lanes)
            time.sleep(0.5)
            busy = run_async(_acknowledge(system, ward, token))
            whole = not load.done()
            done = load.result()
        assert busy["statuses"] == {200: COUNT}, busy["statuses"]
        figures += [_p50(f"POST acknowledge while {name}", busy), _p99("the same", busy, limit),
                    Figure(f"the load beside it{'' if whole else ', ended before'}: {_said(done['statuses'])}",
                           done["requests"] / done["seconds"], "requests/s", None, "reported", None)]
    return figures


def _said(statuses: dict[str, int]) -> str:
    return ", ".join(f"{n} × {status}" for status, n in sorted(statuses.items()))


def _p50(name: str, done: dict[str, Any]) -> Figure:
    return Figure(f"{name}: p50", percentile(done["ms"], 0.5), "ms", None, "reported", None)


def _p99(name: str, done: dict[str, Any], limit: float | None) -> Figure:
    p99 = percentile(done["ms"], 0.99)
    if limit is None:
        return Figure(f"{name}: p99", p99, "ms", None, "the limit", None)
    return Figure(f"{name}: p99", p99, "ms", limit, f"≤ {limit:.0f} ms", p99 <= limit)


async def _acknowledge(system: System, ward: int, token: str) -> dict[str, Any]:
    """COUNT presses of the ward, acknowledged at RATE a second; {ms: how long each took, statuses}."""
    requests = [system.press_request(ward) for _ in range(COUNT)]
    bodies = [request.partition(b"\r\n\r\n")[2] for request in requests]
    took: list[float] = []
    statuses: Counter[int] = Counter()
    async with aiohttp.ClientSession(system.stack.base, headers={"Authorization": f"Bearer {token}"}) as session:
        async def one(incident: str) -> None:
            began = time.perf_counter()
            async with session.post(f"/api/incidents/{incident}/acknowledge", json={}) as answer:
                await answer.read()
                statuses[answer.status] += 1
            took.append((time.perf_counter() - began) * 1000)
        for body in bodies:
            async with session.post("/live/press", data=body, headers={"Content-Type": "application/json"}) as answer:
                assert answer.status == 201, await answer.text()
        began, tasks = time.perf_counter(), []
        for n, body in enumerate(bodies):
            await asyncio.sleep(max(0.0, began + n / RATE - time.perf_counter()))
            tasks.append(asyncio.create_task(one(json.loads(body)["press_id"])))
        await asyncio.gather(*tasks)
    return {"ms": took, "statuses": dict(statuses)}


def _officer(system: System, ward: int) -> str:
    done = subprocess.run([sys.executable, "-W", "ignore", "-m", "bench.desk_ground", str(ward)], capture_output=True,
                          text=True, check=False, env={**os.environ, "BINHAN_DATA_DIR": str(system.folder),
                                                       "BINHAN_PORT": str(system.stack.port)})
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return done.stdout.strip()
