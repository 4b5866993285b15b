"""The desk's event stream: every journal row of a ward."""
from __future__ import annotations

import asyncio
import contextlib
import time
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from binhan.kernel.errors import Problem
from binhan.kernel.tokens import TokenExpired, TokenInvalid, unsign
from binhan.live.http import SSE_HEADERS, Receive, Scope, Send, bearer, header, put_chunk, query, sse, watch_for_end
from binhan.live.hub import Hub
from binhan.live.listener import Row, Stream

PING_S = 5.0
# A desk watches while it says so itself: its stream may stay open, and be fed, though nobody and nothing reads it.
BEAT = "SELECT live_presence_beat($1, $2, $3, $4)"


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


async def desk_events(scope: Scope, receive: Receive, send: Send, hub: Hub, key: bytes) -> None:
    """GET /live/desk/events: hello, then every row after the resume point, pings, positions, and `expire`."""
    token = desk_token(scope, key)
    wanted = query(scope).get("ward")
    if wanted not in (None, str(token["ward_id"]), f"{token['ward_id']:05d}"):
        raise Problem(403, "forbidden", "Mã phiên thuộc phường khác.", "The token belongs to another ward.")
    after = resume_point(scope)
    stream = Stream(int(token["ward_id"]), str(token["account"]) if token.get("desk") else None)
    head = await hub.join(stream, after)
    watch = asyncio.create_task(watch_for_end(receive, stream.hang_up))
    try:
        if stream.account:
            with contextlib.suppress(Problem):  # it has time to paint; from then on only its own receipts count
                await hub.store.call(BEAT, stream.id, stream.ward_id, UUID(stream.account), True, patience_s=0)
        await send({"type": "http.response.start", "status": 200, "headers": SSE_HEADERS})
        hello = {"seq": head, "after": stream.sent, "ward_id": stream.ward_id, "stream_id": str(stream.id),
                 "server_time": datetime.now(UTC).isoformat(), "expires_at": token["exp"]}
        await put_chunk(send, b"retry: 1000\n" + sse(hello, "hello"))
        await _catch_up(send, hub, stream)
        await _follow(send, hub, stream, float(token["exp"]))
    finally:
        hub.leave(stream)
        watch.cancel()
        if stream.account:
            with contextlib.suppress(Exception):
                await hub.store.call("SELECT live_presence_drop($1)", stream.id, patience_s=0)


async def _catch_up(send: Send, hub: Hub, stream: Stream) -> None:
    """Everything between what the client has and now, page by page, straight from the journal."""
    while not stream.closed and (found := await hub.since(stream.ward_id, stream.sent)):
        rows = [Row(row) for row in found]
        if chunk := b"".join([row.chunk for row in rows]):
            await put_chunk(send, chunk)
        stream.sent = rows[-1].seq


async def _follow(send: Send, hub: Hub, stream: Stream, expires: float) -> None:
    while not stream.closed:
        left = expires - time.time()
        if left <= 0:
            await put_chunk(send, sse({"reason": "token"}, "expire"), more=False)
            return
        if not await stream.wait(min(PING_S, left)):
            await put_chunk(send, b": ping\n\n")
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
        await put_chunk(send, b"".join(out))
    if behind:
        await _catch_up(send, hub, stream)
