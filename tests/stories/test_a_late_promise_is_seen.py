"""The team said Tuesday at nine and did not come. By half past ten its phone and the leader's know – once, not for every
door, and not in the middle of the night – and a day later again, until somebody has been there."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from binhan.casework.appointments.actions.digest import tell_late
from binhan.casework.appointments.models import Appointment
from binhan.casework.listening.models import Issue
from binhan.commons.access.scope import ward_scope
from binhan.commons.clocks.models import Clock, Policy
from binhan.commons.clocks.tasks import sweep
from binhan.commons.context import clock_actions
from binhan.commons.notify.actions import subscribe
from binhan.commons.notify.models import Message
from binhan.commons.people.models import Account
from binhan.kernel.ids import new_id
from tests.integration.casework.visits.ground import HOME, again, call, client, khu_pho, open_round, send, visit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _scope() -> Iterator[None]:
    with ward_scope([HOME], "test"):
        yield


def _quiet(begin: int, end: int) -> None:
    """The ward's own quiet hours, from now on."""
    Policy.objects.filter(ward_id=HOME, name__startswith="promise.quiet").delete()
    for name, amount in (("promise.quiet_from", begin), ("promise.quiet_to", end)):
        Policy.objects.create(ward_id=HOME, name=name, amount=amount, valid_from=timezone.now() - timedelta(days=1),
                              source="thử")


def _late() -> None:
    past = timezone.now() - timedelta(hours=2)
    Appointment.objects.filter(state="booked").update(from_at=past, to_at=past + timedelta(hours=1))
    Clock.objects.filter(subject_kind="appointment").update(due_at=timezone.now() - timedelta(seconds=1))
    sweep({}, {k: a for k, a in clock_actions().items() if k[0] == "appointment"})
    again()


def test_a_late_promise_is_seen() -> None:
    (one, doors), (two, _) = khu_pho("KP Thử 1", 4), khu_pho("KP Thử 2", 2, 1)
    leader, team, others = client("leadership"), client("team_member", one.id), client("team_member", two.id)
    for account in Account.objects.all():  # everybody has a device that takes pushes
        subscribe(account, f"https://push.example/{account.id}", "p" * 87, "a" * 22, "")
    row = open_round(leader, one, two)
    met = visit(row, doors[3])
    assert send(team, *[visit(row, d, "come_back") for d in doors[:3]], met) == ["stored"] * 4
    said = {"id": str(new_id()), "visit": met["id"], "kind": "procedure", "words": "Hồ sơ chờ lâu", "reply_by": "phone"}
    call(team, "post", "/issues", {"issues": [said]})

    _quiet(1, 86_399)  # it is always night
    assert tell_late() == 0, "nothing is late"
    Issue.objects.update(reply_due_at=timezone.now() - timedelta(minutes=5))
    _late()
    assert tell_late() == 0, "nobody is woken at night"
    _quiet(86_398, 86_399)
    assert tell_late() == 2
    assert tell_late() == 0, "once"

    def told(who: object) -> list[tuple[str, str]]:
        found = call(who, "get", "/notifications")  # type: ignore[arg-type]
        return [(m["url"], m["body"]) for m in found if m["template"].startswith("promises")]

    assert [url for url, _ in told(team)] == ["/field"] and "1 lời hẹn trả lời, 3 giờ hẹn" in told(team)[0][1]
    assert [url for url, _ in told(leader)] == ["/office/promises/?late=1"]
    assert told(others) == [], "another team's promises are not theirs"
    assert {m.channel for m in Message.objects.filter(template__startswith="promises")} == {"inapp", "webpush"}
    late = call(leader, "get", "/promises?late=1")["items"]
    assert sorted(p["what"] for p in late) == ["reply", "visit", "visit", "visit"]

    Message.objects.filter(template__startswith="promises").update(created_at=timezone.now() - timedelta(hours=23))
    assert tell_late() == 2, "late since the last message, and long enough ago"
    Appointment.objects.update(moved_at=timezone.now() - timedelta(days=2))
    Issue.objects.update(reply_due_at=timezone.now() - timedelta(days=2))
    assert tell_late() == 0, "nothing new within the day"
    Message.objects.filter(template__startswith="promises").update(created_at=timezone.now() - timedelta(hours=25))
    assert tell_late() == 2, "it still stands a day later"

    assert send(team, *[visit(row, d) for d in doors[:3]]) == ["stored"] * 3
    call(leader, "post", f"/issues/{said['id']}/withdraw")
    Message.objects.filter(template__startswith="promises").update(created_at=timezone.now() - timedelta(days=9))
    assert tell_late() == 0 and call(leader, "get", "/promises?late=1")["items"] == []
