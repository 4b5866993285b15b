"""A push service on this machine: what it takes can be decrypted, and it can be as ill as push services are."""
from __future__ import annotations

import base64
import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class Push:
    """One that arrived: for which address, when, with which headers."""

    path: str
    at: float
    headers: dict[str, str]
    body: bytes


@dataclass
class Browser:
    """A browser's key pair, and where its push service takes its pushes."""

    endpoint: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def p256dh(self) -> str:
        return b64(self.key.public_key().public_bytes(serialization.Encoding.X962,
                                                      serialization.PublicFormat.UncompressedPoint))

    @property
    def subscription(self) -> dict[str, Any]:
        """What PushManager.subscribe() gives."""
        return {"endpoint": self.endpoint, "keys": {"p256dh": self.p256dh, "auth": b64(self.auth)}}

    def read(self, body: bytes) -> Any:
        """Decrypt as a browser does (RFC 8291)."""
        return json.loads(http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth, version="aes128gcm"))


class PushService:
    """`/201/…`, `/410/…`, `/503/…` answer so; `/hang/…` never answers; `/drip/…` a byte now and then; `/away/…` sends the
    caller on to `/201/elsewhere`."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.server = server
        self.got: list[Push] = []
        self.ended = threading.Event()

    def browser(self, kind: str, name: str = "x") -> Browser:
        """A browser whose pushes are answered in this way."""
        return Browser(f"http://127.0.0.1:{self.server.server_port}/{kind}/{name}")

    def taken(self, browser: Browser) -> list[Push]:
        """What arrived for it."""
        return [push for push in self.got if browser.endpoint.endswith(push.path)]

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """As the path says."""
        body = request.rfile.read(int(request.headers["Content-Length"]))
        self.got.append(Push(request.path, time.time(), {k.lower(): v for k, v in request.headers.items()}, body))
        kind = request.path.split("/")[1]
        if kind == "hang":
            self.ended.wait(120)
        elif kind == "drip":
            with suppress(OSError):
                for byte in "HTTP/1.1 201 Created\r\nServer: drip, drip, drip, drip, drip\r\n\r\n":
                    request.wfile.write(byte.encode())
                    if self.ended.wait(1):
                        break
        elif kind == "away":
            request.send_response(307)
            request.send_header("Location", self.browser("201", "elsewhere").endpoint)
            request.end_headers()
        else:
            request.send_response(int(kind))
            request.end_headers()


@contextmanager
def push_service() -> Iterator[PushService]:
    """One that runs until the block ends."""
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            service.answer(self)

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    service = PushService(server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield service
    finally:
        service.ended.set()
        server.shutdown()
        server.server_close()
