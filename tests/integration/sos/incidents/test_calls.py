"""Whom a rung calls, and by what: delivered in-app at once, carried only where somebody could take it, and beyond ten that
wait one message for all of them."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.conf import settings
from django.db.models import F
from django.test import override_settings
from django.utils import timezone

from binhan.commons.access.scope import ward_scope
from binhan.commons.clocks.models import Clock
from binhan.commons.context import messages
from binhan.commons.notify.actions import subscribe
from binhan.commons.notify.models import Message
from binhan.commons.notify.rules import Urgency
from binhan.commons.people.actions import create_account
from binhan.commons.people.models import Account
from binhan.kernel.ids import new_id
from binhan.sos.incidents.actions import acknowledge_incident, escalate_due, open_incident, start_desk_shift
from binhan.sos.incidents.models import Incident, Rung

pytestmark = pytest.mark.django_db
HOME, NEXT = 25888, 25891


@pytest.fixture(autouse=True)
def ladder() -> Iterator[None]:
    """Every rung calls the second seat, by every channel."""
    with ward_scope([HOME, NEXT], "test"):
        Rung.objects.bulk_create([
            Rung(ward_id=ward, rung=n, after_s=20 * n, audience=["second_seat"], channels=["inapp", "webpush", "email"],
                 valid_from=timezone.now() - timedelta(days=1), source="test")
            for ward in (HOME, NEXT) for n in (1, 2)])
        yield


def officer(login: str, ward: int = HOME, device: bool = True, email: str = "") -> UUID:
    """Somebody who sits in the second seat."""
    account = create_account(login, "Mẫu", None)
    Account.objects.filter(id=account.id).update(email=email)
    if device:
        subscribe(account, f"https://push.example/{login}", "p" * 87, "a" * 22, "")
    start_desk_shift(ward, account.id, "system", "second", True)
    return account.id


def press(count: int, ward: int = HOME) -> list[UUID]:
    return [open_incident({"press_id": str(new_id()), "ward_id": ward, "channel": "phone"}, "system") for _ in range(count)]


def climb(seconds: float = 0) -> None:
    """The next rungs, as if `seconds` had gone by."""
    for clock in Clock.objects.filter(subject_kind="incident"):
        Clock.objects.filter(id=clock.id).update(due_at=clock.due_at - timedelta(seconds=seconds),
                                                 set_at=clock.set_at - timedelta(seconds=seconds))
    Message.objects.update(created_at=F("created_at") - timedelta(seconds=seconds))
    escalate_due(500)


def told(account: UUID, channel: str = "inapp") -> list[Message]:
    return list(Message.objects.filter(account_id=account, channel=channel).order_by("created_at", "template"))


def test_in_app_is_there_at_once_and_the_rest_goes_where_it_can_arrive() -> None:
    with_device, without = officer("co-may", email="mau@example.invalid"), officer("khong-may", device=False)
    (incident,) = press(1)
    climb()
    assert [(m.state, m.template, m.urgency, m.subject_id) for m in told(with_device)] == [
        ("sent", "sos_escalate", Urgency.CALL, incident)]
    assert [m.state for m in told(with_device, "webpush")] == ["queued"]
    assert told(with_device, "email") == [], "there is no mail server"
    assert [m.channel for m in Message.objects.filter(account_id=without)] == ["inapp"]
    with override_settings(ENV=replace(settings.ENV, smtp_url="smtp://127.0.0.1:9")):
        climb(60)
    assert [(m.urgency, m.state) for m in told(with_device, "email")] == [(Urgency.ALARM, "queued")]


def test_ten_are_told_one_by_one_and_eleven_at_once() -> None:
    here, there = officer("day"), officer("kia", NEXT)
    press(10)
    climb()
    assert [m.template for m in told(here)] == ["sos_escalate"] * 10
    press(11, NEXT)
    climb()
    (all_of_them,) = told(there)
    assert (all_of_them.template, all_of_them.params["n"], all_of_them.subject_kind) == ("sos_many", 11, "ward")
    assert "11 vụ chưa tiếp nhận" in messages()["sos_many"].said("vi", all_of_them.params)[1]
    assert len(told(there, "webpush")) == 1


def test_what_is_said_of_all_is_said_again_for_the_next_rung_and_after_half_a_minute() -> None:
    here = officer("day")
    press(300)
    climb()
    press(5)
    climb()
    assert [m.params["rung"] for m in told(here)] == [1], "within half a minute nothing is said twice"
    climb(40)
    assert [m.params["rung"] for m in told(here)] == [1, 2]
    climb(60)
    assert [(m.params["rung"], m.params["n"]) for m in told(here)] == [(1, 300), (2, 305), (2, 305)]


def test_many_that_are_acknowledged_and_late_are_not_called_unacknowledged() -> None:
    here = officer("day")
    for incident in press(12):
        acknowledge_incident(incident, "system")
    climb(600)
    assert [(m.template, m.params["n"]) for m in told(here)] == [("sos_many_late", 12)]
    resolved = press(12)
    Incident.objects.filter(id__in=resolved).update(state="resolved")
    Clock.objects.filter(subject_id__in=resolved).update(verb="remind", policy="sos.close_within")
    climb()
    reminders = [m for m in told(here) if m.template == "sos_remind"]
    assert [m.urgency for m in reminders] == [Urgency.NOTICE] * 12, "to close one is no alarm, and of that one"
    Message.objects.filter(template="sos_remind").delete()
    press(1)
    climb()
    assert sorted(m.template for m in told(here)) == ["sos_escalate", "sos_many_late"], "one that nobody has seen is one"
    assert Incident.objects.filter(ward_id=HOME, state="received").count() == 1
