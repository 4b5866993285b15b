"""A system of its own for measuring: the 168 wards of TP.HCM, one machine, everything running."""
from __future__ import annotations

import asyncio
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import psutil
import psycopg
import uvloop

from binhan.commons.places.queries import packaged_boundaries, packaged_units
from binhan.kernel.geo import WardIndex
from binhan.kernel.ids import new_id
from binhan.kernel.tokens import sign
from binhan.run import postgres
from binhan.site.environment import Environment, load
from tests.support.stack import Stack, free_port

CITY = "79"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure. `met` is None where it is only reported."""

    name: str
    figure: float
    unit: str
    limit: float | None
    target: str
    met: bool | None


class System:
    """The installation that is measured."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="binhan-bench-")) / "d"
        self.stack = Stack(self.folder, port=free_port(), demo=False)
        self.points: list[tuple[int, float, float]] = []

    def start(self) -> None:
        """Serve the 168 wards and start everything."""
        codes = [c for c, u in packaged_units().items() if u["province_code"] == CITY]
        wards = [w for c in codes for w in ("--ward", c)]
        done = self.stack.command("init", *wards)
        if done.returncode:
            raise SystemExit(done.stdout + done.stderr)
        index = WardIndex({int(c): g for c, g in packaged_boundaries(codes, detailed=True).items()})
        rng = random.Random(1)
        for ward, shape in index.shapes.items():
            south, west, north, east = shape.box
            while True:
                lat, lon = rng.uniform(south, north), rng.uniform(west, east)
                if (spot := index.locate(lat, lon)) is not None and (spot.ward_id, spot.how) == (ward, "inside"):
                    self.points.append((ward, round(lat, 6), round(lon, 6)))
                    break
        self.stack.start()

    def env(self) -> Environment:
        """The environment of the measured system, for connecting to its database."""
        return load({"BINHAN_DATA_DIR": str(self.folder), "BINHAN_PORT": str(self.stack.port)})

    def desk_token(self, ward: int) -> str:
        """A stream token of a desk of the ward, as Django signs it."""
        return sign({"ward_id": ward, "account": str(new_id()), "exp": time.time() + 600, "desk": True},
                    self.env().key, "desk-stream")

    def press_request(self, ward: int | None = None) -> bytes:
        """One press as it goes over the wire; in `ward`, or spread over all."""
        number, lat, lon = next(p for p in self.points if p[0] == ward) if ward else random.choice(self.points)
        body = json.dumps({"press_id": str(new_id()), "at": datetime.now(UTC).isoformat(), "lat": lat, "lon": lon,
                           "accuracy_m": 20}).encode()
        return http("POST", "/live/press", body)

    def load(self, requests: list[list[bytes]], at: tuple[str, int] | None = None) -> dict[str, Any]:
        """Send each connection's requests one after another, from a process of its own; to this system, or to `at`."""
        host, port = at or ("127.0.0.1", self.stack.port)
        with tempfile.NamedTemporaryFile("wb", suffix=".load", delete=False) as file:
            for lane in requests:
                file.write(len(lane).to_bytes(4, "big"))
                for one in lane:
                    file.write(len(one).to_bytes(4, "big") + one)
        try:
            done = subprocess.run([sys.executable, "-m", "bench.load", str(port), file.name, host],
                                  capture_output=True, text=True, check=True)
        finally:
            os.unlink(file.name)
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def pgbench(self, script: str, clients: int, seconds: int, dsn: str = "") -> float:
        """Transactions per second of a script on the measured database, as the hot path's own role unless told."""
        with tempfile.NamedTemporaryFile("w", suffix=".sql", delete=False) as file:
            file.write(script)
        try:
            done = subprocess.run([postgres.BINARIES / "pgbench", "-n", "-M", "prepared", "-c", str(clients), "-j", "2",
                                   "-T", str(seconds), "-f", file.name, dsn or self.env().live_dsn],
                                  capture_output=True, text=True, check=False)
        finally:
            os.unlink(file.name)
        found = re.search(r"tps = ([\d.]+)", done.stdout)
        if not found:
            raise SystemExit(done.stdout + done.stderr)
        return float(found.group(1))

    def quiet(self) -> None:
        """Nothing waits any more: the ladders of earlier stages must not be measured with the next one."""
        with psycopg.connect(self.env().owner_dsn, autocommit=True) as connection:
            connection.execute("TRUNCATE clocks_clock, notify_message")

    def memory_mb(self) -> float:
        """Proportional memory of every process of the system."""
        assert self.stack.process is not None
        top = psutil.Process(self.stack.process.pid)
        return sum(float(p.memory_full_info().pss) for p in [top, *top.children(recursive=True)]) / 1e6

    def stop(self) -> None:
        """End it."""
        self.stack.stop()


def http(method: str, path: str, body: bytes = b"", headers: str = "", content: str = "application/json") -> bytes:
    """A request ready to be written to a socket."""
    return (f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {content}\r\n{headers}"
            f"Content-Length: {len(body)}\r\n\r\n").encode() + body


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of all lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def run_async(job: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end on the quick loop."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(job)
