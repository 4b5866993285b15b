"""One who listens: an open event stream with its queue, and a journal row as it goes over the wire."""
from __future__ import annotations

import asyncio
from collections import deque
from typing import Any
from uuid import UUID, uuid4

from binhan.live.http import sse

QUEUE_MAX = 2000
SENT = ("seq", "at", "verb", "subject_kind", "subject_id", "facts", "actor")


class Row:
    """A journal row as it goes over the wire: written out once, whatever the number of streams."""

    __slots__ = ("chunk", "incident_id", "of_press", "seq")

    def __init__(self, row: dict[str, Any]) -> None:
        self.seq = int(row["seq"])
        # Of what no desk hears of (live_desk_events) only the number comes. It still moves the reader's number on, and
        # shows that the line lives: an id without data is no event.
        shown = "subject_kind" in row
        self.incident_id = str(row["facts"].get("incident_id") or row["subject_id"]) if shown else ""
        self.of_press = _of_press(row) if shown else None
        self.chunk = sse({k: row[k] for k in SENT}, seq=self.seq) if shown else b"id: %d\n\n" % self.seq


def _of_press(row: dict[str, Any]) -> str | None:
    """The only press of its incident that a row is news for; None when it is for all of them. Where hundreds of presses of
    one source share an incident, each would else wake all the others."""
    facts = row["facts"]
    if row["verb"] in ("merge_press", "split_press"):
        return str(facts.get("press_id"))
    return str(facts["of_press"]) if facts.get("apart") else None


class Stream:
    """One open event stream of a ward; of one incident only, where `incident_id` is given."""

    def __init__(self, ward_id: int, account: str | None = None, incident_id: str | None = None,
                 press_id: str | None = None) -> None:
        self.id: UUID = uuid4()
        self.ward_id = ward_id
        self.account = account
        self.incident_id = incident_id
        self.press_id = press_id
        self.rows: deque[Row] = deque()
        self.units: bytes = b""  # the latest positions, not yet written
        self.shown = ""  # which fixes they are
        self.lost = False  # the reader was too slow: its rows were dropped, it must fetch by seq
        self.closed = False
        self.replaced = False  # newer streams of the same press have taken its place
        self.sent = 0  # the last seq put on the wire
        self.waiter: asyncio.Future[None] | None = None

    def offer(self, rows: list[Row]) -> None:
        """Queue rows; a queue that is full is emptied and marked, so that the reader resyncs."""
        if len(self.rows) + len(rows) > QUEUE_MAX:
            self.rows.clear()
            self.lost = True
        elif not self.lost:
            self.rows.extend(rows)
        self.wake()

    def wake(self) -> None:
        """There is something to write, or nobody left to write to."""
        if self.waiter is not None and not self.waiter.done():
            self.waiter.set_result(None)

    def hang_up(self) -> None:
        """The client has gone."""
        self.closed = True
        self.wake()

    @property
    def busy(self) -> bool:
        """Whether there is something to do."""
        return bool(self.rows or self.units or self.lost or self.closed or self.replaced)

    async def wait(self, seconds: float) -> bool:
        """True once there is something to do; False after `seconds` without anything."""
        if not self.busy:
            loop = asyncio.get_running_loop()
            self.waiter = loop.create_future()
            timer = loop.call_later(max(0.0, seconds), self.wake)
            try:
                await self.waiter
            finally:
                timer.cancel()
                self.waiter = None
        return self.busy
