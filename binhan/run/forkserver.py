"""The fork server: loads the code once, then forks the parts of `up` that the supervisor asks for, so that they share it.

It opens nothing – no database, thread, socket or event loop – since a fork would share that too. A part is forked twice
over, so that it is the supervisor's own child: it outlives the fork server, and is told to end when the supervisor is gone.
Asked and answered in packets of JSON: {name, module, arguments, log} → {name, pid}, null where it could not be forked.
"""
from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from binhan.run.forks import PACKET
from binhan.run.prctl import PR_SET_NAME, PR_SET_PDEATHSIG, tell_kernel

# What is loaded while nothing is asked, in the order in which it is wanted: first what brings the database up to date.
MODULES = tuple(f"binhan.run.parts.{name}" for name in ("ready", "prepare", "live", "clocks", "notify", "web"))
ALONE = ("binhan.run.parts.live",)  # needs no Django: the SOS door does not wait for it
GO = b"go"
Part = Callable[[], int]


def serve(control: socket.socket, supervisor: int, modules: Sequence[str], alone: Sequence[str] = ()) -> Part | None:
    """Load and fork until the supervisor is gone: None. In a forked part: what it is to run. A module is loaded after those
    before it in the list, unless it can be `alone`; one that is not in the list after all of them."""
    rest = list(modules)
    while True:
        if rest and not select.select([control], [], [], 0)[0]:
            importlib.import_module(rest.pop(0))
            continue
        asked = _receive(control)
        if asked is None:
            return None
        while rest and asked["module"] not in (*alone, *sys.modules):
            importlib.import_module(rest.pop(0))
        importlib.import_module(asked["module"])
        gc.freeze()  # nothing that is shared is looked through by a part's collector, which would copy it
        if _fork(control, asked["name"], supervisor):
            control.close()
            return _part(asked)


def _receive(control: socket.socket) -> dict[str, Any] | None:
    try:
        asked: dict[str, Any] | None = json.loads(control.recv(PACKET) or b"null")
    except ConnectionResetError:
        return None
    return asked


def _fork(control: socket.socket, name: str, supervisor: int) -> bool:
    """Fork a part and tell the supervisor, then let it go on; True in the part. One that the supervisor could not be told
    of ends at once: nobody would look after it."""
    hear, tell = os.pipe()
    wait, go = os.pipe()
    try:
        between = os.fork()
    except OSError:  # no memory, too many processes: the supervisor tries again
        between = -1
    if between == 0:
        os.close(hear)
        os.close(go)
        _fork_again(tell, wait, supervisor)
        return True
    os.close(tell)
    os.close(wait)
    with os.fdopen(hear, "rb") as said, os.fdopen(go, "wb") as gone:
        number = said.read()
        if between > 0:
            os.waitpid(between, 0)
        with suppress(OSError):
            control.send(json.dumps({"name": name, "pid": int(number) if number else None}).encode())
            gone.write(GO if number else b"")
    return False


def _fork_again(tell: int, wait: int, supervisor: int) -> None:
    """In between: fork the part, say its number and end, which makes the part the supervisor's child."""
    try:
        pid = os.fork()
    except OSError:
        os._exit(1)
    if pid:
        os.write(tell, str(pid).encode())
        os._exit(0)
    os.close(tell)
    told = os.read(wait, len(GO))
    os.close(wait)
    tell_kernel(PR_SET_PDEATHSIG, signal.SIGTERM)
    if told != GO or os.getppid() != supervisor:  # the fork server or the supervisor ended meanwhile
        os._exit(1)


def _part(asked: dict[str, Any]) -> Part:
    """In the part: a session, a name and a log of its own; then what it runs."""
    os.setsid()
    tell_kernel(PR_SET_NAME, f"binhan {asked['name']}"[:15].encode())
    if asked["log"]:
        log = os.open(asked["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
        for stream in (1, 2):
            os.dup2(log, stream)
        os.close(log)
    gc.enable()
    main = importlib.import_module(asked["module"]).main
    return lambda: int(main(*asked["arguments"]) or 0)


def main() -> int:
    """`python -m binhan.run.forkserver FD`, as the supervisor starts it: FD is its end of the packets."""
    supervisor = os.getppid()
    tell_kernel(PR_SET_NAME, b"binhan fork")
    gc.disable()  # here nothing is thrown away; the parts collect
    with socket.socket(fileno=int(sys.argv[1])) as control:
        part = serve(control, supervisor, MODULES, ALONE)
    return 0 if part is None else part()


if __name__ == "__main__":
    sys.exit(main())
