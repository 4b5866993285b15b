"""What the front door passes on to Django: each request in its lane, the answer as it comes, a word when nobody is in."""
from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
from yarl import URL

from binhan.kernel.errors import Problem
from binhan.live.http import Receive, Scope, Send, answer, answer_problem, header
from binhan.live.source import client_of
from binhan.live.store import Store
from binhan.run.bodies import Bodies, Body
from binhan.run.lanes import Door, Lanes
from binhan.site.environment import Environment

HOP = {"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "proxy-authorization",
       "proxy-authenticate", "content-length", "host", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"}
ANSWER_WITHIN_S = 120.0
RESTART_S = 3.0  # a process that was killed is back long before
LOOKS = ("GET", "HEAD", "OPTIONS")


class Passing:
    """The way to every process of Django's."""

    def __init__(self, env: Environment, store: Store) -> None:
        self.https = env.public_url.startswith("https")
        self.lanes = Lanes(env)
        self.bodies = Bodies(store)
        self.session: aiohttp.ClientSession | None = None

    def open(self) -> None:
        """Ready to pass on. Each lane says how many requests go at once: the connections themselves have no limit."""
        self.session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=ANSWER_WITHIN_S, sock_connect=3))

    async def close(self) -> None:
        """No more."""
        if self.session is not None:
            await self.session.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the request whole, wait for its turn, and stream the answer back."""
        began = False

        async def noted(message: Any) -> None:
            nonlocal began
            began = True
            await send(message)
        body = None
        try:
            body = None if scope["method"] in LOOKS else await self.bodies.read(scope, receive)
            async with self.lanes.of(scope["path"]).turn(verb=body is not None) as door:
                await self._ask(door, scope, body, noted)
        except Problem as problem:
            await _refuse(scope, send, problem)
        except (aiohttp.ClientError, TimeoutError, OSError):
            if began:
                raise  # half an answer is on its way: the connection must break, so that nobody takes it for whole
            await _refuse(scope, send, away())
        finally:
            if body is not None:
                self.bodies.done(body)

    async def _ask(self, door: Door, scope: Scope, body: Body | None, send: Send) -> None:
        assert self.session is not None
        path = scope.get("raw_path", scope["path"].encode()).decode("latin-1").split("?")[0]
        target = f"http://{door.address}{path}"
        if scope.get("query_string"):
            target += "?" + scope["query_string"].decode("latin-1")
        patience = asyncio.get_running_loop().time() + RESTART_S
        while True:
            try:
                async with self.session.request(
                        scope["method"], URL(target, encoded=True), headers=self._headers(scope), allow_redirects=False,
                        data=body and body.content()) as response:
                    await _relay(response, send)
                return
            except aiohttp.ClientConnectorError:  # nobody listens: nothing was sent, and it is being started again
                if asyncio.get_running_loop().time() > patience:
                    raise
                await asyncio.sleep(0.05)

    def _headers(self, scope: Scope) -> list[tuple[str, str]]:
        headers = [(k.decode("latin-1"), v.decode("latin-1")) for k, v in scope["headers"]
                   if k.decode("latin-1").lower() not in HOP]
        return [*headers, ("Host", header(scope, b"host")), ("X-Forwarded-For", client_of(scope)),
                ("X-Forwarded-Proto", "https" if self.https else "http")]


async def _relay(response: aiohttp.ClientResponse, send: Send) -> None:
    headers = [(k.encode("latin-1"), v.encode("latin-1")) for k, v in response.headers.items()
               if k.lower() not in HOP - {"content-length"}]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    async for chunk in response.content.iter_chunked(65_536):
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def away() -> Problem:
    """502: no process of Django's answers now."""
    return Problem(502, "office_away", "Trang văn phòng đang khởi động lại. Hãy thử lại sau vài giây; nếu khẩn cấp gọi"
                   " 113.", "The office pages are restarting. Try again in a few seconds.", retry_after_s=5)


async def _refuse(scope: Scope, send: Send, problem: Problem) -> None:
    """As a problem for programs. For people as a page, which comes back by itself if nothing was typed."""
    again = problem.extra.get("retry_after_s")
    if scope["path"].startswith("/api/") or again is None:
        await answer_problem(send, problem)
        return
    looked = scope["method"] in LOOKS
    page = AWAY_PAGE.replace("{text}", problem.vi if looked else f"{problem.vi} {TYPED}")
    headers = [(b"content-type", b"text/html; charset=utf-8"), (b"cache-control", b"no-store"),
               (b"retry-after", str(again).encode())]
    await answer(send, problem.status, page.encode(), [*headers, (b"refresh", str(again).encode())] if looked else headers)


TYPED = "Bấm Quay lại của trình duyệt: những gì đã nhập vẫn còn đó."
AWAY_PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Bình An</title><body style="font:20px sans-serif;margin:2rem"><h1>Xin đợi vài giây</h1><p>{text}</p>
<p><a href="/sos" style="font-size:1.5rem">Trang SOS vẫn hoạt động</a> · <a href="tel:113">Gọi 113</a></p></body></html>"""
