"""The resident's stream: few for each press, what changes and no more, and what is a stranger's business wakes nobody."""
from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from binhan.kernel.errors import Problem
from binhan.live import hub as hubs
from binhan.live.hub import Hub
from binhan.live.listener import Row, Stream
from binhan.live.press_stream import news, press_events
from binhan.live.validate import older
from tests.support.turns import all_quiet, turn_until

WARD, PRESS = 25888, "0192e4c0-0000-7000-8000-000000000001"


def status(seq: int = 1, lines: range = range(0), **more: Any) -> dict[str, Any]:
    """What the database says of a press."""
    return {"seq": seq, "ward_id": WARD, "incident_id": "i", "state": "received", "seen_at": None, "messages_older": None,
            "messages": [{"id": f"m{n}", "text": "x" * 1000} for n in lines], **more}


def told(chunk: bytes) -> tuple[str, dict[str, Any]]:
    """(event, data) of one event."""
    fields = dict(line.split(": ", 1) for line in chunk.decode().strip().split("\n"))
    return fields["event"], json.loads(fields["data"])


def test_a_change_brings_what_has_changed_and_of_a_long_chat_one_line() -> None:
    chunk = news(status(1, range(50), messages_older="m0"), status(2, range(1, 51), messages_older="m1"), whole=False)
    event, data = told(chunk)
    assert event == "change" and [m["id"] for m in data["messages"]] == ["m50"] and set(data) == {"seq", "messages"}
    assert len(chunk) < 1200
    assert told(news(status(1), status(2, seen_at="t"), whole=False)) == ("change", {"seq": 2, "seen_at": "t"})


def test_nothing_new_is_no_event_and_who_asked_for_all_gets_all() -> None:
    assert news(status(1), status(9), whole=False) == news(status(1), status(9), whole=True) == b""
    assert told(news(status(1), status(2, seen_at="t"), whole=True)) == ("status", status(2, seen_at="t"))


def test_after_a_gap_in_the_chat_the_status_comes_whole() -> None:
    assert told(news(status(1, range(50)), status(2, range(70, 120)), whole=False))[0] == "status"
    assert told(news(status(1), status(2, range(50), messages_older="m0"), whole=False))[1]["messages_older"] == "m0"


class Still(Hub):
    """A hub whose database always says the same."""

    def __init__(self) -> None:
        super().__init__(self)  # type: ignore[arg-type]

    async def call(self, sql: str, *_: Any, **__: Any) -> Any:
        """As the store."""
        return status() if "live_status" in sql else 1


class Page:
    """A page with a stream open: what it was sent, and whether the stream has ended."""

    def __init__(self, hub: Hub) -> None:
        self.sent, self.ended, self.gone = b"", False, asyncio.Event()
        scope = {"query_string": b"changes=1", "headers": []}
        self.task = asyncio.create_task(press_events(scope, self.receive, self.send, hub, PRESS))

    async def receive(self) -> Any:
        """ASGI's receive."""
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        """ASGI's send."""
        self.sent += message.get("body", b"")
        self.ended = self.ended or message.get("more_body") is False


def test_when_a_sixth_stream_opens_the_oldest_is_told_so_and_ends() -> None:
    async def job() -> None:
        hub = Still()
        pages = []
        for _ in range(hubs.STREAMS_PER_PRESS + 1):
            pages.append(Page(hub))
            await turn_until(lambda: b"event: status" in pages[-1].sent)
        await turn_until(lambda: pages[0].ended)
        await all_quiet()
        assert pages[0].sent.endswith(b'event: replaced\ndata: {"reason":"too_many_streams"}\n\n')
        assert not any(page.ended for page in pages[1:])
        for page in pages:
            page.gone.set()
        await asyncio.gather(*(page.task for page in pages))
        assert (hub.of_press, hub.followed, hub.heads) == ({}, {}, {}), "nothing is left of them"
    asyncio.run(job())


def row(seq: int, verb: str, **facts: Any) -> Row:
    """A journal row of the incident that many share."""
    return Row({"seq": seq, "at": "t", "verb": verb, "subject_kind": "incident", "subject_id": "i", "facts": facts,
                "actor": "resident"})


def test_what_concerns_one_of_many_wakes_only_that_one() -> None:
    hub = Still()
    mine, other = Stream(WARD, incident_id="i", press_id="a"), Stream(WARD, incident_id="i", press_id="b")
    hub.followed[WARD] = {"i": {mine, other}}
    hub._hand_out(WARD, [row(1, "merge_press", press_id="c"), row(2, "chat", of_press="b", apart=True),
                         row(3, "acknowledge"), row(4, "split_press", press_id="a"), row(5, "note", of_press="z")])
    assert [r.seq for r in mine.rows] == [3, 4, 5]
    assert [r.seq for r in other.rows] == [2, 3, 5]


def test_scrolling_back_asks_for_a_line() -> None:
    assert older({}) is None and older({"before": PRESS}) == PRESS
    with pytest.raises(Problem, match="invalid"):
        older({"before": "7"})
