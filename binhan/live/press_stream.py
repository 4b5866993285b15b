"""The resident's event stream: one press, whole at first, then what changes."""
from __future__ import annotations

import asyncio
from typing import Any

from binhan.kernel.errors import Problem
from binhan.live.http import SSE_HEADERS, Receive, Scope, Send, put_chunk, query, sse, watch_for_end
from binhan.live.hub import Hub
from binhan.live.listener import Stream

PING_S = 5.0
WHOLE_BPS = 50_000  # for a page that wants the whole status each time: a long chat must not be sent again for every word


async def press_events(scope: Scope, receive: Receive, send: Send, hub: Hub, press_id: Any) -> None:
    """GET /live/press/{press_id}/events: the resident's snapshot at once and after every change. With ?changes=1 a change
    brings only what has changed. A press has few streams: when one more opens, the oldest is told so and ends."""
    status = await _status(hub, press_id)
    stream = Stream(int(status["ward_id"]), incident_id=str(status["incident_id"]), press_id=str(press_id))
    watch = asyncio.create_task(watch_for_end(receive, stream.hang_up))
    hub.admit(stream)
    try:
        await hub.join(stream, None)
        status = await _status(hub, press_id)  # again: it may have moved on before we were listening
        await send({"type": "http.response.start", "status": 200, "headers": SSE_HEADERS})
        await put_chunk(send, b"retry: 1000\n" + sse(status, "status", int(status["seq"])))
        await _follow(send, hub, stream, status, whole="changes" not in query(scope))
    finally:
        hub.dismiss(stream)
        hub.leave(stream)
        watch.cancel()


async def _follow(send: Send, hub: Hub, stream: Stream, status: dict[str, Any], whole: bool) -> None:
    while not stream.closed:
        await _follow_incident(hub, stream, status)
        awake = await stream.wait(PING_S)
        if stream.closed:
            return
        if stream.replaced:
            await put_chunk(send, sse({"reason": "too_many_streams"}, "replaced"), more=False)
            return
        if not awake:
            await put_chunk(send, b": ping\n\n")
            continue
        stream.rows.clear()
        stream.lost = False
        shown, status = status, await _status(hub, stream.press_id)
        chunk = news(shown, status, whole)
        await put_chunk(send, chunk or b": ping\n\n")  # a reader takes long silence for a dead line
        if whole:
            await asyncio.sleep(len(chunk) / WHOLE_BPS)


def news(shown: dict[str, Any], status: dict[str, Any], whole: bool) -> bytes:
    """The event that brings a page from one status to the next; nothing where the ladder or a reader's look is all that has
    happened. A chat that has run on by more than a page is shown whole, so that no line is missing in between."""
    changed = {key: value for key, value in status.items() if key != "seq" and value != shown.get(key)}
    if not changed:
        return b""
    seq, known = int(status["seq"]), {line["id"] for line in shown["messages"]}
    if whole or (known and not any(line["id"] in known for line in status["messages"])):
        return sse(status, "status", seq)
    if "messages" in changed:
        changed["messages"] = [line for line in status["messages"] if line["id"] not in known]
    if known:
        changed.pop("messages_older", None)  # the page has older lines than these, and knows what comes before them
    return sse({**changed, "seq": seq}, "change", seq)


async def _status(hub: Hub, press_id: Any) -> dict[str, Any]:
    status: dict[str, Any] | None = await hub.store.call("SELECT live_status($1)", press_id, patience_s=3)
    if status is None:
        raise unknown_press()
    return status


async def _follow_incident(hub: Hub, stream: Stream, status: dict[str, Any]) -> None:
    """After a first fix in another ward, a merge, or when it was taken out of many, the press is followed where it is."""
    ward, incident = int(status["ward_id"]), str(status["incident_id"])
    if (ward, incident) != (stream.ward_id, stream.incident_id):
        hub.leave(stream)
        stream.ward_id, stream.incident_id = ward, incident
        await hub.join(stream, None)
        stream.lost = True  # whatever happened in between: look again


def unknown_press() -> Problem:
    """404 for a press that is not here, or whose token is not yours."""
    return Problem(404, "not_found", "Không tìm thấy tin báo này. Hãy bấm SOS lại; nếu khẩn cấp hãy gọi 113.",
                   "No such press. Press SOS again; in an emergency call 113.")
