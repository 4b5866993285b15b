"""The front door: the hot path and the built screens answered here, all else passed on to Django.

The SOS page and presses need only this process and PostgreSQL: they work while Django is down.
"""
from __future__ import annotations

import gzip
import hashlib
import mimetypes
import struct
import zlib
from pathlib import Path
from typing import Any

from binhan.kernel.errors import Problem
from binhan.kernel.kinds import ALWAYS_CALL
from binhan.live.app import Live
from binhan.live.http import Receive, Scope, Send, answer, answer_json, answer_problem, header
from binhan.run.passing import Passing
from binhan.run.readiness import Readiness
from binhan.site.environment import Environment

WEB = Path(__file__).resolve().parent.parent.parent / "web" / "dist"
PACKAGED_WEB = Path(__file__).resolve().parent / "web"
SCREENS = {"/sos": "press.html", "/desk": "desk.html", "/patrol": "patrol.html", "/field": "field.html"}
CSP = ("default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:;"
       " connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'")
PERMISSIONS = "geolocation=(self), camera=(), microphone=(), screen-wake-lock=(self)"
# The field app takes photos and voice notes, plays them back, and draws forms with an engine that is partly WebAssembly.
FIELD_CSP = CSP + "; script-src 'self' 'wasm-unsafe-eval'; media-src 'self' blob:"
FIELD_PERMISSIONS = PERMISSIONS.replace("camera=(), microphone=()", "camera=(self), microphone=(self)")


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
        self.passing = Passing(env, self.live.store)
        self.ready = Readiness(env, self.live)

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
                self.passing.open()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self.live.shutdown()
                await self.passing.close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path == "/live" or path.startswith("/live/"):
            await self.live(scope, receive, send)
        elif path == "/healthz":
            await answer_json(send, 200, {"status": "alive"})
        elif path == "/readyz":
            await self.ready(send)
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
            await self.passing(scope, receive, send)

    async def _client_config(self) -> dict[str, Any]:
        """What the SOS page may know before anybody presses: the SMS number, and whether this is sample data."""
        wards = self.live.wards.by_id.values() if self.live.wards else []
        return {"sms_number": self.env.sms_number, "demo": any(w.get("is_demo") for w in wards),
                "wards": [w["full_name"] for w in wards][:12], "call": list(ALWAYS_CALL)}


NOT_BUILT = """<!doctype html><html lang="vi"><meta charset="utf-8"><title>Bình An</title><body style="font:18px
sans-serif;margin:2rem"><h1>Màn hình chưa được dựng</h1><p>Chạy <code>make setup</code> rồi khởi động lại. Khẩn cấp: gọi
113, 114, 115.</p></body></html>"""
