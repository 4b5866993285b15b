"""`python -m binhan.commons.sandbox.child FD`: one piece of work, within its limits, on the bytes behind FD.

It has been given no database, no secret and no variable of ours. Its standard input is a line to whoever asked: when that
breaks, nobody waits for the answer any more, and it ends."""
from __future__ import annotations

import importlib
import json
import os
import resource
import sys
import threading
import traceback
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, BinaryIO, Protocol

from binhan.commons.sandbox.rules import ANSWER, END, FAULT, MEMORY, PIECE_MAX, PROGRESS, frame

NICE = 10
FILES_MAX = 64


class _Does(Protocol):
    def __call__(self, body: bytes, options: Any, tell: Any) -> Iterable[bytes]: ...


def _limit(cpu_s: int, memory: int, disk: int) -> None:
    """From here on the kernel holds this process to it; whatever it starts would be held to the same."""
    for what, most in ((resource.RLIMIT_CPU, cpu_s), (resource.RLIMIT_AS, memory), (resource.RLIMIT_CORE, 0),
                       (resource.RLIMIT_FSIZE, disk), (resource.RLIMIT_NOFILE, FILES_MAX)):
        hard = resource.getrlimit(what)[1]
        if hard == resource.RLIM_INFINITY or hard > most:
            resource.setrlimit(what, (most, most + 1 if what == resource.RLIMIT_CPU else most))
    os.nice(NICE)
    with suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as score:
        score.write("1000")  # should the machine run out of memory, this goes before the database


def _end_with_asker() -> None:
    os.read(0, 1)
    os._exit(1)


def _do(said: BinaryIO, head: dict[str, Any], body: bytes) -> None:
    """Do it; what goes wrong is told by its kind and place, never with what was read."""
    def tell(progress: int) -> None:
        said.write(frame(PROGRESS, str(progress).encode()))
        said.flush()
    try:
        module, _, name = head["work"].partition(":")
        work: _Does = getattr(importlib.import_module(module), name)
        for answer in work(body, head["options"], tell):
            for at in range(0, len(answer), PIECE_MAX):
                said.write(frame(ANSWER, answer[at:at + PIECE_MAX]))
        said.write(frame(END))
    except MemoryError:
        said.write(frame(MEMORY))
    except BaseException as error:  # noqa: BLE001 - a broken file may break anything; whoever asked is told
        place = traceback.extract_tb(error.__traceback__)[-1]
        said.write(frame(FAULT, f"{type(error).__name__} at {os.path.basename(place.filename)}:{place.lineno}".encode(
            "ascii", "replace")))
    said.flush()


def main() -> None:
    """Answer in frames on what was standard output; whatever a library prints goes nowhere."""
    said = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    with os.fdopen(int(sys.argv[1]), "rb") as given:
        head: dict[str, Any] = json.loads(given.readline())
        _limit(head["cpu_s"], head["memory"], head["disk"])
        threading.Thread(target=_end_with_asker, daemon=True).start()
        body = given.read()
    _do(said, head, body)
    os._exit(0)  # nothing is left to put away, and freeing millions of cells takes its time


if __name__ == "__main__":
    main()
