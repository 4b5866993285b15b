"""Which process answers what the front door passes on, how much of it at once, and how much may wait.

The duty desk, the patrols and SOS have a process and a way to it of their own: whatever the rest of the office is asked
for, an acknowledgement does not wait behind it. The office's queue has an end: over it a phone hears when to come back,
which costs nobody anything, instead of waiting for an answer that it no longer expects."""
from __future__ import annotations

import asyncio
import contextlib
import math
import random
import time
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from binhan.kernel.errors import Problem
from binhan.site.environment import Environment

# What a desk, a patrol or an SOS is worked with (tests/laws/test_lanes.py holds it to the API's own list).
DESK = ("assignments", "desk", "incidents", "lifecycles", "me", "notifications", "patrol", "places", "push", "unit-shifts",
        "units", "wards")
SIGN_IN = "account"  # with the desk, one at a time: who comes on duty must get in, and a hash takes a core for a while
STATIC = "static"  # the looks of the sign-in page: a browser shows nothing before it has them
LONGEST_S = 60
PATIENCE_S = 15.0


def busy(retry_after_s: int) -> Problem:
    """503: more waits than can be answered in time; nothing was done."""
    return Problem(503, "busy", "Hệ thống đang nhận nhiều yêu cầu cùng lúc, chưa làm được việc này. Hãy thử lại sau"
                   f" {retry_after_s} giây; nếu khẩn cấp hãy gọi 113.", "Too much is being asked for at once; nothing was"
                   f" done. Try again in {retry_after_s} seconds.", retry_after_s=retry_after_s)


@dataclass
class Door:
    """One process that answers, and how many requests it has."""

    address: str
    running: int = 0


@dataclass
class Lane:
    """Requests of one kind on their way to the processes that answer them. `at_once`: for each process; `waiting`: how many
    may stand in the queue, where verbs go before looks."""

    doors: tuple[Door, ...]
    at_once: int
    waiting: int
    verbs: deque[asyncio.Future[Door]] = field(default_factory=deque)
    looks: deque[asyncio.Future[Door]] = field(default_factory=deque)
    took_s: float = 0.1  # one answer, smoothed: only for saying when to come back

    @contextlib.asynccontextmanager
    async def turn(self, verb: bool) -> AsyncIterator[Door]:
        """A place at the process with the fewest requests; Problem `busy` when too many wait, or for too long."""
        door = await self._place(verb)
        began = time.monotonic()
        try:
            yield door
        finally:
            self.took_s += 0.1 * (time.monotonic() - began - self.took_s)
            self._leave(door)

    async def _place(self, verb: bool) -> Door:
        door = min(self.doors, key=lambda d: d.running)
        if door.running < self.at_once:  # then nobody waits: a place that gets free goes to who does
            door.running += 1
            return door
        if len(self.verbs) + len(self.looks) >= self.waiting:
            raise busy(self.come_back_s())
        mine: asyncio.Future[Door] = asyncio.get_running_loop().create_future()
        line = self.verbs if verb else self.looks
        line.append(mine)
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await mine
        except (asyncio.CancelledError, TimeoutError) as over:
            if mine.done() and not mine.cancelled():  # it was our turn just now: it is the next one's then
                self._leave(mine.result())
            if isinstance(over, TimeoutError):
                raise busy(self.come_back_s()) from None
            raise
        finally:
            with contextlib.suppress(ValueError):
                line.remove(mine)

    def _leave(self, door: Door) -> None:
        for line in (self.verbs, self.looks):
            while line:
                if not (one := line.popleft()).done():
                    one.set_result(door)
                    return
        door.running -= 1

    def come_back_s(self) -> int:
        """Seconds until the queue of now is through, and up to as many again, so that not all come back together."""
        through = (len(self.verbs) + len(self.looks)) * self.took_s / (self.at_once * len(self.doors))
        return math.ceil(min(LONGEST_S, max(1.0, through) * random.uniform(1, 2)))


class Lanes:
    """Every way from the front door to Django."""

    def __init__(self, env: Environment) -> None:
        self.desk = Lane(_doors(env.desk_address), at_once=8, waiting=512)
        self.sign_in = Lane(_doors(env.desk_address), at_once=1, waiting=32)
        self.office = Lane(_doors(env.web_address), at_once=8, waiting=64)

    def of(self, path: str) -> Lane:
        """The lane of an address."""
        first, _, rest = path.strip("/").partition("/")
        if first == STATIC or (first == "api" and rest.partition("/")[0] in DESK):
            return self.desk
        return self.sign_in if first == SIGN_IN else self.office


def _doors(addresses: str) -> tuple[Door, ...]:
    return tuple(Door(one) for one in addresses.split(","))
