"""The front door: the hot path and the built screens answered here, all else passed on to Django.

The SOS page and presses need only this process and PostgreSQL: they work while Django is down.
"""
from __future__ import annotations

import asyncio
import gzip
import hashlib
import mimetypes
import struct
import zlib
from pathlib import Path
from typing import Any

import aiohttp
from yarl import URL

from binhan.kernel.errors import Problem
from binhan.kernel.kinds import ALWAYS_CALL
from binhan.kernel.limits import UPLOAD_MAX
from binhan.live.app import Live
from binhan.live.http import Receive, Scope, Send, answer, answer_json, answer_problem, header, read_body
from binhan.site.environment import Environment

WEB = Path(__file__).resolve().parent.parent.parent / "web" / "dist"
PACKAGED_WEB = Path(__file__).resolve().parent / "web"
SCREENS = {"/sos": "press.html", "/desk": "desk.html", "/patrol": "patrol.html", "/field": "field.html"}
HOP = {"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "proxy-authorization",
       "proxy-authenticate", "content-length", "host", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"}
API_LIMIT = 1024 * 1024  # as Django's own: a body that it leaves unread would cost the next request its connection
CSP = ("default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:;"
       " connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'")
PERMISSIONS = "geolocation=(self), camera=(), microphone=(), screen-wake-lock=(self)"
# The field app takes photos and voice notes, plays them back, and draws forms with an engine that is partly WebAssembly.
FIELD_CSP = CSP + "; script-src 'self' 'wasm-unsafe-eval'; media-src 'self' blob:"
FIELD_PERMISSIONS = PERMISSIONS.replace("camera=(), microphone=()", "camera=(self), microphone=(self)")
ALIVE = {"clocks": 6.0, "notify": 8.0, "web": 8.0}  # seconds without a sign of life


class Static:
    """The built screens, held in memory with their compressed twins."""

    def __init__(self, root: Path, secure: bool = False) -> None:
        self.secure = secure
        self.files: dict[str, tuple[bytes, bytes | None, str, str]] = {}
        for path in sorted(root.rglob("*")) if root.is_dir() else []:
            if path.is_file() and path.suffix not in (".map", ".gz"):
                raw = path.read_bytes()
                kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
                if path.suffix == ".webmanifest":
                    kind = "application/manifest+json"
                text = kind.startswith("text/") or kind in ("application/javascript", "application/manifest+json",
                                                            "image/svg+xml", "application/json")
                packed = _packed(path, raw) if text and len(raw) > 300 else None
                self.files["/" + path.relative_to(root).as_posix()] = (
                    raw, packed, kind + ("; charset=utf-8" if text else ""), hashlib.sha256(raw).hexdigest()[:20])

    def find(self, path: str) -> str | None:
        """The file that answers a path, or None."""
        name = "/" + SCREENS[path.rstrip("/")] if path.rstrip("/") in SCREENS else path
        return name if name in self.files else None

    async def serve(self, scope: Scope, send: Send, name: str) -> None:
        """One file: compressed where the client can, 304 where it has it."""
        raw, packed, kind, tag = self.files[name]
        etag = f'"{tag}"'
        forever = name.startswith("/assets/")
        headers = [(b"content-type", kind.encode()), (b"etag", etag.encode()), (b"vary", b"accept-encoding"),
                   (b"cache-control", b"public, max-age=31536000, immutable" if forever else b"no-cache"),
                   (b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"same-origin")]
        if name.endswith(".html"):
            csp, permissions = (FIELD_CSP, FIELD_PERMISSIONS) if name == "/field.html" else (CSP, PERMISSIONS)
            headers += [(b"content-security-policy", csp.encode()), (b"permissions-policy", permissions.encode()),
                        (b"x-frame-options", b"DENY")]
            if self.secure:
                headers.append((b"strict-transport-security", b"max-age=31536000"))
        if name == "/sw.js":
            headers.append((b"service-worker-allowed", b"/"))
        if etag in header(scope, b"if-none-match"):
            await answer(send, 304, b"", headers)
            return
        if packed is not None and "gzip" in header(scope, b"accept-encoding"):
            raw, headers = packed, [*headers, (b"content-encoding", b"gzip")]
        await answer(send, 200, b"" if scope["method"] == "HEAD" else raw, headers)


def _packed(path: Path, raw: bytes) -> bytes:
    """The compressed twin that the build has laid beside the file, or one made now, which takes its time."""
    twin = path.with_name(path.name + ".gz")
    packed = twin.read_bytes() if twin.is_file() else b""
    if packed[-8:] == struct.pack("<II", zlib.crc32(raw), len(raw)):  # it is of this very file
        return packed
    return gzip.compress(raw, 9, mtime=0)


def built_screens(env: Environment) -> Static:
    """The screens of this installation."""
    mimetypes.add_type("application/javascript", ".js")
    return Static(WEB if WEB.is_dir() else PACKAGED_WEB, env.public_url.startswith("https://"))


class Front:
    """The ASGI application behind the public port."""

    def __init__(self, env: Environment, static: Static | None = None) -> None:
        self.env = env
        self.live = Live(env.live_dsn, env.key, env.data_dir if env.embedded else None)
        self.static = static or built_screens(env)
        self.session: aiohttp.ClientSession | None = None
        self.beat: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection event."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self.live.startup()
                self.session = aiohttp.ClientSession(auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar(),
                                                     timeout=aiohttp.ClientTimeout(total=120, connect=3))
                await send({"type": "lifespan.startup.complete"})
            else:
                await self.live.shutdown()
                if self.session is not None:
                    await self.session.close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path == "/live" or path.startswith("/live/"):
            await self.live(scope, receive, send)
        elif path == "/healthz":
            await answer_json(send, 200, {"status": "alive"})
        elif path == "/readyz":
            await self._ready(send)
        elif path == "/client-config.json":
            await answer_json(send, 200, await self._client_config())
        elif scope["method"] in ("GET", "HEAD") and (name := self.static.find(path)) is not None:
            await self.static.serve(scope, send, name)
        elif path.rstrip("/") in SCREENS:
            await answer(send, 503, NOT_BUILT.encode(), [(b"content-type", b"text/html; charset=utf-8")])
        elif not path.startswith("/"):  # "OPTIONS *", "CONNECT a:1": nothing that could be passed on
            await answer_problem(send, Problem(400, "bad_address", "Địa chỉ không hợp lệ. Nếu khẩn cấp hãy gọi 113.",
                                               "This is no address here. In an emergency call 113."))
        else:
            await self._pass_on(scope, receive, send)

    async def _client_config(self) -> dict[str, Any]:
        """What the SOS page may know before anybody presses: the SMS number, and whether this is sample data."""
        wards = self.live.wards.by_id.values() if self.live.wards else []
        return {"sms_number": self.env.sms_number, "demo": any(w.get("is_demo") for w in wards),
                "wards": [w["full_name"] for w in wards][:12], "call": list(ALWAYS_CALL)}

    async def _ready(self, send: Send) -> None:
        """Each part by name; 503 when one is missing."""
        parts: dict[str, Any] = {"listener": self.live.hub.listening, "wards": self.live.wards is not None}
        try:
            ages = await asyncio.wait_for(self.live.store.call("SELECT live_heartbeats()", patience_s=0), 3)
            ready = await self.live.store.call("SELECT live_ready()", patience_s=0)
            parts["database"] = True
            parts["clocks_overdue_s"] = ready["overdue_s"]
            for name, limit in ALIVE.items():
                parts[name] = min((float(a) for n, a in ages.items() if n.startswith(name)), default=1e9) < limit
        except (Problem, TimeoutError, OSError):
            parts["database"] = False
        for name in ALIVE:
            parts.setdefault(name, False)
        parts["web"] = parts["web"] and await self._web_answers()  # its last sign of life may be of before it died
        good = all(v for k, v in parts.items() if k != "clocks_overdue_s")
        await answer_json(send, 200 if good else 503, {"status": "ready" if good else "not ready", "parts": parts})

    async def _web_answers(self) -> bool:
        host, _, port = self.env.web_address.rpartition(":")
        try:
            _, writer = await asyncio.wait_for(asyncio.open_connection(host, int(port)), 2)
        except (OSError, TimeoutError):
            return False
        writer.close()
        return True

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stream a request to Django and its answer back."""
        assert self.session is not None
        path = scope.get("raw_path", scope["path"].encode()).decode("latin-1").split("?")[0]
        target = f"http://{self.env.web_address}{path}"
        if scope.get("query_string"):
            target += "?" + scope["query_string"].decode("latin-1")
        headers = [(k.decode("latin-1"), v.decode("latin-1")) for k, v in scope["headers"]
                   if k.decode("latin-1").lower() not in HOP]
        headers += [("Host", header(scope, b"host")), ("X-Forwarded-For", _client(scope)),
                    ("X-Forwarded-Proto", "https" if self.env.public_url.startswith("https") else "http")]
        began = False

        async def noted(message: Any) -> None:
            nonlocal began
            began = True
            await send(message)
        try:
            body = b"" if scope["method"] in ("GET", "HEAD") else await read_body(
                scope, receive, API_LIMIT if path.startswith("/api/") else UPLOAD_MAX)
            async with self.session.request(scope["method"], URL(target, encoded=True), headers=headers, data=body or None,
                                            allow_redirects=False) as response:
                await self._relay(response, noted)
        except Problem as problem:
            await answer_problem(send, problem)
        except (aiohttp.ClientError, TimeoutError, OSError):
            if began:
                raise  # half an answer is on its way: the connection must break, so that nobody takes it for whole
            await self._office_away(scope, send)

    async def _relay(self, response: aiohttp.ClientResponse, send: Send) -> None:
        headers = [(k.encode("latin-1"), v.encode("latin-1")) for k, v in response.headers.items()
                   if k.lower() not in HOP - {"content-length"}]
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        async for chunk in response.content.iter_chunked(65_536):
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    async def _office_away(self, scope: Scope, send: Send) -> None:
        problem = Problem(502, "office_away", "Trang văn phòng đang khởi động lại. Hãy thử lại sau vài giây; nếu khẩn cấp"
                          " gọi 113.", "The office pages are restarting. Try again in a few seconds.")
        if scope["path"].startswith("/api/"):
            await answer_problem(send, problem)
            return
        page = AWAY_PAGE.replace("{text}", problem.vi)
        await answer(send, 502, page.encode(), [(b"content-type", b"text/html; charset=utf-8"), (b"refresh", b"5")])


def _client(scope: Scope) -> str:
    """The address of the client. Only a proxy on this machine may say that it speaks for another."""
    peer = str((scope.get("client") or ("", 0))[0])
    given = header(scope, b"x-forwarded-for")
    return given if given and peer in ("127.0.0.1", "::1", "") else peer


NOT_BUILT = """<!doctype html><html lang="vi"><meta charset="utf-8"><title>Bình An</title><body style="font:18px
sans-serif;margin:2rem"><h1>Màn hình chưa được dựng</h1><p>Chạy <code>make setup</code> rồi khởi động lại. Khẩn cấp: gọi
113, 114, 115.</p></body></html>"""
AWAY_PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Bình An</title><body style="font:20px sans-serif;margin:2rem"><h1>Xin đợi vài giây</h1><p>{text}</p>
<p><a href="/sos" style="font-size:1.5rem">Trang SOS vẫn hoạt động</a> · <a href="tel:113">Gọi 113</a></p></body></html>"""
