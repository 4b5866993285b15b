"""Pieces of work for the tests: what a well-behaved file asks for, and what a hostile one may bring about."""
from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Tell = Callable[[int], None]


def echo(body: bytes, options: Mapping[str, Any], tell: Tell) -> Iterator[bytes]:
    """The bytes again, and what it was told."""
    tell(7)
    print("a library that talks", flush=True)
    print("and complains", file=sys.stderr, flush=True)
    yield body
    yield str(options.get("word")).encode()


def forever(_body: bytes, _options: Mapping[str, Any], tell: Tell) -> Iterator[bytes]:
    """Busy without end."""
    rows = 0
    while True:
        rows += 1
        if rows % 1_000_000 == 0:
            tell(rows)
    yield b""


def asleep(_body: bytes, _options: Mapping[str, Any], tell: Tell) -> Iterator[bytes]:
    """Waits without end, and takes no processor for it."""
    tell(os.getpid())
    signal.pause()
    yield b""


def greedy(_body: bytes, _options: Mapping[str, Any], _tell: Tell) -> Iterator[bytes]:
    """Takes whatever memory there is."""
    held = []
    while True:
        held.append(bytearray(16 << 20))
    yield b""


def long(_body: bytes, _options: Mapping[str, Any], _tell: Tell) -> Iterator[bytes]:
    """Says more than anybody asked for."""
    while True:
        yield bytes(1 << 20)


def faulty(_body: bytes, _options: Mapping[str, Any], _tell: Tell) -> Iterator[bytes]:
    """Breaks, with something personal in its message."""
    raise ValueError("Nguyễn Văn Bí Mật")
    yield b""


def abrupt(_body: bytes, _options: Mapping[str, Any], _tell: Tell) -> Iterator[bytes]:
    """Is gone, as after a fault in a library written in C."""
    os.kill(os.getpid(), 11)
    yield b""


def killed(_body: bytes, _options: Mapping[str, Any], _tell: Tell) -> Iterator[bytes]:
    """Is taken by the kernel, as when the machine runs out of memory."""
    os.kill(os.getpid(), signal.SIGKILL)
    yield b""


def surroundings(_body: bytes, _options: Mapping[str, Any], _tell: Tell) -> Iterator[bytes]:
    """Everything that it was given beside the bytes: variables, open files, modules of ours."""
    yield repr((sorted(os.environ), sorted(int(n) for n in os.listdir("/proc/self/fd")),
                sorted(m for m in sys.modules if m.startswith(("django", "psycopg"))))).encode()
