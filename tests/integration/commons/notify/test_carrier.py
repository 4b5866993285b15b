"""The carrier: one message's trouble is nobody else's, a cut-off try is admitted, and old news is not sent."""
from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from binhan.commons.access.scope import ward_scope
from binhan.commons.context import messages
from binhan.commons.notify import tasks
from binhan.commons.notify.actions import (
    CUT_OFF,
    Outcome,
    claim_messages,
    messages_wait,
    queue_messages,
    settle_message,
    subscribe,
)
from binhan.commons.notify.models import Message
from binhan.commons.notify.rules import Note
from binhan.commons.notify.webpush import vapid
from binhan.commons.people.actions import create_account
from binhan.kernel.errors import Problem
from binhan.kernel.ids import new_id
from tests.integration.commons.access.people import HOME
from tests.support.waiting import wait_until

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def scope() -> Iterator[None]:
    with ward_scope([HOME], "test"):
        Message.objects.all().delete()
        yield


def queued(channel: str = "email", template: str = "sos_escalate") -> Message:
    queue_messages(HOME, [new_id()], [channel], Note(template, "incident", new_id()))
    return Message.objects.latest("created_at")


def test_it_knows_without_a_scope_whether_anything_waits() -> None:
    now = timezone.now()
    assert not messages_wait(now)
    row = queued()
    with ward_scope([], "test"):
        assert messages_wait(timezone.now())
        assert not messages_wait(now - timedelta(seconds=1)), "not yet"
    with ward_scope([HOME], "test"):
        Message.objects.filter(id=row.id).update(state="sent")
    assert not messages_wait(timezone.now())


def test_a_fault_in_sending_one_is_that_ones_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = queued(), queued("inapp")

    def broken() -> Outcome:
        raise RuntimeError("a bug in a library")
    monkeypatch.setitem(tasks.JOBS, "email", lambda _: broken)
    assert tasks.carry_once() == 2
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (good.state, bad.state) == ("sent", "queued") and "a bug in a library" in bad.error


def test_a_message_whose_words_are_gone_fails_and_says_why() -> None:
    row = queued("webpush")
    account = create_account("mau-cu", "Mẫu", None)
    subscribe(account, "https://push.example/x", "p" * 87, "a" * 22, "test")
    Message.objects.filter(id=row.id).update(template="removed", account_id=account.id)
    tasks.carry_once()
    row.refresh_from_db()
    assert row.state == "failed" and "removed" in row.error


def test_one_that_does_not_answer_keeps_no_other_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()

    def slow() -> Outcome:
        return Outcome(released.wait(60))
    monkeypatch.setitem(tasks.JOBS, "email", lambda _: slow)
    held = [queued() for _ in range(4)]
    carrier = tasks.Carrier()
    assert carrier.launch() == 4
    quick = queued("inapp")

    def sent() -> bool:
        carrier.launch()
        carrier.land(0.05)
        quick.refresh_from_db()
        return quick.state == "sent"
    wait_until(sent, "it waits for those that hang")
    assert not released.is_set()
    released.set()
    while carrier.flying:
        carrier.land(2)
    assert set(Message.objects.filter(id__in=[m.id for m in held]).values_list("state", flat=True)) == {"sent"}


def test_after_a_carrier_died_the_receipt_says_that_it_may_have_come_twice() -> None:
    row = queued()
    claim_messages(10)  # and the carrier dies: nothing is settled
    Message.objects.filter(id=row.id).update(next_at=timezone.now())
    (again,) = claim_messages(10)
    settle_message(again, Outcome(True))
    row.refresh_from_db()
    assert (row.state, row.error, row.attempts) == ("sent", CUT_OFF, 2)
    whole = queued()
    settle_message(claim_messages(10)[0], Outcome(True))
    whole.refresh_from_db()
    assert whole.error == ""


def test_old_news_is_not_sent_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Message] = []
    monkeypatch.setitem(tasks.JOBS, "email", lambda m: lambda: (sent.append(m), Outcome(True))[1])
    row = queued()
    long_ago = timezone.now() - timedelta(seconds=messages()[row.template].ttl_s + 5)
    Message.objects.filter(id=row.id).update(created_at=long_ago)
    tasks.carry_once()
    row.refresh_from_db()
    assert (row.state, sent) == ("expired", [])


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1.evil.example/x", "http://10.0.0.1/x", "https://", "ftp://127.0.0.1/x"])
def test_an_endpoint_only_looks_like_ours(endpoint: str) -> None:
    with pytest.raises(Problem) as refused:
        subscribe(create_account(f"mau-{new_id().hex[-8:]}", "Mẫu", None), endpoint, "p" * 87, "a" * 22, "test")
    assert refused.value.status == 422


def test_the_key_that_was_first_on_the_disk_holds() -> None:
    first = vapid().private_pem()
    vapid.cache_clear()
    assert vapid().private_pem() == first
