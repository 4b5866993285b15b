"""Messages: claimed once, tried again, given up with a reason, and a receipt that only moves forward."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import override_settings
from django.utils import timezone

from binhan.commons.access.scope import ward_scope
from binhan.commons.context import messages
from binhan.commons.notify.actions import Outcome, claim_messages, queue_messages, record_receipt, settle_message
from binhan.commons.notify.models import Message
from binhan.commons.notify.rules import ATTEMPTS, Note
from binhan.commons.notify.tasks import carry_once
from binhan.commons.people.actions import create_account
from binhan.kernel.errors import Problem
from binhan.kernel.ids import new_id
from tests.integration.commons.access.people import HOME, NEXT, caller, staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def scope() -> Iterator[None]:
    with ward_scope([HOME], "test"):
        yield


def queued(channel: str = "inapp", account: UUID | None = None) -> Message:
    """One fresh message."""
    queue_messages(HOME, [account or new_id()], [channel], Note("sos_escalate", "incident", new_id()))
    return Message.objects.latest("created_at")


def test_one_message_per_account_and_channel_and_no_personal_text() -> None:
    account = new_id()
    assert queue_messages(HOME, [account, account], ["inapp", "email"], Note("sos_offer", "incident")) == 2
    with pytest.raises(ValueError, match="no message template"):
        queue_messages(HOME, [account], ["inapp"], Note("lạ", "incident"))


def test_a_claimed_message_is_not_claimed_again_and_comes_back_when_its_worker_dies() -> None:
    row = queued()
    assert row.id in [m.id for m in claim_messages(10)]
    assert row.id not in [m.id for m in claim_messages(10)]
    row.refresh_from_db()
    assert row.attempts == 1 and row.next_at > timezone.now() + timedelta(seconds=20)
    Message.objects.filter(id=row.id).update(next_at=timezone.now())
    assert row.id in [m.id for m in claim_messages(10)]


def test_what_failed_is_tried_again_later_and_given_up_in_the_end() -> None:
    row = queued()
    waits = []
    for attempt in range(1, ATTEMPTS + 1):
        Message.objects.filter(id=row.id).update(next_at=timezone.now())
        (claimed,) = [m for m in claim_messages(50) if m.id == row.id]
        before = timezone.now()
        settle_message(claimed, Outcome(False, "máy chủ bận"))
        row.refresh_from_db()
        assert row.attempts == attempt
        waits.append((row.next_at - before).total_seconds())
        assert row.state == ("failed" if attempt == ATTEMPTS else "queued")
    assert waits[:-1] == sorted(waits[:-1]) and waits[0] < 2 and row.error == "máy chủ bận"


def test_a_permanent_refusal_is_not_tried_again_and_an_old_message_expires() -> None:
    row, old = queued(), queued()
    settle_message(row, Outcome(False, "gone", permanent=True))
    old.created_at = timezone.now() - timedelta(seconds=messages()[old.template].ttl_s + 1)
    settle_message(old, Outcome(False, "slow"))
    row.refresh_from_db()
    old.refresh_from_db()
    assert (row.state, old.state) == ("failed", "expired")


def test_a_receipt_that_came_first_is_not_undone_by_a_late_settlement() -> None:
    row = queued()
    record_receipt(row.id, row.account_id, "read")
    settle_message(row, Outcome(False, "timeout", permanent=True))
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
def test_email_without_a_server_or_an_address_fails_with_the_reason(mailoutbox: list[object]) -> None:
    account = create_account("thu1", "Mẫu", None)
    row = queued("email", account.id)
    carry_once()
    row.refresh_from_db()
    assert row.state == "failed" and "no e-mail address" in row.error
    account.email = "mau@example.invalid"
    account.save()
    row = queued("email", account.id)
    carry_once()
    row.refresh_from_db()
    assert row.state == "failed" and "BINHAN_SMTP_URL" in row.error and mailoutbox == []


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
