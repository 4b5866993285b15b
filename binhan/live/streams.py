"""The two event streams: the desk's (every journal row of a ward) and the resident's (one press)."""
from __future__ import annotations

import asyncio
import contextlib
import time
from datetime import UTC, datetime
from typing import Any

from binhan.kernel.errors import Problem
from binhan.kernel.tokens import TokenExpired, TokenInvalid, unsign
from binhan.live.http import SSE_HEADERS, Receive, Scope, Send, bearer, header, query, sse
from binhan.live.hub import Hub, Row, Stream

PING_S = 5.0


def desk_token(scope: Scope, key: bytes) -> dict[str, Any]:
    """The signed stream token of the request; 401 when missing, forged or expired."""
    try:
        return unsign(bearer(scope), key, "desk-stream")
    except TokenExpired:
        raise Problem(401, "token_expired", "Phiên xem đã hết hạn. Hãy tải lại trang.",
                      "The stream token has expired. Get a new one.") from None
    except (TokenInvalid, ValueError):
        raise Problem(401, "token_invalid", "Mã phiên không hợp lệ. Hãy đăng nhập lại.",
                      "The stream token is not valid. Sign in again.") from None


def resume_point(scope: Scope) -> int | None:
    """The last seq that the client has: Last-Event-ID first, then ?after=."""
    given = header(scope, b"last-event-id") or query(scope).get("after", "")
    if not given:
        return None
    if not (given.isascii() and given.isdigit()) or len(given) > 15:  # "²" is a digit too
        raise Problem(422, "invalid", "Last-Event-ID phải là một số.", "Last-Event-ID must be a number.", fields=[])
    return int(given)


async def _watch(receive: Receive, stream: Stream) -> None:
    """Marks the stream when the client has hung up."""
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.hang_up()


async def desk_events(scope: Scope, receive: Receive, send: Send, hub: Hub, key: bytes) -> None:
    """GET /live/desk/events: hello, then every row after the resume point, pings, positions, and `expire`."""
    token = desk_token(scope, key)
    wanted = query(scope).get("ward")
    if wanted not in (None, str(token["ward_id"]), f"{token['ward_id']:05d}"):
        raise Problem(403, "forbidden", "Mã phiên thuộc phường khác.", "The token belongs to another ward.")
    after = resume_point(scope)
    stream = Stream(int(token["ward_id"]), str(token["account"]) if token.get("desk") else None)
    head = await hub.join(stream, after)
    watch = asyncio.create_task(_watch(receive, stream))
    try:
        if stream.account:
            with contextlib.suppress(Problem):
                await hub.beat(stream)
        await send({"type": "http.response.start", "status": 200, "headers": SSE_HEADERS})
        hello = {"seq": head, "after": stream.sent, "ward_id": stream.ward_id, "stream_id": str(stream.id),
                 "server_time": datetime.now(UTC).isoformat(), "expires_at": token["exp"]}
        await _put(send, b"retry: 1000\n" + sse(hello, "hello"))
        await _catch_up(send, hub, stream)
        await _follow(send, hub, stream, float(token["exp"]))
    finally:
        hub.leave(stream)
        watch.cancel()
        if stream.account:
            with contextlib.suppress(Exception):
                await hub.store.call("SELECT live_presence_drop($1)", stream.id, patience_s=0)


async def _put(send: Send, chunk: bytes, more: bool = True) -> None:
    await send({"type": "http.response.body", "body": chunk, "more_body": more})


async def _catch_up(send: Send, hub: Hub, stream: Stream) -> None:
    """Everything between what the client has and now, page by page, straight from the journal."""
    while not stream.closed and (found := await hub.since(stream.ward_id, stream.sent)):
        rows = [Row(row) for row in found]
        if chunk := b"".join([row.chunk for row in rows]):
            await _put(send, chunk)
        stream.sent = rows[-1].seq


async def _follow(send: Send, hub: Hub, stream: Stream, expires: float) -> None:
    while not stream.closed:
        left = expires - time.time()
        if left <= 0:
            await _put(send, sse({"reason": "token"}, "expire"), more=False)
            return
        if not await stream.wait(min(PING_S, left)):
            await _put(send, b": ping\n\n")
        elif not stream.closed:
            await _deliver(send, hub, stream)


async def _deliver(send: Send, hub: Hub, stream: Stream) -> None:
    """Write whatever is queued as one chunk; skip what the client has; a gap is read from the journal."""
    out: list[bytes] = []
    behind = stream.lost
    if stream.lost:
        stream.lost = False
        out.append(sse({"from_seq": stream.sent}, "resync"))
    while stream.rows and not behind:
        row = stream.rows.popleft()
        if row.seq == stream.sent + 1:
            out.append(row.chunk)
            stream.sent = row.seq
        elif row.seq > stream.sent:
            behind = True
    units, stream.units = stream.units, b""
    out.append(units)
    if any(out):
        await _put(send, b"".join(out))
    if behind:
        await _catch_up(send, hub, stream)


async def press_events(receive: Receive, send: Send, hub: Hub, press_id: Any) -> None:
    """GET /live/press/{press_id}/events: the resident's snapshot at once and after every change."""
    status = await _status(hub, press_id)
    stream = Stream(int(status["ward_id"]), incident_id=str(status["incident_id"]))
    watch = asyncio.create_task(_watch(receive, stream))
    try:
        await hub.join(stream, None)
        status = await _status(hub, press_id)  # again: it may have moved on before we were listening
        await send({"type": "http.response.start", "status": 200, "headers": SSE_HEADERS})
        await _put(send, b"retry: 1000\n" + sse(status, "status", int(status["seq"])))
        while not stream.closed:
            await _follow_incident(hub, stream, status)
            if not await stream.wait(PING_S):
                await _put(send, b": ping\n\n")
            elif not stream.closed:
                stream.rows.clear()
                stream.lost = False
                shown, status = status, await _status(hub, press_id)
                if {**status, "seq": 0} != {**shown, "seq": 0}:  # the ladder or a reader's look is not the resident's news
                    await _put(send, sse(status, "status", int(status["seq"])))
                else:  # a reader takes long silence for a dead line
                    await _put(send, b": ping\n\n")
    finally:
        hub.leave(stream)
        watch.cancel()


async def _status(hub: Hub, press_id: Any) -> dict[str, Any]:
    status: dict[str, Any] | None = await hub.store.call("SELECT live_status($1)", press_id, patience_s=3)
    if status is None:
        raise unknown_press()
    return status


async def _follow_incident(hub: Hub, stream: Stream, status: dict[str, Any]) -> None:
    """After a first fix in another ward, or a merge, the press is followed where it is now."""
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
