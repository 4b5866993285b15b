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
from binhan.live.hub import Hub, Stream

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
    if not given.isdigit() or len(given) > 15:
        raise Problem(422, "invalid", "Last-Event-ID phải là một số.", "Last-Event-ID must be a number.", fields=[])
    return int(given)


async def _gone(receive: Receive) -> None:
    """Returns when the client has hung up."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def desk_events(scope: Scope, receive: Receive, send: Send, hub: Hub, key: bytes) -> None:
    """GET /live/desk/events: hello, then every row after the resume point, pings, positions, and `expire`."""
    token = desk_token(scope, key)
    wanted = query(scope).get("ward")
    if wanted not in (None, str(token["ward_id"]), f"{token['ward_id']:05d}"):
        raise Problem(403, "forbidden", "Mã phiên thuộc phường khác.", "The token belongs to another ward.")
    after = resume_point(scope)
    stream = Stream(int(token["ward_id"]), str(token["account"]) if token.get("desk") else None)
    head = await hub.join(stream, after)
    hang_up = asyncio.create_task(_gone(receive))
    try:
        if stream.account:
            await hub.beat(stream)
        await send({"type": "http.response.start", "status": 200, "headers": SSE_HEADERS})
        hello = {"seq": head, "after": stream.sent, "ward_id": stream.ward_id, "stream_id": str(stream.id),
                 "server_time": datetime.now(UTC).isoformat(), "expires_at": token["exp"]}
        await _put(send, b"retry: 1000\n" + sse(hello, "hello"))
        await _catch_up(send, hub, stream)
        await _follow(send, hub, stream, hang_up, float(token["exp"]))
    finally:
        hub.leave(stream)
        hang_up.cancel()
        if stream.account:
            with contextlib.suppress(Exception):
                await hub.store.call("SELECT live_presence_drop($1)", stream.id, patience_s=0)


async def _put(send: Send, chunk: bytes, more: bool = True) -> None:
    await send({"type": "http.response.body", "body": chunk, "more_body": more})


async def _catch_up(send: Send, hub: Hub, stream: Stream) -> None:
    """Everything between what the client has and now, page by page, straight from the journal."""
    while rows := await hub.since(stream.ward_id, stream.sent):
        await _put(send, b"".join(_row(row) for row in rows))
        stream.sent = int(rows[-1]["seq"])


def _row(row: dict[str, Any]) -> bytes:
    return sse({k: row[k] for k in ("seq", "at", "verb", "subject_kind", "subject_id", "facts", "actor")},
               seq=int(row["seq"]))


async def _follow(send: Send, hub: Hub, stream: Stream, hang_up: asyncio.Task[None], expires: float) -> None:
    while not hang_up.done():
        if time.time() > expires:
            await _put(send, sse({"reason": "token"}, "expire"), more=False)
            return
        getter = asyncio.ensure_future(stream.queue.get())
        await asyncio.wait({getter, hang_up}, timeout=PING_S, return_when=asyncio.FIRST_COMPLETED)
        if not getter.done():
            getter.cancel()
            await _put(send, b": ping\n\n")
            continue
        await _deliver(send, hub, stream, getter.result())


async def _deliver(send: Send, hub: Hub, stream: Stream, first: dict[str, Any] | None) -> None:
    """Write the row, and whatever else is already queued, as one chunk; skip what the client has."""
    out: list[bytes] = []
    item: dict[str, Any] | None = first
    while True:
        if item is None:
            await _put(send, b"".join(out) + sse({"from_seq": stream.sent}, "resync"))
            await _catch_up(send, hub, stream)
            return
        if "positions" in item:
            out.append(sse({"units": item["positions"]}, "positions"))
        elif int(item["seq"]) == stream.sent + 1:
            out.append(_row(item))
            stream.sent += 1
        elif int(item["seq"]) > stream.sent:  # a gap: read it from the journal rather than skip it
            if out:
                await _put(send, b"".join(out))
            await _catch_up(send, hub, stream)
            out = []
        if stream.queue.empty():
            break
        item = stream.queue.get_nowait()
    if out:
        await _put(send, b"".join(out))


async def press_events(receive: Receive, send: Send, hub: Hub, press_id: Any) -> None:
    """GET /live/press/{press_id}/events: the resident's snapshot at once and after every change."""
    status = await hub.store.call("SELECT live_status($1)", press_id, patience_s=3)
    if status is None:
        raise unknown_press()
    hang_up = asyncio.create_task(_gone(receive))
    stream = Stream(int(status["ward_id"]))
    try:
        await hub.join(stream, None)
        status = await hub.store.call("SELECT live_status($1)", press_id, patience_s=3)
        await send({"type": "http.response.start", "status": 200, "headers": SSE_HEADERS})
        await _put(send, b"retry: 1000\n" + sse(status, "status", int(status["seq"])))
        while not hang_up.done():
            changed = await _wait_for(stream, {str(status["incident_id"]), str(press_id)}, hang_up)
            if not changed:
                await _put(send, b": ping\n\n")
                continue
            status = await hub.store.call("SELECT live_status($1)", press_id, patience_s=3)
            await _put(send, sse(status, "status", int(status["seq"])))
            if int(status["ward_id"]) != stream.ward_id:  # moved to another ward by its first fix
                hub.leave(stream)
                stream = Stream(int(status["ward_id"]))
                await hub.join(stream, None)
    finally:
        hub.leave(stream)
        hang_up.cancel()


async def _wait_for(stream: Stream, ids: set[str], hang_up: asyncio.Task[None]) -> bool:
    """True as soon as a row concerns the incident; False after PING_S seconds without one."""
    until = time.monotonic() + PING_S
    while (left := until - time.monotonic()) > 0 and not hang_up.done():
        getter = asyncio.ensure_future(stream.queue.get())
        await asyncio.wait({getter, hang_up}, timeout=left, return_when=asyncio.FIRST_COMPLETED)
        if not getter.done():
            getter.cancel()
            return False
        row = getter.result()
        if row is None:
            return True
        if row.get("subject_id") in ids or row.get("facts", {}).get("incident_id") in ids:
            return True
    return False


def unknown_press() -> Problem:
    """404 for a press that is not here, or whose token is not yours."""
    return Problem(404, "not_found", "Không tìm thấy tin báo này. Hãy bấm SOS lại; nếu khẩn cấp hãy gọi 113.",
                   "No such press. Press SOS again; in an emergency call 113.")
