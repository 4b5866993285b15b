"""A slow reader's queue: bounded, one resync, then fetched again by seq, in order, none twice."""
from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from binhan.kernel.errors import Problem
from binhan.live import hub as hubs
from binhan.live import listener
from binhan.live.hub import Hub
from binhan.live.listener import Row, Stream
from binhan.live.streams import _deliver, resume_point

WARD = 25888


def row(seq: int, incident: str = "i", **facts: Any) -> dict[str, Any]:
    """A journal row as the database gives it."""
    return {"seq": seq, "at": "t", "verb": "note", "subject_kind": "incident", "subject_id": incident, "facts": facts,
            "actor": "resident"}


class Journal(Hub):
    """A hub whose journal is a list."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        super().__init__(None)  # type: ignore[arg-type]
        self.journal = rows

    async def since(self, ward_id: int, after: int) -> list[dict[str, Any]]:
        """The rows after a seq."""
        return [r for r in self.journal if r["seq"] > after][:hubs.PAGE]


class Wire:
    """What was sent."""

    def __init__(self) -> None:
        self.text = b""

    async def __call__(self, message: Any) -> None:
        """ASGI's send."""
        self.text += message["body"]

    def seqs(self) -> list[int]:
        """The rows' ids in order."""
        return [int(line[4:]) for line in self.text.split(b"\n") if line.startswith(b"id: ")]


def deliver(stream: Stream, journal: list[dict[str, Any]]) -> Wire:
    """Write what the stream holds."""
    wire = Wire()
    asyncio.run(_deliver(wire, Journal(journal), stream))
    return wire


def test_rows_come_in_order_and_none_twice() -> None:
    stream = Stream(WARD)
    stream.sent = 2
    stream.offer([Row(row(n)) for n in (1, 2, 3, 4)])
    stream.offer([Row(row(n)) for n in (4, 5)])
    assert deliver(stream, []).seqs() == [3, 4, 5]
    assert stream.sent == 5


def test_a_gap_is_read_from_the_journal() -> None:
    stream = Stream(WARD)
    stream.offer([Row(row(n)) for n in (1, 4, 5)])
    wire = deliver(stream, [row(n) for n in range(1, 8)])
    assert wire.seqs() == [1, 2, 3, 4, 5, 6, 7]
    assert deliver(stream, []).seqs() == []


def test_a_slow_reader_gets_one_resync_and_then_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "QUEUE_MAX", 10)
    stream = Stream(WARD)
    for n in range(1, 40):
        stream.offer([Row(row(n))])
    assert len(stream.rows) == 0  # nothing piles up in memory for a reader that does not read
    wire = deliver(stream, [row(n) for n in range(1, 41)])
    assert wire.text.count(b"event: resync") == 1
    assert wire.seqs() == list(range(1, 41))
    stream.offer([Row(row(41))])
    again = deliver(stream, [])
    assert again.seqs() == [41]
    assert b"resync" not in again.text


def test_a_row_is_written_as_promised() -> None:
    stream = Stream(WARD)
    stream.offer([Row(row(1, unit_id="u"))])
    wire = deliver(stream, [])
    assert wire.text.startswith(b"id: 1\ndata: {")
    assert wire.text.endswith(b"}\n\n")
    assert json.loads(wire.text.split(b"data: ")[1]) == row(1, unit_id="u")


def test_positions_ride_along_without_a_number() -> None:
    stream = Stream(WARD, "a")
    Hub._show([stream], [{"unit_id": "u", "at": "t1"}])
    wire = deliver(stream, [])
    assert wire.text.startswith(b"event: positions\ndata: ")
    Hub._show([stream], [{"unit_id": "u", "at": "t1"}])
    assert stream.units == b""  # nothing moved: nothing sent
    Hub._show([stream], [{"unit_id": "u", "at": "t2"}])
    assert stream.units


def test_a_resident_hears_only_of_their_own_incident() -> None:
    hub = Journal([])
    mine, desk = Stream(WARD, incident_id="mine"), Stream(WARD)
    hub.streams[WARD], hub.followed[WARD] = {desk}, {"mine": {mine}}
    hub._hand_out(WARD, [Row(row(1, "mine")), Row(row(2, "other")), Row(row(3, "assignment", incident_id="mine"))])
    assert [r.seq for r in mine.rows] == [1, 3]
    assert [r.seq for r in desk.rows] == [1, 2, 3]


def test_leaving_cleans_up() -> None:
    hub = Journal([])
    mine, desk = Stream(WARD, incident_id="mine"), Stream(WARD)
    hub.streams[WARD], hub.followed[WARD], hub.heads[WARD] = {desk}, {"mine": {mine}}, 5
    hub.leave(desk)
    assert hub.heads == {WARD: 5}
    hub.leave(mine)
    hub.leave(mine)
    assert (hub.streams, hub.followed, hub.heads) == ({}, {}, {})


def test_waiting_ends_with_a_row_a_hang_up_or_the_time() -> None:
    async def job() -> list[bool]:
        stream = Stream(WARD)
        loop = asyncio.get_running_loop()
        found = [await stream.wait(0.01)]
        loop.call_later(0.01, stream.offer, [Row(row(1))])
        found.append(await stream.wait(5))
        found.append(await stream.wait(5))
        stream.rows.clear()
        loop.call_later(0.01, stream.hang_up)
        found.append(await stream.wait(5))
        return found
    assert asyncio.run(asyncio.wait_for(job(), 4)) == [False, True, True, True]


def test_the_resume_point() -> None:
    def scope(header: bytes | None, query: bytes = b"") -> dict[str, Any]:
        return {"headers": [(b"last-event-id", header)] if header is not None else [], "query_string": query}
    assert resume_point(scope(None)) is None
    assert resume_point(scope(b"7", b"after=5")) == 7
    assert resume_point(scope(None, b"after=5")) == 5
    for bad in (b"x", b"-1", b"1" * 16, b"1.5", b"\xb2"):
        with pytest.raises(Problem):
            resume_point(scope(bad))
    for bad in (b"after=%C2%B2", b"after=%D9%A3"):  # digits elsewhere in the world
        with pytest.raises(Problem):
            resume_point(scope(None, bad))
