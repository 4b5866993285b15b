"""Starting, idling and being killed: `binhan up --demo` on data that is there, as an operator has it.

Each figure stands beside that of another checkout of this project, measured in turn, if one is given (--before)."""
from __future__ import annotations

import http.client
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import psutil
import psycopg

from bench.system import Figure
from binhan.site.environment import load
from tests.support.stack import free_port

HERE = Path(__file__).resolve().parent.parent
PARTS = ("live", "web", "clocks-1", "notify")
SETTLED_S = 10.0  # until what starting has left behind is done
PATIENCE_S = 120.0


@dataclass
class Checkout:
    """One checkout with a sample ward of its own, and what was measured of it."""

    root: Path
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="binhan-start-")) / "d")
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    seen: dict[str, list[float]] = field(default_factory=dict)

    def _command(self, *arguments: str) -> subprocess.Popen[bytes]:
        variables = {k: v for k, v in os.environ.items() if not k.startswith(("BINHAN_", "DJANGO_"))}
        return subprocess.Popen([self.root / ".venv" / "bin" / "binhan", *arguments, "--data-dir", self.folder],
                                cwd=self.root, env=variables, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
                                start_new_session=True)

    def prepare(self) -> None:
        """The sample ward, and one start that is not measured: everything is compiled and in the page cache."""
        if self._command("demo", "load").wait():
            raise SystemExit(f"no sample ward in {self.root}")
        self.start()
        self.stop()

    def start(self) -> tuple[float, float]:
        """(seconds until ready, seconds of processor until then)."""
        began = time.monotonic()
        self.process = self._command("up", "--demo", "--port", str(self.port))
        self._until(lambda: self.get("/readyz") == 200)
        return time.monotonic() - began, sum(_used(p) for p in self.family())

    def family(self) -> list[psutil.Process]:
        """Every process of the system."""
        assert self.process is not None
        top = psutil.Process(self.process.pid)
        return [top, *top.children(recursive=True)]

    def database(self) -> set[int]:
        """Of these PostgreSQL's own."""
        postmaster = psutil.Process(self._pid("postgres"))
        return {postmaster.pid, *(p.pid for p in postmaster.children(recursive=True))}

    def _pid(self, part: str) -> int:
        return int((self.folder / "run" / f"{part}.pid").read_text(encoding="utf-8"))

    def get(self, path: str) -> int | None:
        """The status of one page; None while nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        with suppress(OSError, http.client.HTTPException):
            connection.request("GET", path)
            return connection.getresponse().status
        return None

    def memory_mb(self) -> tuple[float, float]:
        """Proportional memory, without and with PostgreSQL."""
        theirs = self.database()
        sizes = {p.pid: float(p.memory_full_info().pss) / 1e6 for p in self.family()}
        return sum(size for pid, size in sizes.items() if pid not in theirs), sum(sizes.values())

    def busy(self, seconds: float) -> tuple[float, float]:
        """Percent of one core over so many seconds, without and with PostgreSQL."""
        theirs, before = self.database(), {p: _used(p) for p in self.family()}
        began = time.monotonic()
        time.sleep(seconds)
        used = {p.pid: (_used(p) - b) / (time.monotonic() - began) * 100 for p, b in before.items() if p.is_running()}
        return sum(share for pid, share in used.items() if pid not in theirs), sum(used.values())

    def back_s(self, part: str) -> float:
        """Seconds from kill -9 of a part until it does its work again."""
        killed = psutil.Process(self._pid(part))
        for process in [*killed.children(recursive=True), killed]:
            process.kill()
        began = time.monotonic()
        self._until(lambda: self._does_its_work(part, began))
        return time.monotonic() - began

    def _does_its_work(self, part: str, since: float) -> bool:
        if part in ("live", "web"):
            return self.get({"live": "/readyz", "web": "/account/login/"}[part]) == 200
        dsn = load({"BINHAN_DATA_DIR": str(self.folder), "BINHAN_PORT": str(self.port)}).live_dsn
        with psycopg.connect(dsn) as connection:
            row = connection.execute("SELECT (live_heartbeats()->>%s)::float", [part]).fetchone()
        return row is not None and row[0] is not None and float(row[0]) < time.monotonic() - since

    def _until(self, what: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not what():
            if time.monotonic() > deadline or self.process is None or self.process.poll() is not None:
                raise SystemExit(f"{self.root} does not run; see {self.folder / 'logs'}")
            time.sleep(0.01)

    def stop(self) -> None:
        """As Ctrl-C does."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(60)

    def measure(self, seconds: float) -> None:
        """One run of everything."""
        found = dict(zip(("ready", "start cpu"), self.start(), strict=True))
        time.sleep(SETTLED_S)
        found |= dict(zip(("memory", "memory with PostgreSQL"), self.memory_mb(), strict=True))
        found |= dict(zip(("idle", "idle with PostgreSQL"), self.busy(seconds), strict=True))
        found |= {part: self.back_s(part) for part in PARTS}
        self.stop()
        for name, value in found.items():
            self.seen.setdefault(name, []).append(value)
        print(f"  {self.root.name}: " + ", ".join(f"{k} {v:.2f}" for k, v in found.items()), flush=True)


def _used(process: psutil.Process) -> float:
    with suppress(psutil.Error):
        times = process.cpu_times()
        return float(times.user + times.system)
    return 0.0


def start(seconds: int, before: Path | None) -> list[Figure]:
    """Each figure as the median of several runs, the other checkout's run before each of ours."""
    checkouts = [Checkout(root) for root in (*([before] if before else []), HERE)]
    try:
        for checkout in checkouts:
            checkout.prepare()
        for _ in range(5 if seconds > 2 else 2):
            for checkout in checkouts:
                checkout.measure(seconds * 10)
    finally:
        for checkout in checkouts:
            checkout.stop()
    return list(_figures(checkouts[-1], checkouts[0] if before else None))


def _figures(ours: Checkout, theirs: Checkout | None) -> Iterable[Figure]:
    rows: list[tuple[str, str, str, float | None, float | None]] = [  # name, what it is, unit, share of before, most
        ("ready", "ready on existing data (binhan up --demo → /readyz)", "s", 1 / 3, None),
        ("start cpu", "the same: processor time of all processes, PostgreSQL included", "s", None, None),
        ("memory", "idle: proportional memory without PostgreSQL", "MB", 0.6, None),
        ("memory with PostgreSQL", "the same with PostgreSQL", "MB", None, None),
        ("idle", "idle: processor, without PostgreSQL", "% of a core", None, 2.0),
        ("idle with PostgreSQL", "the same with PostgreSQL", "% of a core", None, 2.0),
        *((part, f"kill -9 of {part} → it works again", "s", None, 1.0) for part in PARTS)]
    for key, name, unit, share, most in rows:
        value, was = median(ours.seen[key]), median(theirs.seen[key]) if theirs else None
        limit = most if most is not None else share * was if share is not None and was is not None else None
        target = f"≤ {most:g}" if most is not None else f"≤ {share:.2f} of before" if share is not None else "reported"
        yield Figure(name if was is None else f"{name} (before: {was:,.2f})", value, unit, was, target,
                     None if limit is None else value <= limit)
