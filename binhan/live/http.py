"""Just enough HTTP over raw ASGI: bodies with a limit, JSON read strictly, answers, problems, event streams."""
from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from typing import Any
from urllib.parse import parse_qsl

from binhan.kernel.errors import CONTENT_TYPE, Problem

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

JSON_HEADERS = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
DRAIN_LIMIT = 32 * 1024 * 1024
BODY_WITHIN_S, SLOWEST_BPS = 30.0, 50_000
METHODS = {"press": "POST", "position": "GET, POST", "desk/events": "GET", "desk/rendered": "POST"}  # under /live/
OF_ONE_PRESS = {"": "GET", "events": "GET", "messages": "GET", "facts": "POST"}  # under /live/press/{press_id}
UNREAD_S = 30.0
SSE_HEADERS = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"cache-control", b"no-store"),
               (b"x-accel-buffering", b"no")]


async def read_body(scope: Scope, receive: Receive, limit: int) -> bytes:
    """The whole request body; 413 when it is longer than `limit` bytes, none of which is kept; 408 when it does not
    come to an end: senders that drip would otherwise hold every connection that the machine has."""
    chunks = bytearray()
    async for piece in pieces(scope, receive, limit):
        chunks += piece
    return bytes(chunks)


async def pieces(scope: Scope, receive: Receive, limit: int) -> AsyncIterator[bytes]:
    """As read_body, piece by piece as they come. What goes over the limit is refused when it ends, and not given."""
    declared = header(scope, b"content-length")
    length = int(declared) if declared.isdigit() and len(declared) < 15 else 0
    size, until = 0, asyncio.get_running_loop().time() + BODY_WITHIN_S + limit / SLOWEST_BPS
    while True:
        message = await _message(receive, until, None if max(size, length) <= limit else too_large(limit))
        if message["type"] == "http.disconnect":
            raise Problem(400, "cut_off", "Kết nối bị ngắt giữa chừng. Hãy gửi lại.",
                          "The request was cut off. Send again.")
        size += len(message.get("body", b""))
        if max(size, length) <= limit and message.get("body"):
            yield message["body"]
        # Let a too long body run out, so that the sender reads our answer instead of a broken line – within reason.
        if not message.get("more_body", False) or max(size, length) > DRAIN_LIMIT:
            if max(size, length) > limit:
                raise too_large(limit)
            return


async def _message(receive: Receive, until: float, refused: Problem | None) -> Message:
    """What comes next. A sender that is refused anyway and pauses is not waited for."""
    left = until - asyncio.get_running_loop().time()
    try:
        async with asyncio.timeout(left if refused is None else min(left, 1.0)):
            return await receive()
    except TimeoutError:
        raise refused or Problem(
            408, "too_slow", "Dữ liệu gửi lên quá chậm nên chưa được lưu. Hãy gửi lại; nếu khẩn cấp hãy gọi 113.",
            "The body came too slowly. Send again; in an emergency call 113.") from None


def check_method(parts: list[str], method: str) -> None:
    """404 where there is nothing at /live/{parts}, 405 where there is, but not by this method."""
    of_one = parts[:1] == ["press"] and len(parts) in (2, 3)
    methods = OF_ONE_PRESS.get("".join(parts[2:]), "") if of_one else METHODS.get("/".join(parts), "")
    if not methods:
        raise Problem(404, "not_found", "Không có địa chỉ này. Nếu khẩn cấp hãy gọi 113.",
                      "No such address. In an emergency call 113.")
    if method not in methods.split(", "):
        raise Problem(405, "wrong_method", f"Địa chỉ này chỉ nhận {methods}. Nếu khẩn cấp hãy gọi 113.",
                      f"This address takes {methods} only. In an emergency call 113.", allow=methods)


def too_large(limit: int) -> Problem:
    """413, with the limit in bytes."""
    return Problem(413, "too_large", f"Nội dung quá lớn (tối đa {limit // 1024} KB). Hãy rút gọn rồi gửi lại; nếu khẩn"
                   " cấp hãy gọi 113.", f"The body is over {limit // 1024} kB. Shorten it; in an emergency call 113.",
                   limit_bytes=limit)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is given twice")
    return found


def parse_json(body: bytes) -> Any:
    """Strict JSON: UTF-8, no NaN or Infinity, no repeated keys; 400 otherwise."""
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_no_constant, object_pairs_hook=_no_repeats)
    except (ValueError, RecursionError) as error:
        raise Problem(400, "bad_json", "Nội dung gửi lên không phải JSON hợp lệ. Hãy gửi lại; nếu khẩn cấp hãy gọi 113.",
                      f"The body is not valid JSON: {str(error)[:120]}. Send again; in an emergency call 113.") from None


def header(scope: Scope, name: bytes) -> str:
    """A request header by its lower-case name, or ''."""
    for key, value in scope["headers"]:
        if key == name:
            return bytes(value).decode("latin-1")
    return ""


def query(scope: Scope) -> dict[str, str]:
    """The query string; of a repeated key the first counts."""
    found: dict[str, str] = {}
    for key, value in parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True):
        found.setdefault(key, value)
    return found


def bearer(scope: Scope) -> str:
    """The token of `Authorization: Bearer …`, or of ?token= (an EventSource cannot send headers)."""
    given = header(scope, b"authorization")
    return given[7:].strip() if given.startswith("Bearer ") else query(scope).get("token", "")


async def answer(send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    """One whole response."""
    await send({"type": "http.response.start", "status": status,
                "headers": [*headers, (b"content-length", str(len(body)).encode())]})
    await send({"type": "http.response.body", "body": body})


async def answer_json(send: Send, status: int, value: Any, extra: list[tuple[bytes, bytes]] | None = None) -> None:
    """`value` as JSON."""
    body = _utf8(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
    await answer(send, status, body, [*JSON_HEADERS, *(extra or [])])


class ReaderGone(Exception):
    """Whoever asked for a stream takes nothing of it any more, though the line is still there."""


async def put_chunk(send: Send, chunk: bytes, more: bool = True) -> None:
    """One piece of an event stream. ReaderGone when it cannot be written for UNREAD_S: the buffers on the way are full."""
    try:
        async with asyncio.timeout(UNREAD_S):
            await send({"type": "http.response.body", "body": chunk, "more_body": more})
    except TimeoutError:
        raise ReaderGone from None


async def watch_for_end(receive: Receive, hang_up: Callable[[], None]) -> None:
    """Says when the client has hung up."""
    while (await receive())["type"] != "http.disconnect":
        pass
    hang_up()


async def answer_problem(send: Send, problem: Problem) -> None:
    """A refusal as problem+json."""
    headers = [(b"content-type", CONTENT_TYPE.encode()), (b"cache-control", b"no-store")]
    if problem.status == 503:
        headers.append((b"retry-after", str(problem.extra.get("retry_after_s", 2)).encode()))
    if problem.status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    if problem.status == 405:
        headers.append((b"allow", str(problem.extra["allow"]).encode()))
    await answer(send, problem.status, _utf8(json.dumps(problem.body(), ensure_ascii=False)), headers)


def _utf8(text: str) -> bytes:
    """JSON text as bytes. Half a character, as "\\ud800" in a sender's JSON, goes back as the sender wrote it."""
    return text.encode("utf-8", "backslashreplace")


def sse(data: Any, event: str | None = None, seq: int | None = None) -> bytes:
    """One server-sent event."""
    lines = (f"event: {event}\n" if event else "") + (f"id: {seq}\n" if seq is not None else "")
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"{lines}data: {text}\n\n".encode()


def fields_problem(errors: Mapping[str, str]) -> Problem:
    """422 naming every field at fault; nothing was stored."""
    names = ", ".join(errors)
    return Problem(422, "invalid", f"Dữ liệu chưa đúng: {names}. Hãy sửa rồi gửi lại; nếu khẩn cấp hãy gọi 113.",
                   f"Invalid: {names}. Correct and send again; in an emergency call 113.",
                   fields=[{"field": k, "error": v} for k, v in errors.items()])
