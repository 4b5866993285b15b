"""Messages: claimed once, tried again, given up with a reason, and a receipt that only moves forward."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.conf import settings
from django.core.mail import EmailMessage
from django.test import override_settings
from django.utils import timezone

from binhan.commons.access.scope import ward_scope
from binhan.commons.context import messages
from binhan.commons.notify.actions import claim_messages, queue_messages, record_receipt, settle_messages, subscribe
from binhan.commons.notify.models import Message, PushSubscription
from binhan.commons.notify.rules import ATTEMPTS, Note, Outcome
from binhan.commons.notify.tasks import carry_once
from binhan.commons.people.actions import create_account
from binhan.commons.people.models import Account
from binhan.kernel.errors import Problem
from binhan.kernel.ids import new_id
from tests.integration.commons.access.people import HOME, NEXT, caller, staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def scope() -> Iterator[None]:
    with ward_scope([HOME], "test"):
        yield


def queued(channel: str = "webpush", account: UUID | None = None) -> Message:
    """One fresh message, to somebody who can be reached."""
    account = account or create_account(f"mau-{new_id().hex[-12:]}", "Mẫu", None).id
    if channel == "webpush":
        subscribe(Account.objects.get(id=account), f"https://push.example/{account}", "p" * 87, "a" * 22, "")
    queue_messages(HOME, [account], [channel], Note("sos_escalate", "incident", new_id()))
    return Message.objects.latest("created_at")


def test_one_message_per_account_and_channel_and_no_personal_text() -> None:
    account = new_id()
    assert queue_messages(HOME, [account, account], ["inapp"], Note("sos_offer", "incident")) == 1
    assert Message.objects.filter(account_id=account).count() == 1
    with pytest.raises(ValueError, match="no message template"):
        queue_messages(HOME, [account], ["inapp"], Note("lạ", "incident"))


def test_a_claimed_message_is_not_claimed_again_and_comes_back_when_its_worker_dies() -> None:
    row = queued()
    assert row.id in [m.id for m in claim_messages("webpush", 10)]
    assert row.id not in [m.id for m in claim_messages("webpush", 10)]
    row.refresh_from_db()
    assert row.attempts == 1 and row.next_at > timezone.now() + timedelta(seconds=20)
    Message.objects.filter(id=row.id).update(next_at=timezone.now())
    assert row.id in [m.id for m in claim_messages("webpush", 10)]


def test_what_failed_is_tried_again_later_and_given_up_in_the_end() -> None:
    row = queued()
    waits = []
    for attempt in range(1, ATTEMPTS + 1):
        Message.objects.filter(id=row.id).update(next_at=timezone.now())
        (claimed,) = [m for m in claim_messages("webpush", 50) if m.id == row.id]
        before = timezone.now()
        settle_messages([(claimed, Outcome(False, "máy chủ bận"))])
        row.refresh_from_db()
        assert row.attempts == attempt
        waits.append((row.next_at - before).total_seconds())
        assert row.state == ("failed" if attempt == ATTEMPTS else "queued")
    assert waits[:-1] == sorted(waits[:-1]) and waits[0] < 2 and row.error == "máy chủ bận"


def test_a_permanent_refusal_is_not_tried_again_and_an_old_message_expires() -> None:
    row, old = queued(), queued()
    settle_messages([(row, Outcome(False, "gone", permanent=True))])
    old.created_at = timezone.now() - timedelta(seconds=messages()[old.template].ttl_s + 1)
    settle_messages([(old, Outcome(False, "slow"))])
    row.refresh_from_db()
    old.refresh_from_db()
    assert (row.state, old.state) == ("failed", "expired")


def test_a_receipt_that_came_first_is_not_undone_by_a_late_settlement() -> None:
    row = queued()
    record_receipt(row.id, row.account_id, "read")
    settle_messages([(row, Outcome(False, "timeout", permanent=True))])
    row.refresh_from_db()
    assert row.state == "read" and row.read_at is not None and row.delivered_at is not None
    record_receipt(row.id, row.account_id, "delivered")
    row.refresh_from_db()
    assert row.state == "read"


def test_nobody_answers_for_another() -> None:
    row = queued()
    with pytest.raises(Problem) as refused:
        record_receipt(row.id, new_id(), "read")
    assert refused.value.status == 404


@override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend")
def test_email_needs_a_server_and_an_address(mailoutbox: list[EmailMessage]) -> None:
    account = create_account("thu1", "Mẫu", None)
    account.email = "mau@example.invalid"
    account.save()
    note = Note("sos_escalate", "incident", new_id())
    queue_messages(HOME, [account.id], ["email"], note)
    assert not Message.objects.filter(account_id=account.id).exists(), "no server: nothing is queued that cannot leave"
    with override_settings(ENV=replace(settings.ENV, smtp_url="smtp://127.0.0.1:9")):
        queue_messages(HOME, [account.id], ["email"], note)
        carry_once()
    row = Message.objects.get(account_id=account.id)
    assert row.state == "sent" and [mail.to for mail in mailoutbox] == [["mau@example.invalid"]]


def test_a_mail_for_which_there_is_no_server_any_more_fails_and_says_so() -> None:
    account = create_account("thu2", "Mẫu", None)
    Account.objects.filter(id=account.id).update(email="mau2@example.invalid")
    with override_settings(ENV=replace(settings.ENV, smtp_url="smtp://127.0.0.1:9")):
        queue_messages(HOME, [account.id], ["email"], Note("sos_escalate", "incident", new_id()))
    carry_once()
    row = Message.objects.get(account_id=account.id)
    assert row.state == "failed" and "BINHAN_SMTP_URL" in row.error


def test_of_more_than_five_browsers_the_one_is_forgotten_that_has_taken_nothing() -> None:
    account = create_account("nhieu-may", "Mẫu", None)
    for n in range(5):
        subscribe(account, f"https://push.example/may/{n}", "p" * 87, "a" * 22, "")
    PushSubscription.objects.filter(endpoint__endswith="/3").update(failed_at=timezone.now())
    for n in (5, 6):
        subscribe(account, f"https://push.example/may/{n}", "p" * 87, "a" * 22, "")
    kept = PushSubscription.objects.filter(account=account).values_list("endpoint", flat=True)
    assert sorted(endpoint[-1] for endpoint in kept) == ["1", "2", "4", "5", "6"]


def test_a_device_is_tried_once_a_minute() -> None:
    account = staff("thu3", (HOME, "responder"))
    subscribe(account, "https://push.example/thu3", "p" * 87, "a" * 22, "")
    client = caller(account, HOME)
    assert client.post("/api/push/test").json() == {"queued": 1}
    refused = client.post("/api/push/test")
    assert (refused.status_code, refused.json()["code"]) == (429, "tested_just_now")
    Message.objects.filter(account_id=account.id).update(created_at=timezone.now() - timedelta(seconds=61))
    assert client.post("/api/push/test").status_code == 200


def test_the_api_shows_my_own_messages_and_takes_their_receipts() -> None:
    account = staff("nhan1", (HOME, "desk_officer"))
    mine, other = queued("inapp", account.id), queued("inapp")
    client = caller(account, HOME)
    shown = client.get("/api/notifications?unread=1").json()
    assert [m["id"] for m in shown] == [str(mine.id)] and shown[0]["url"] == "/desk"
    url = f"/api/notifications/{mine.id}/receipt"
    assert client.post(url, {"state": "delivered"}, "application/json").json()["state"] == "delivered"
    assert client.post(url, {"state": "read"}, "application/json").json()["state"] == "read"
    assert client.get("/api/notifications?unread=1").json() == []
    assert client.post(url, {"state": "sent"}, "application/json").status_code == 422
    assert client.post(url, {"state": "read", "more": 1}, "application/json").status_code == 422
    assert client.post(f"/api/notifications/{other.id}/receipt", {"state": "read"},
                       "application/json").status_code == 404


def test_messages_of_another_ward_stay_there() -> None:
    account = staff("nhan2", (HOME, "desk_officer"))
    with ward_scope([NEXT], "test"):
        queue_messages(NEXT, [account.id], ["inapp"], Note("sos_remind", "incident"))
    assert caller(account, HOME).get("/api/notifications").json() == []
