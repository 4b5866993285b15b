"""Asking for a piece of work: a process is started for it, listened to, and ended when it takes too long or nobody wants
its answer any more."""
from __future__ import annotations

import json
import logging
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from binhan.commons.sandbox.rules import Ended, Heard, Work

ROOT = Path(__file__).resolve().parents[3]
COMMAND = [sys.executable, "-P", "-s", "-W", "ignore", "-m", "binhan.commons.sandbox.child"]
LOOK_EVERY_S = 0.5
log = logging.getLogger(__name__)


def _anyhow(_progress: int) -> bool:
    return True


def run(work: Work, body: bytes, go_on: Callable[[int], bool] = _anyhow) -> bytes:
    """The answer; raises Ended. `go_on` hears twice a second how far it is, and says whether it is still wanted."""
    try:
        return _run(work, body, go_on)
    except Ended as ended:
        if ended.why != "stopped":
            log.warning("%s ended without an answer: %s", work.name, ended)
        raise


def _run(work: Work, body: bytes, go_on: Callable[[int], bool]) -> bytes:
    until, look = time.monotonic() + work.limits.wall_s, 0.0
    heard = Heard(work.limits.answer)
    with _started(work, body) as child:
        assert child.stdout is not None
        lines = select.poll()
        lines.register(child.stdout, select.POLLIN)
        while True:
            if (now := time.monotonic()) > until:
                raise Ended("time")
            if now >= look:
                look = now + LOOK_EVERY_S
                if not go_on(heard.progress):
                    raise Ended("stopped")
            if lines.poll(1000 * min(LOOK_EVERY_S, until - now)):
                if not (piece := os.read(child.stdout.fileno(), 1 << 18)):
                    break
                heard.feed(piece)
        try:
            code = child.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise Ended("time") from None
        return heard.outcome(code)


@contextmanager
def _started(work: Work, body: bytes) -> Iterator[subprocess.Popen[bytes]]:
    """The process, with a folder for what it may write. Both are gone afterwards."""
    with ExitStack() as afterwards:
        folder = afterwards.enter_context(TemporaryDirectory(prefix="binhan-work-")) if work.limits.disk else "/nonexistent"
        try:
            child = _process(work, body, folder)
        except OSError as error:  # no memory, too many processes or open files
            raise Ended("busy", f"not started: {error.strerror}") from None
        afterwards.enter_context(child)
        afterwards.callback(child.kill)
        yield child


def _process(work: Work, body: bytes, folder: str) -> subprocess.Popen[bytes]:
    given = _unnamed(work, body)
    try:
        return subprocess.Popen([*COMMAND, str(given)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL, pass_fds=[given], env=_variables(folder), cwd="/",
                                start_new_session=True)
    finally:
        os.close(given)


def _unnamed(work: Work, body: bytes) -> int:
    """What the process is to read, in memory that has no name: nothing of it is on the disk."""
    limits = work.limits
    head = {"work": work.name, "options": dict(work.options), "cpu_s": limits.cpu_s, "memory": limits.memory,
            "disk": limits.disk}
    given = os.memfd_create("binhan-work")
    with os.fdopen(os.dup(given), "wb") as file:
        file.write(json.dumps(head).encode() + b"\n")
        file.write(body)
    os.lseek(given, 0, os.SEEK_SET)
    return given


def _variables(folder: str) -> dict[str, str]:
    """What the process may know: where Python and the code are. No secret, no address of a database."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "TZ") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "TMPDIR": folder, "LC_ALL": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1",
            "MALLOC_ARENA_MAX": "2"}
