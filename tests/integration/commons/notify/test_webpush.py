"""Web Push against a push service of our own: what arrives decrypts to codes and fixed words; the gone are forgotten; what
hangs, drips or sends us elsewhere costs its own account three seconds and nobody else anything."""
from __future__ import annotations

import base64
import json
import stat
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from binhan.commons.access.scope import ward_scope
from binhan.commons.notify.actions import queue_messages, subscribe
from binhan.commons.notify.models import Message, PushSubscription
from binhan.commons.notify.rules import Note
from binhan.commons.notify.tasks import carry_once
from binhan.commons.notify.webpush import post
from binhan.commons.notify.webpush.keys import public_key
from binhan.commons.people.actions import create_account
from binhan.commons.people.models import Account
from binhan.kernel.ids import new_id
from tests.integration.commons.access.people import HOME, caller, staff
from tests.support.push_service import Browser, PushService, b64, push_service

pytestmark = pytest.mark.django_db
MORE_S = 2.5  # what a busy machine may need beyond the deadline


@pytest.fixture
def service() -> Iterator[PushService]:
    with push_service() as running:
        yield running


@pytest.fixture(autouse=True)
def rested(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post.RESTING, "failed", {})


def push(account: Account, *browsers: Browser) -> Message:
    """Subscribe, queue one message, carry it."""
    with ward_scope([HOME], "test"):
        for browser in browsers:
            subscribe(account, browser.endpoint, browser.p256dh, b64(browser.auth), "test")
        queue_messages(HOME, [account.id], ["webpush"], Note("sos_escalate", "incident", new_id()))
    carry_once()
    with ward_scope([HOME], "test"):
        return Message.objects.latest("created_at")


def test_what_arrives_decrypts_to_codes_and_fixed_words(service: PushService) -> None:
    browser = service.browser("201")
    row = push(create_account("day1", "Nguyễn Văn Mẫu", None), browser)
    (got,) = service.got
    said = browser.read(got.body)
    assert row.state == "sent" and row.sent_at is not None
    assert set(said) == {"id", "title", "body", "url", "subject_id", "ward", "urgent"}
    assert (said["id"], said["url"], said["ward"]) == (str(row.id), "/desk", HOME)
    assert "Mẫu" not in json.dumps(said, ensure_ascii=False)
    assert got.headers["urgency"] == "high" and got.headers["ttl"] == "600"
    assert got.headers["content-encoding"] == "aes128gcm" and 0 < len(got.headers["topic"]) <= 32
    assert public_key() in got.headers["authorization"].replace("=", "")


@pytest.mark.parametrize("gone", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(service: PushService, gone: int) -> None:
    account = create_account(f"day{gone}", "Mẫu", None)
    row = push(account, service.browser(str(gone)))
    assert str(gone) in row.error and not PushSubscription.objects.filter(account=account).exists()


def test_a_push_service_that_is_ill_is_tried_again_and_noted(service: PushService) -> None:
    account = create_account("day503", "Mẫu", None)
    row = push(account, service.browser("503"))
    assert row.state == "queued" and "503" in row.error
    assert PushSubscription.objects.get(account=account).failed_at is not None
    PushSubscription.objects.filter(account=account).delete()
    push(account, service.browser("201"))
    assert PushSubscription.objects.get(account=account).failed_at is None


@pytest.mark.parametrize("kind", ["hang", "drip"])
def test_one_that_never_ends_its_answer_is_given_up_in_time(service: PushService, kind: str) -> None:
    began = time.monotonic()
    row = push(create_account(f"day-{kind}", "Mẫu", None), *(service.browser(kind, str(n)) for n in range(5)))
    assert time.monotonic() - began < post.DEADLINE_S + MORE_S, "five addresses of one account, at the same time"
    assert row.state == "queued" and "did not answer" in row.error and len(service.got) == 5


def test_one_good_browser_is_enough_and_no_redirect_is_followed(service: PushService) -> None:
    account = create_account("day-hai-may", "Mẫu", None)
    row = push(account, service.browser("201"), service.browser("away"))
    assert row.state == "sent" and "307" in row.error
    assert [p.path for p in service.got if "elsewhere" in p.path] == []
    assert {s.endpoint.split("/")[3]: s.failed_at is None for s in PushSubscription.objects.filter(account=account)} == {
        "201": True, "away": False}


def test_what_did_not_answer_three_times_is_left_in_peace_for_a_minute(service: PushService,
                                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr(post.RESTING, "steady", lambda: clock[0])
    monkeypatch.setattr(post, "DEADLINE_S", 0.2)
    account, browser = create_account("day-nghi", "Mẫu", None), service.browser("hang")
    rows = []
    for _ in range(4):
        clock[0] += 5
        rows.append(push(account, browser))
    assert len(service.got) == 3 and "left in peace" in rows[3].error
    assert (rows[3].state, rows[3].attempts) == ("queued", 0), "what was not tried does not count as a try"
    assert rows[3].next_at > timezone.now() + timedelta(seconds=40)
    clock[0] += post.REST_S
    push(account, browser)
    assert len(service.got) == 4, "then one try decides"


def test_the_key_is_ours_and_secret() -> None:
    assert len(base64.urlsafe_b64decode(public_key() + "=")) == 65
    path = Path(settings.ENV.data_dir) / "secrets" / "vapid.pem"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_subscribing_over_the_api(service: PushService) -> None:
    account, browser = staff("day2", (HOME, "responder")), service.browser("201")
    client = caller(account, HOME)
    assert client.get("/api/push/key").json() == {"key": public_key()}
    body = browser.subscription
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
