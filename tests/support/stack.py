"""A whole installation, running for real in a folder of its own: started, killed in part or whole, started again."""
from __future__ import annotations

import atexit
import functools
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from binhan.kernel.ids import new_id
from tests.support.waiting import wait_until

PARTS = ("live", "web", "desk", "clocks-1", "clocks-2", "notify", "postgres")


# Below those that the kernel hands out to whoever connects: a port that is free now may else be somebody's a moment later.
FIRST_PORT, PORTS_EACH = 20_000, 2_000


def free_port() -> int:
    """A port such that it and the next three are free, and no worker beside this one chooses it."""
    begin = FIRST_PORT + PORTS_EACH * int(os.environ.get("PYTEST_XDIST_WORKER", "gw5").removeprefix("gw"))
    while True:
        port = random.SystemRandom().randrange(begin, begin + PORTS_EACH, 4)
        with suppress(OSError), ExitStack() as tried:
            for n in range(4):
                tried.enter_context(socket.socket()).bind(("127.0.0.1", port + n))
            return port


@dataclass
class Stack:
    """`binhan up --demo` as a child process, and a small client for it."""

    folder: Path
    port: int = field(default_factory=free_port)
    extra: dict[str, str] = field(default_factory=dict)
    prefix: tuple[str, ...] = ()
    demo: bool = True
    lacks: frozenset[str] = frozenset()  # what readiness may miss here, by name
    process: subprocess.Popen[bytes] | None = None

    @property
    def base(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, patience_s: float = 90) -> Stack:
        """Start, and wait until every part is ready."""
        self.launch()
        self.wait_ready(patience_s)
        return self

    def launch(self) -> None:
        """Start, and wait for nothing."""
        variables = {k: v for k, v in os.environ.items() if not k.startswith(("BINHAN_", "DJANGO_"))}
        out = (self.folder.parent / f"{self.folder.name}.out").open("ab")
        self.process = subprocess.Popen(
            [*self.prefix, sys.executable, "-W", "ignore", "-m", "binhan.run.cli", "up",
             *(["--demo"] if self.demo else []), "--port", str(self.port), "--data-dir", str(self.folder)],
            stdout=out, stderr=out, stdin=subprocess.DEVNULL,
            env={**variables, **self.extra}, start_new_session=True)
        out.close()

    def wait_ready(self, patience_s: float = 60) -> None:
        """Until /readyz says so."""
        last: list[Any] = [None]

        def ready() -> bool:
            assert self.process is not None
            if self.process.poll() is not None:
                raise AssertionError(f"up ended with {self.process.returncode}: {self.output()[-2000:]}")
            try:
                status, last[0] = self.call("GET", "/readyz", timeout=3)
            except OSError as error:
                status, last[0] = 0, error
            return status == 200 or (status == 503 and not {
                name for name, well in last[0]["parts"].items() if well is False} - self.lacks)
        wait_until(ready, lambda: f"not ready: {last[0]}; {self.output()[-2000:]}", patience_s)

    def output(self) -> str:
        """What `up` printed."""
        return (self.folder.parent / f"{self.folder.name}.out").read_text(encoding="utf-8", errors="replace")

    def pid(self, part: str) -> int:
        """The process id of a part."""
        return int((self.folder / "run" / f"{part}.pid").read_text())

    def kill(self, part: str) -> None:
        """kill -9 of a part with everything that it started; they are gone when this returns."""
        head = self._running(part)
        _kill([head, *head.children(recursive=True)] if part != "postgres" else [head])

    def _running(self, part: str) -> psutil.Process:
        """The process of a part, once the supervisor has (re)started it."""
        def running() -> psutil.Process | None:
            try:
                process = psutil.Process(self.pid(part))
                return process if process.status() != psutil.STATUS_ZOMBIE else None
            except (psutil.NoSuchProcess, ValueError, FileNotFoundError):
                return None
        return wait_until(running, f"{part} is not running")

    def kill_everything(self) -> None:
        """kill -9 of the supervisor and of every process under it, at once."""
        assert self.process is not None
        head = psutil.Process(self.process.pid)
        _kill([head, *head.children(recursive=True)])
        self.process.wait(10)

    def stop(self) -> None:
        """As Ctrl-C does."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill_everything()

    def call(self, method: str, path: str, body: Any = None, token: str | None = None, timeout: float = 20,
             raw: bytes | None = None, headers: dict[str, str] | None = None) -> tuple[int, Any]:
        """(status, JSON) of one request."""
        given = raw if raw is not None else None if body is None else json.dumps(body).encode()
        all_headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {}),
                       **(headers or {})}
        request = urllib.request.Request(self.base + path, given, all_headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return answer.status, _json(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, _json(error.read())

    def press(self, **fields: Any) -> tuple[int, Any, dict[str, Any]]:
        """(status, answer, body) of a new press at the middle of the sample ward unless told otherwise."""
        body = {"press_id": str(new_id()), "at": datetime.now(UTC).isoformat(), "lat": 11.0914, "lon": 106.799,
                "accuracy_m": 15, **fields}
        body = {k: v for k, v in body.items() if v is not None}
        status, answer = self.call("POST", "/live/press", body)
        return status, answer, body

    def login(self, name: str) -> dict[str, str]:
        """One of the demo logins."""
        rows = json.loads((self.folder / "demo-logins.json").read_text(encoding="utf-8"))
        return next(r for r in rows if r["login"] == name)

    def token(self, name: str) -> str:
        """The API token of a demo login."""
        return self.login(name)["api_token"]

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`binhan …` on this data directory."""
        variables = {k: v for k, v in os.environ.items() if not k.startswith(("BINHAN_", "DJANGO_"))}
        return subprocess.run([sys.executable, "-W", "ignore", "-m", "binhan.run.cli", *arguments, "--data-dir",
                               str(self.folder)], capture_output=True, text=True, check=False, timeout=120,
                              env={**variables, **self.extra})


def _kill(family: list[psutil.Process]) -> None:
    for process in family:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    wait_until(lambda: not any(map(_runs, family)), "some of them outlived kill -9")


def _runs(process: psutil.Process) -> bool:
    """Whether anything of it is left. A process is called a zombie as soon as its first thread has ended: until the last
    one has, what it listened on is still open."""
    try:
        return process.is_running() and (process.status() != psutil.STATUS_ZOMBIE or process.num_threads() > 1)
    except psutil.NoSuchProcess:
        return False


def _json(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return body.decode("utf-8", "replace")


@functools.cache
def seed() -> Path:
    """A data directory with the sample ward, made once a run: stories begin from a copy of it."""
    first = Stack(Path(tempfile.mkdtemp(prefix="binhan-seed-")) / "d")
    done = subprocess.run([sys.executable, "-W", "ignore", "-m", "binhan.run.cli", "demo", "load", "--data-dir",
                           str(first.folder)], capture_output=True, text=True, check=False, env={
                               k: v for k, v in os.environ.items() if not k.startswith(("BINHAN_", "DJANGO_"))})
    assert done.returncode == 0, done.stderr
    atexit.register(shutil.rmtree, first.folder.parent, ignore_errors=True)
    return first.folder


def new_stack(**fields: Any) -> Stack:
    """A stack in a fresh folder with the sample ward, not started yet."""
    folder = Path(tempfile.mkdtemp(prefix="binhan-stack-")) / "d"
    subprocess.run(["cp", "-a", seed(), folder], check=True)
    atexit.register(shutil.rmtree, folder.parent, ignore_errors=True)
    return Stack(folder, **fields)
