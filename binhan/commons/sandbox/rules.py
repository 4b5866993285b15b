"""How much a piece of work may cost, how it ends without an answer, and how its process speaks: in frames of a kind, a
length and a content."""
from __future__ import annotations

import signal
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Why = Literal["time", "memory", "broken", "stopped", "busy"]
HEAD = struct.Struct(">cI")
PIECE_MAX = 1 << 20  # bytes of one frame
PROGRESS, ANSWER, END, MEMORY, FAULT = b"P", b"A", b"Z", b"M", b"X"


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that a piece of work may take: seconds of the processor, seconds until it is over, bytes of memory, of its
    answer, and of each file that it writes (none, if not said)."""

    cpu_s: int
    wall_s: float
    memory: int
    answer: int
    disk: int = 0


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be done: a function `module:name` that needs no Django, and what it is told beside the bytes."""

    name: str
    limits: Limits
    options: Mapping[str, Any] = field(default_factory=dict)


class Ended(Exception):
    """The work came to no answer: too long, too much memory, it broke, it was stopped, or the machine has no room for it
    just now (busy). `fault` is for the log."""

    def __init__(self, why: Why, fault: str = "") -> None:
        super().__init__(f"{why}: {fault}" if fault else why)
        self.why = why
        self.fault = fault


def frame(kind: bytes, content: bytes = b"") -> bytes:
    """One frame."""
    return HEAD.pack(kind, len(content)) + content


@dataclass(slots=True)
class Heard:
    """What a process has said so far. What it read may have taken it over: nothing that it says is believed unbounded."""

    most: int
    progress: int = 0
    answer: list[bytes] = field(default_factory=list)
    ended: bytes = b""
    fault: str = ""
    size: int = 0
    rest: bytes = b""

    def feed(self, piece: bytes) -> None:
        """Take in the next bytes; Ended("broken") for what is no frame or too much."""
        for kind, content in self._frames(piece):
            if self.ended:
                raise Ended("broken", "it spoke after its end")
            if kind == PROGRESS and content.isdigit() and len(content) < 12:
                self.progress = int(content)
            elif kind == ANSWER:
                self.size += len(content)
                if self.size > self.most:
                    raise Ended("broken", "its answer is too long")
                self.answer.append(content)
            elif kind in (END, MEMORY, FAULT):
                self.ended, self.fault = kind, content[:500].decode("ascii", "replace")
            else:
                raise Ended("broken", "an unknown frame")

    def _frames(self, piece: bytes) -> Iterator[tuple[bytes, bytes]]:
        self.rest += piece
        at = 0
        while len(self.rest) - at >= HEAD.size:
            kind, length = HEAD.unpack_from(self.rest, at)
            if length > PIECE_MAX:
                raise Ended("broken", "a frame is too long")
            if len(self.rest) - at - HEAD.size < length:
                break
            content = self.rest[at + HEAD.size:at + HEAD.size + length]
            at += HEAD.size + length
            yield kind, content
        self.rest = self.rest[at:]

    def outcome(self, code: int) -> bytes:
        """The answer of a process that ended with that code (negative: by that signal); raises Ended when there is none."""
        if self.ended == END:
            return b"".join(self.answer)
        if code == -signal.SIGXCPU:
            raise Ended("time")
        if self.ended == MEMORY or code == -signal.SIGABRT:  # Rust and C give up so
            raise Ended("memory")
        if code == -signal.SIGKILL:  # not by a limit of its own: the machine ran out of memory
            raise Ended("busy", "killed from outside")
        raise Ended("broken", self.fault or f"it ended with {code}")
