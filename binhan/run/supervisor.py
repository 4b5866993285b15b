"""`binhan up`: PostgreSQL, the front door, the office pages and the workers, started, watched and ended together."""
from __future__ import annotations

import os
import select
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from binhan.kernel.room import PRESS_ROOM, free_bytes
from binhan.run import lock, postgres
from binhan.run.forks import ForkServer
from binhan.run.leftovers import check_port, end_leftovers, kill_group
from binhan.run.lock import CannotStart
from binhan.run.systemd import tell_systemd
from binhan.run.watchdog import DATABASE, watch_over
from binhan.site.environment import Environment

PATIENCE_S = 4.0
LOOK_EVERY_S = 1.0  # whatever ends wakes the supervisor at once; this is for what cannot
LOG_BYTES = 20_000_000


@dataclass
class Part:
    """One process that is kept alive. `quick` counts ends that came too soon, for the back-off."""

    name: str
    module: str
    arguments: tuple[str, ...] = ()
    log: str = ""
    pid: int | None = None
    asked: bool = False
    started: float = 0.0
    quick: int = 0
    again_at: float = 0.0

    def ended(self) -> int | None:
        """Its code, once it has ended."""
        if self.pid is None:
            return None
        try:
            found, status = os.waitpid(self.pid, os.WNOHANG)
        except ChildProcessError:  # buried before its number was known
            return -1
        return os.waitstatus_to_exitcode(status) if found else None

    def put_off(self, now: float) -> None:
        """Start it again at once, but one that ends again and again ever later."""
        self.quick = self.quick + 1 if now - self.started < 5 else 0
        self.again_at = now + (min(5.0, 0.1 * 2 ** self.quick) if self.quick else 0.0)
        self.pid, self.asked = None, False


ROOM_EVERY_S = 3.0  # how often it is looked whether there is room again


@dataclass
class Supervisor:
    """Keeps the parts of one installation running until it is told to stop."""

    env: Environment
    say: Callable[[str], None] = print
    parts: list[Part] = field(default_factory=list)
    database: subprocess.Popen[bytes] | None = None
    stopping: bool = False
    lock: IO[str] | None = None

    def __post_init__(self) -> None:
        self.forks = ForkServer({"BINHAN_DATA_DIR": str(self.env.data_dir), "BINHAN_PORT": str(self.env.port),
                                 "BINHAN_WEB_ADDRESS": self.env.web_address,
                                 "BINHAN_DESK_ADDRESS": self.env.desk_address, "PYTHONUNBUFFERED": "1",
                                 "DJANGO_SETTINGS_MODULE": "binhan.site.settings",
                                 "OPENBLAS_NUM_THREADS": "1"})  # numpy would start threads, and a fork leaves them behind
        self.watchdog = watch_over(self.env)
        self.loading = Part("forkserver", "")  # its pid is the process's own; kept alive like a part
        self.woken, self.wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def take_lock(self) -> None:
        """One `binhan up` per data directory; what a killed one left behind is ended, and its ports are free."""
        self.lock = lock.take(self.env.data_dir, lock.UP, 60)
        end_leftovers(self.env)
        check_port(self.env.host, self.env.port)

    def listen(self) -> None:
        """Be woken by whatever ends, and by what tells us to end."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.wake, warn_on_full_buffer=False)

    def start_database(self) -> None:
        """The embedded server, where there is no other."""
        if self.env.embedded:
            postgres.prepare(self.env)
            self.database = self._started()
            self._write_pid("postgres", self.database.pid)
            self.watchdog.start(DATABASE)
        postgres.ensure_roles(self.env)

    def _started(self) -> subprocess.Popen[bytes]:
        """The server. On a disk without room for its log it cannot start: that is said, and room is waited for."""
        while True:
            try:
                return postgres.start(self.env, self._log("postgres"))
            except postgres.DatabaseAway:
                if free_bytes(self.env.data_dir) >= PRESS_ROOM:
                    raise
                self.say("Đĩa đã đầy: cơ sở dữ liệu chưa khởi động được, đang chờ có chỗ. Hãy dọn đĩa ngay. / The disk is"
                         " full: the database cannot start and waits for room. Make room now.")
                time.sleep(ROOM_EVERY_S)

    def start_loading(self) -> None:
        """Start the fork server, which loads the code while other things are done."""
        self.loading.started, self.loading.pid = time.monotonic(), self.forks.start()
        self._write_pid(self.loading.name, self.loading.pid)

    def prepare(self, *arguments: str) -> bool:
        """The database brought up to date, and filled if asked, by a process that ends; True if all may start."""
        first = Part("prepare", "binhan.run.parts.prepare", arguments, asked=True)
        self.parts = [first]
        self.forks.ask(first.name, first.module, arguments)
        while (code := first.ended()) is None:
            if first.pid is None and self.forks.ended():
                raise CannotStart("Không nạp được chương trình; lỗi ở trên. / The program could not be loaded; see above.")
            self._wait()
            self._hear()
        self.parts = []
        return code == 0

    def plan(self, demo: bool) -> None:
        """The processes of one machine."""
        parts = [("live", "live", ()), ("clocks-1", "clocks", ("1",)), ("clocks-2", "clocks", ("2",)),
                 ("notify", "notify", ()), ("desk", "web", ("desk",)), ("web", "web", ("web",))]
        self.parts = [Part(name, f"binhan.run.parts.{module}", arguments) for name, module, arguments in parts]
        if demo:  # the sample patrols drive through the real door: POST /live/position
            self.parts.append(Part("demo-patrols", "binhan.demo.patrols"))
        for part in self.parts:
            part.log = str(self._log(part.name))

    def _log(self, name: str) -> Path:
        folder = self.env.data_dir / "logs"
        folder.mkdir(exist_ok=True)
        path = folder / f"{name}.log"
        if path.exists() and path.stat().st_size > LOG_BYTES:
            path.replace(path.with_suffix(".log.1"))
        if name == "postgres":  # PostgreSQL may run as another user
            path.touch()
            path.chmod(0o666)
        return path

    def _write_pid(self, name: str, pid: int) -> None:
        folder = self.env.data_dir / "run"
        folder.mkdir(exist_ok=True)
        fresh, kept = folder / f"{name}.new", folder / f"{name}.pid"
        try:
            fresh.write_text(f"{pid}\n", encoding="utf-8")
            fresh.replace(kept)  # whoever reads it finds a number, never half a file
        except OSError:  # a full disk has no room for a second one, but the first can be written over
            with suppress(OSError):
                fresh.unlink(missing_ok=True)
                kept.write_text(f"{pid}\n", encoding="utf-8")

    def watch(self) -> None:
        """Until told to stop: whatever dies is started again, the database first."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        ended = threading.Event()
        threading.Thread(target=self.watchdog.run, args=(ended,), daemon=True, name="watchdog").start()
        tell_systemd("READY=1")
        while not self.stopping:
            tell_systemd("WATCHDOG=1")
            if self._tend_database():
                self._tend_loading()
                self._hear()
                for part in self.parts:
                    self._tend(part)
                self._bury()
                self._wait()
        ended.set()
        tell_systemd("STOPPING=1")

    def _tend_database(self) -> bool:
        if self.database is not None and self.watchdog.hung(DATABASE):
            self.say("PostgreSQL không trả lời; kết thúc nó… / PostgreSQL does not answer; ending it…")
            postgres.kill(self.env, self.database)
        if self.database is not None and self.database.poll() is not None:
            self.say("PostgreSQL đã dừng; khởi động lại… / PostgreSQL ended; starting it again…")
            try:
                self.start_database()
            except postgres.DatabaseAway as error:
                self.say(str(error))
                time.sleep(1)
                return False
        return True

    def _tend_loading(self) -> None:
        now = time.monotonic()
        if self.loading.pid is not None and self.forks.ended():
            self._hear()  # what it had forked runs on
            self.say(f"{self.loading.name} đã dừng; khởi động lại. / {self.loading.name} ended; starting it again.")
            self.loading.put_off(now)
            for part in self.parts:
                part.asked = part.pid is not None
        if self.loading.pid is None and now >= self.loading.again_at:
            self.start_loading()

    def _hear(self) -> None:
        """Learn the numbers of the parts that were asked for."""
        for name, pid in self.forks.answers():
            for part in (p for p in self.parts if p.name == name):
                part.started, part.pid = time.monotonic(), pid
                if pid is None:
                    part.put_off(part.started)
                else:
                    self._write_pid(name, pid)
                    self.watchdog.start(name)

    def _tend(self, part: Part) -> None:
        now = time.monotonic()
        if part.pid is None:
            if not part.asked and now >= part.again_at:
                self._log(part.name)
                part.asked = self.forks.ask(part.name, part.module, part.arguments, part.log)
            return
        if self.watchdog.hung(part.name):
            self.say(f"{part.name} không trả lời; kết thúc nó. / {part.name} does not answer; ending it.")
            kill_group(part.pid)
            self.watchdog.start(part.name)  # once is enough; its end is noticed as any other
        if (code := part.ended()) is not None:
            self.say(f"{part.name} đã dừng (mã {code}); khởi động lại. Nhật ký: {part.log}")
            kill_group(part.pid)  # a worker of a killed server must not keep the port
            part.put_off(now)
            self._tend(part)

    def _bury(self) -> None:
        """Orphans of a part that died are ours now."""
        known = {part.pid for part in self.parts} | {p.pid for p in (self.database, self.forks.process) if p is not None}
        with suppress(ChildProcessError):
            while (found := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)) and found.si_pid not in known:
                os.waitpid(found.si_pid, 0)

    def _wait(self) -> None:
        """Until something ends or is answered, or it is time to look again."""
        now = time.monotonic()
        soon = [p.again_at for p in (*self.parts, self.loading) if p.again_at > now]
        heard: list[Any] = [self.woken] if self.forks.control is None else [self.woken, self.forks.control]
        select.select(heard, [], [], min([LOOK_EVERY_S, *(at - now for at in soon)]))
        with suppress(BlockingIOError):
            os.read(self.woken, 4096)

    def _on_signal(self, *_: object) -> None:
        self.stopping = True

    def stop(self) -> None:
        """End everything: first who writes, then the database."""
        self.forks.stop()
        self._hear()
        running = [part for part in self.parts if part.pid is not None and part.ended() is None]
        for part in running:
            with suppress(ProcessLookupError):
                os.kill(part.pid or 0, signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE_S
        while running and time.monotonic() < deadline:
            time.sleep(0.02)
            running = [part for part in running if part.ended() is None]
        for part in running:
            kill_group(part.pid or 0)
        if self.database is not None and self.database.poll() is None:
            postgres.stop_pid(self.database.pid)
            self.database.wait()
        for path in (self.env.data_dir / "run").glob("*.pid"):
            path.unlink(missing_ok=True)
