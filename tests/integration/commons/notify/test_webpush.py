"""Web Push against a push service of our own: what arrives decrypts to codes and fixed words; the gone are forgotten."""
from __future__ import annotations

import base64
import json
import os
import stat
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from binhan.commons.access.scope import ward_scope
from binhan.commons.notify.actions import queue_messages, subscribe
from binhan.commons.notify.models import Message, PushSubscription
from binhan.commons.notify.rules import Note
from binhan.commons.notify.tasks import carry_once
from binhan.commons.notify.webpush import public_key
from binhan.commons.people.actions import create_account
from binhan.commons.people.models import Account
from binhan.kernel.ids import new_id
from tests.integration.commons.access.people import HOME, caller, staff

pytestmark = pytest.mark.django_db


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class Browser:
    """A browser's key pair and its push service."""

    endpoint: str
    got: list[tuple[dict[str, str], bytes]]
    status: list[int]
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def p256dh(self) -> str:
        return b64(self.key.public_key().public_bytes(serialization.Encoding.X962,
                                                      serialization.PublicFormat.UncompressedPoint))

    def read(self, body: bytes) -> Any:
        """Decrypt as a browser does (RFC 8291)."""
        return json.loads(http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth, version="aes128gcm"))


@pytest.fixture
def browser() -> Iterator[Browser]:
    got: list[tuple[dict[str, str], bytes]] = []
    status = [201]

    class Service(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append(({k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(status[0])
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Browser(f"http://127.0.0.1:{server.server_port}/push/x", got, status)
    server.shutdown()


def push(browser: Browser, account: Account) -> Message:
    """Subscribe, queue one message, carry it."""
    with ward_scope([HOME], "test"):
        subscribe(account, browser.endpoint, browser.p256dh, b64(browser.auth), "test")
        queue_messages(HOME, [account.id], ["webpush"], Note("sos_escalate", "incident", new_id()))
    carry_once()
    with ward_scope([HOME], "test"):
        return Message.objects.latest("created_at")


def test_what_arrives_decrypts_to_codes_and_fixed_words(browser: Browser) -> None:
    row = push(browser, create_account("day1", "Nguyễn Văn Mẫu", None))
    headers, body = browser.got[0]
    said = browser.read(body)
    assert row.state == "sent" and row.sent_at is not None
    assert set(said) == {"id", "title", "body", "url", "subject_id", "ward", "urgent"}
    assert (said["id"], said["url"], said["ward"]) == (str(row.id), "/desk", HOME)
    assert "Mẫu" not in json.dumps(said, ensure_ascii=False)
    assert headers["urgency"] == "high" and headers["ttl"] == "600" and headers["content-encoding"] == "aes128gcm"
    assert 0 < len(headers["topic"]) <= 32
    assert public_key() in headers["authorization"].replace("=", "")


@pytest.mark.parametrize("gone", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(browser: Browser, gone: int) -> None:
    browser.status[0] = gone
    account = create_account(f"day{gone}", "Mẫu", None)
    row = push(browser, account)
    assert str(gone) in row.error and not PushSubscription.objects.filter(account=account).exists()


def test_a_push_service_that_is_ill_is_tried_again(browser: Browser) -> None:
    browser.status[0] = 503
    account = create_account("day503", "Mẫu", None)
    row = push(browser, account)
    assert row.state == "queued" and "503" in row.error and PushSubscription.objects.filter(account=account).exists()


def test_the_key_is_ours_and_secret(browser: Browser) -> None:
    assert len(base64.urlsafe_b64decode(public_key() + "=")) == 65
    path = Path(settings.ENV.data_dir) / "secrets" / "vapid.pem"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_subscribing_over_the_api(browser: Browser) -> None:
    account = staff("day2", (HOME, "responder"))
    client = caller(account, HOME)
    assert client.get("/api/push/key").json() == {"key": public_key()}
    body: dict[str, Any] = {"endpoint": browser.endpoint, "keys": {"p256dh": browser.p256dh, "auth": b64(browser.auth)}}
    for _ in range(2):
        assert client.post("/api/push/subscriptions", body, "application/json").status_code == 201
    assert PushSubscription.objects.filter(account=account).count() == 1
    for bad in ({**body, "endpoint": "http://evil.example/x"}, {**body, "keys": {"p256dh": "x", "auth": "y"}},
                {**body, "extra": 1}, {}):
        assert client.post("/api/push/subscriptions", bad, "application/json").status_code == 422
    other = caller(staff("day3", (HOME, "responder")), HOME)
    other.delete("/api/push/subscriptions", {"endpoint": browser.endpoint}, "application/json")
    assert PushSubscription.objects.filter(account=account).count() == 1
    gone = client.delete("/api/push/subscriptions", {"endpoint": browser.endpoint}, "application/json")
    assert gone.status_code == 204 and not PushSubscription.objects.filter(account=account).exists()
