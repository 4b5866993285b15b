"""`binhan up`: PostgreSQL, the front door, the office pages and the workers, started, watched and ended together."""
from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

from binhan.run import lock, postgres
from binhan.run.lock import CannotStart
from binhan.site.environment import Environment

PATIENCE_S = 4.0
OWN = ("supervisor", "postgres")  # not groups of ours: the database is adopted by its own rules


@dataclass
class Child:
    """One process that is kept alive. `quick` counts ends that came too soon, for the back-off."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    quick: int = 0
    again_at: float = 0.0


def _die_with_parent() -> None:
    ctypes.CDLL("libc.so.6", use_errno=True).prctl(1, signal.SIGTERM)


def inner_port(public: int) -> int:
    """Where the office pages listen, on this machine only: beside the public port, or wherever there is room."""
    for port in (public + 1, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except (OSError, OverflowError):
                continue
            return int(probe.getsockname()[1])
    raise CannotStart("Không còn cổng nào trống. / No free port.")


@dataclass
class Supervisor:
    """Keeps the parts of one installation running until it is told to stop."""

    env: Environment
    say: Callable[[str], None] = print
    children: list[Child] = field(default_factory=list)
    database: subprocess.Popen[bytes] | None = None
    stopping: bool = False
    lock: IO[str] | None = None

    def take_lock(self) -> None:
        """One `binhan up` per data directory; what a killed one left behind is ended, and its ports are free."""
        self.lock = lock.take(self.env.data_dir, lock.UP, 60)
        self._end_leftovers()
        self._check_port(self.env.port)

    def _end_leftovers(self) -> None:
        """Parts of an `up` that was killed: one that outlived it would hold the port and run old code."""
        groups = {int(text) for path in (self.env.data_dir / "run").glob("*.pid") if path.stem not in OWN
                  and (text := path.read_text(encoding="utf-8").strip()).isdigit()}
        marks = (f"BINHAN_DATA_DIR={self.env.data_dir}\0".encode(), b"BINHAN_WEB_ADDRESS=")  # ours, and a part
        for stat in Path("/proc").glob("[0-9]*/stat") if groups else []:
            try:
                group = int(stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[2])
                if group in groups and group != os.getpgrp() and all(
                        word in (stat.parent / "environ").read_bytes() + b"\0" for word in marks):
                    self._kill_group(group)
            except (OSError, ValueError, IndexError):
                continue  # it ended meanwhile, or is somebody else's

    def _check_port(self, port: int) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            deadline = time.monotonic() + 3  # a part that was just killed may hold it a moment longer
            while True:
                try:
                    probe.bind((self.env.host, port))
                    return
                except OSError:
                    if time.monotonic() > deadline:
                        raise CannotStart(f"Cổng {port} đang có chương trình khác dùng. Chọn cổng khác: --port N. / Port"
                                          f" {port} is in use; choose another with --port N.") from None
                    time.sleep(0.2)

    def start_database(self) -> None:
        """The embedded server, where there is no other."""
        if self.env.embedded:
            postgres.prepare(self.env)
            self.database = postgres.start(self.env, self._log("postgres"))
            self._write_pid("postgres", self.database.pid)
        postgres.ensure_roles(self.env)

    def plan(self) -> None:
        """The processes of one machine."""
        python = [sys.executable, "-W", "ignore", "-m"]
        granian = [*python, "granian", "--workers", "1", "--no-ws", "--log-level", "warning", "--backlog", "4096",
                   "--workers-kill-timeout", "3"]
        host, _, port = self.env.web_address.rpartition(":")
        self.children = [
            Child("live", [*granian, "--interface", "asgi", "--loop", "uvloop", "--host", self.env.host, "--port",
                           str(self.env.port), "binhan.run.front:app"]),
            Child("web", [*granian, "--interface", "wsgi", "--blocking-threads", "4", "--host", host, "--port", port,
                          "binhan.run.web:application"]),
            *(Child(f"clocks-{n}", [*python, "binhan.run.cli", "_clocks", "--number", str(n)]) for n in (1, 2)),
            Child("notify", [*python, "binhan.run.cli", "_notify"])]

    def _log(self, name: str) -> Path:
        folder = self.env.data_dir / "logs"
        folder.mkdir(exist_ok=True)
        path = folder / f"{name}.log"
        if path.exists() and path.stat().st_size > 20_000_000:
            path.replace(path.with_suffix(".log.1"))
        if name == "postgres":  # PostgreSQL may run as another user
            path.touch()
            path.chmod(0o666)
        return path

    def _write_pid(self, name: str, pid: int) -> None:
        folder = self.env.data_dir / "run"
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.pid").write_text(f"{pid}\n", encoding="utf-8")

    def start(self, child: Child) -> None:
        """Start one process; its output goes to its own log."""
        variables = {**os.environ, "BINHAN_DATA_DIR": str(self.env.data_dir), "BINHAN_PORT": str(self.env.port),
                     "BINHAN_WEB_ADDRESS": self.env.web_address, "PYTHONUNBUFFERED": "1",
                     "DJANGO_SETTINGS_MODULE": "binhan.site.settings"}
        with self._log(child.name).open("ab") as log:
            child.process = subprocess.Popen(child.command, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                                             env=variables, start_new_session=True, preexec_fn=_die_with_parent)
        child.started = time.monotonic()
        self._write_pid(child.name, child.process.pid)

    def watch(self) -> None:
        """Until told to stop: whatever dies is started again, the database first."""
        signal.signal(signal.SIGTERM, self._on_signal)
        signal.signal(signal.SIGINT, self._on_signal)
        while not self.stopping:
            if self.database is not None and self.database.poll() is not None:
                self.say("PostgreSQL đã dừng; khởi động lại… / PostgreSQL ended; starting it again…")
                try:
                    self.start_database()
                except postgres.DatabaseAway as error:
                    self.say(str(error))
                    time.sleep(1)
                    continue
            for child in self.children:
                self._tend(child)
            time.sleep(0.1)

    def _tend(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is None:
            if now >= child.again_at:
                self.start(child)
        elif child.process.poll() is not None:
            child.quick = child.quick + 1 if now - child.started < 5 else 0
            child.again_at = now + min(5.0, 0.1 * 2 ** child.quick if child.quick else 0.0)
            self.say(f"{child.name} đã dừng (mã {child.process.returncode}); khởi động lại. Nhật ký:"
                     f" {self.env.data_dir / 'logs' / (child.name + '.log')}")
            self._kill_group(child.process.pid)  # a worker of a killed server must not keep the port
            child.process = None

    @staticmethod
    def _kill_group(pid: int) -> None:
        try:
            os.killpg(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def stop(self) -> None:
        """End everything: first who writes, then the database."""
        running = [c.process for c in self.children if c.process is not None and c.process.poll() is None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + PATIENCE_S
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self._kill_group(process.pid)
        if self.database is not None and self.database.poll() is None:
            postgres.stop_pid(self.database.pid)
            self.database.wait()
        for path in (self.env.data_dir / "run").glob("*.pid"):
            path.unlink(missing_ok=True)
