"""The carrier: one message's trouble is nobody else's, a cut-off try is admitted, and old news is not sent."""
from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from django.utils import timezone

from binhan.commons.access.scope import ward_scope
from binhan.commons.context import messages
from binhan.commons.notify import tasks
from binhan.commons.notify.actions import (
    CUT_OFF,
    claim_messages,
    messages_wait,
    queue_messages,
    settle_messages,
    subscribe,
)
from binhan.commons.notify.models import Message, PushSubscription
from binhan.commons.notify.rules import Job, Note, Outcome, Urgency
from binhan.commons.notify.tasks import Channel
from binhan.commons.notify.webpush.keys import vapid
from binhan.commons.people.actions import create_account
from binhan.kernel.errors import Problem
from binhan.kernel.ids import new_id
from tests.integration.commons.access.people import HOME, NEXT
from tests.support.waiting import wait_until

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def scope() -> Iterator[None]:
    with ward_scope([HOME], "test"):
        Message.objects.all().delete()
        yield


def queued(channel: str = "webpush", template: str = "sos_escalate", account: UUID | None = None,
           ward: int = HOME) -> Message:
    """One that waits, to somebody who has a device."""
    account = account or create_account(f"mau-{new_id().hex[-12:]}", "Mẫu", None).id
    PushSubscription.objects.get_or_create(account_id=account, defaults={
        "endpoint": f"https://push.example/{account}", "p256dh": "p" * 87, "auth": "a" * 22})
    queue_messages(ward, [account], [channel], Note(template, "incident", new_id()))
    return Message.objects.latest("created_at")


def channel(job: Callable[[Message], Awaitable[Outcome]], name: str = "webpush", lanes: int = 8, each: int = 4) -> Channel:
    """A channel that sends as the test says."""
    def jobs(rows: Sequence[Message]) -> list[Job]:
        return [partial(job, row) for row in rows]
    return Channel(name, lanes, each, jobs)


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


def test_a_fault_in_sending_one_is_that_ones_alone() -> None:
    bad, good = queued(), queued()

    async def broken(row: Message) -> Outcome:
        if row.id == bad.id:
            raise RuntimeError("a bug in a library")
        return Outcome(True)
    assert tasks.carry_once([channel(broken)]) == 2
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (good.state, bad.state) == ("sent", "queued") and "a bug in a library" in bad.error


def test_a_message_whose_words_are_gone_fails_and_says_why() -> None:
    row = queued()
    Message.objects.filter(id=row.id).update(template="removed")
    tasks.carry_once()
    row.refresh_from_db()
    assert row.state == "failed" and "removed" in row.error


def test_one_that_does_not_answer_keeps_no_other_waiting() -> None:
    released = threading.Event()
    held = [queued() for _ in range(4)]

    async def slow(row: Message) -> Outcome:
        return Outcome(row.id not in {one.id for one in held} or await asyncio.to_thread(released.wait, 60))
    carrier = tasks.Carrier([channel(slow)])
    assert carrier.launch() == 4
    quick = queued()

    def sent() -> bool:
        carrier.launch()
        carrier.land(0.05)
        quick.refresh_from_db()
        return quick.state == "sent"
    wait_until(sent, "it waits for those that hang")
    released.set()
    while carrier.flying:
        carrier.land(2)
    assert set(Message.objects.filter(id__in=[m.id for m in held]).values_list("state", flat=True)) == {"sent"}


def test_an_account_whose_device_hangs_has_few_on_their_way_and_leaves_the_lanes_to_others() -> None:
    hangs, ended = queued().account_id, threading.Event()
    for _ in range(9):
        queued(account=hangs)

    async def slow(row: Message) -> Outcome:
        return Outcome(row.account_id != hangs or await asyncio.to_thread(ended.wait, 60))
    carrier = tasks.Carrier([channel(slow, lanes=6)])
    assert [carrier.launch(), carrier.launch()] == [4, 0], "four of one account at once, also over two looks"
    other = queued()
    assert carrier.launch() == 1
    carrier.land(5)
    other.refresh_from_db()
    assert other.state == "sent" and len(carrier.flying) == 4
    ended.set()
    carrier.close()


def test_the_most_urgent_go_first_and_each_wards_first_before_any_wards_second() -> None:
    with ward_scope([HOME, NEXT], "test"):
        tests = [queued(template="test") for _ in range(3)]
        late = [queued() for _ in range(4)]
        there = queued(ward=NEXT)
        offer = queued(template="sos_offer")
        assert [messages()[m.template].urgency for m in (offer, there, tests[0])] == [
            Urgency.CALL, Urgency.ALARM, Urgency.TRIAL]
        assert {m.id for m in claim_messages("webpush", 3)} == {offer.id, there.id, late[0].id}
        assert {m.id for m in claim_messages("webpush", 100)} == {m.id for m in (*late[1:], *tests)}


def test_a_try_that_was_set_before_the_clock_was_set_back_is_due() -> None:
    row = queued()
    Message.objects.filter(id=row.id).update(next_at=timezone.now() + timedelta(hours=1))
    assert messages_wait(timezone.now()) and [m.id for m in claim_messages("webpush", 10)] == [row.id]
    assert not messages_wait(timezone.now()), "a claimed one is not due again for a while"


def test_a_message_that_counts_what_its_words_no_longer_name_fails_alone() -> None:
    bad, good = queued(template="sos_many"), queued()
    Message.objects.filter(id=bad.id).update(params={"count": 11})
    tasks.carry_once()
    bad.refresh_from_db()
    good.refresh_from_db()
    assert bad.state == "failed" and "cannot be made" in bad.error and good.attempts == 1


def test_in_app_is_delivered_by_being_written_and_waits_for_no_carrier() -> None:
    row = queued("inapp")
    assert (row.state, row.sent_at) == ("sent", row.created_at) and not messages_wait(timezone.now())


def test_nothing_is_queued_that_nobody_could_take() -> None:
    account = create_account("mau-khong-may", "Mẫu", None).id
    assert queue_messages(HOME, [account], ["inapp", "webpush", "email"], Note("sos_escalate", "incident", new_id())) == 1
    assert list(Message.objects.filter(account_id=account).values_list("channel", flat=True)) == ["inapp"]


def test_after_a_carrier_died_the_receipt_says_that_it_may_have_come_twice() -> None:
    row = queued()
    claim_messages("webpush", 10)  # and the carrier dies: nothing is settled
    Message.objects.filter(id=row.id).update(next_at=timezone.now())
    (again,) = claim_messages("webpush", 10)
    settle_messages([(again, Outcome(True))])
    row.refresh_from_db()
    assert (row.state, row.error, row.attempts) == ("sent", CUT_OFF, 2)
    whole = queued()
    settle_messages([(claim_messages("webpush", 10)[0], Outcome(True))])
    whole.refresh_from_db()
    assert whole.error == ""


def test_old_news_is_not_sent_at_all() -> None:
    sent: list[Message] = []

    async def note(row: Message) -> Outcome:
        sent.append(row)
        return Outcome(True)
    row = queued()
    long_ago = timezone.now() - timedelta(seconds=messages()[row.template].ttl_s + 5)
    Message.objects.filter(id=row.id).update(created_at=long_ago)
    tasks.carry_once([channel(note)])
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
