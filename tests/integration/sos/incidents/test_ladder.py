"""The ladder, climbed by the SQL itself, with time moved inside the database."""
from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from binhan.commons.access.actions import grant_role
from binhan.commons.access.scope import ward_scope
from binhan.commons.clocks.actions import shift_clocks
from binhan.commons.clocks.models import Clock
from binhan.commons.journal.models import Entry
from binhan.commons.notify.models import Message
from binhan.commons.people.actions import create_account
from binhan.commons.places.models import Ward
from binhan.kernel.errors import Problem
from binhan.kernel.ids import new_id
from binhan.sos.incidents.actions import acknowledge_incident, escalate_due, open_incident, set_rung, triage_incident
from binhan.sos.incidents.models import Incident, Rung
from binhan.sos.incidents.tasks import Unwatched

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def scope() -> Iterator[None]:
    with ward_scope([25888], "test"):
        yield


def press() -> UUID:
    return open_incident({"press_id": str(new_id()), "ward_id": 25888, "channel": "phone"}, "system")


def pass_time(incident: UUID, seconds: float) -> None:
    """As if `seconds` had gone by for this incident."""
    step = timedelta(seconds=seconds)
    clock = Clock.objects.get(subject_id=incident)
    Clock.objects.filter(id=clock.id).update(due_at=clock.due_at - step, set_at=clock.set_at - step)
    row = Incident.objects.get(id=incident)
    Incident.objects.filter(id=incident).update(received_at=row.received_at - step)


def rungs(incident: UUID) -> list[int]:
    return [e.facts["rung"] for e in Entry.objects.filter(subject_id=incident, verb="escalate").order_by("seq")]


def desk(ward: int = 25888) -> UUID:
    """A desk has the ward on screen."""
    stream = new_id()
    with connection.cursor() as cursor:
        cursor.execute("SELECT live_presence_beat(%s, %s, %s, true)", [stream, ward, new_id()])
    return stream


def leave(stream: UUID) -> None:
    """The desk's stream has ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT live_presence_drop(%s)", [stream])


def rung(number: int, after_s: int, starts_in: timedelta, *channels: str) -> Rung:
    return Rung(rung=number, after_s=after_s, audience=["second_seat"], channels=list(channels) or ["inapp"],
                valid_from=timezone.now() + starts_in, source="test")


def ladder(at_in: timedelta) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rung, after_s FROM sos_ladder(25888, %s)", [timezone.now() + at_in])
        return sorted(cursor.fetchall())


def seconds_to_next(incident: UUID) -> float:
    return (Clock.objects.get(subject_id=incident).due_at - timezone.now()).total_seconds()


def test_rungs_at_fifteen_thirty_and_sixty_seconds_then_once_a_minute() -> None:
    with connection.cursor() as cursor:  # a desk has the ward on screen
        cursor.execute("SELECT live_presence_beat(%s, 25888, %s, true)", [new_id(), new_id()])
    incident = press()
    fired: list[tuple[float, int]] = []
    began, moved, passed = time.monotonic(), 0, 0.0
    while passed < 200:
        moved += 1
        pass_time(incident, 1)
        escalate_due(100)
        passed = moved + time.monotonic() - began  # the machine takes time of its own
        fired += [(passed, r) for r in rungs(incident)[len(fired):]]
    assert [r for _, r in fired] == [1, 2, 3, 4, 5]
    for (second, _), due in zip(fired, (15, 30, 60, 120, 180), strict=True):
        assert due - 1 <= second <= due + 2


def test_without_a_desk_the_first_rung_is_due_at_once() -> None:
    incident = press()
    assert escalate_due(100) == 1
    assert rungs(incident) == [1]
    assert escalate_due(100) == 0, "and only once"


def test_the_level_is_the_rung_and_the_right_people_are_called() -> None:
    incident = press()
    for _ in range(3):
        pass_time(incident, 60)
        escalate_due(100)
    assert Incident.objects.get(id=incident).level == 3
    audiences = [e.facts["audience"] for e in Entry.objects.filter(subject_id=incident, verb="escalate").order_by("seq")]
    assert audiences == [["second_seat"], ["shift_lead"], ["ward_chief", "city_centre"]]


def test_acknowledged_it_waits_for_a_unit_instead() -> None:
    incident = press()
    acknowledge_incident(incident, "system")
    clock = Clock.objects.get(subject_id=incident)
    assert clock.policy == "sos.dispatch_within"
    assert timedelta(seconds=115) < clock.due_at - timezone.now() < timedelta(seconds=125)


def test_every_rung_says_how_late_it_was() -> None:
    incident = press()
    pass_time(incident, 5)
    escalate_due(100)
    facts = Entry.objects.get(subject_id=incident, verb="escalate").facts
    assert 4900 < facts["late_ms"] < 60_000
    assert json.dumps(facts).count("phone") == 0


def test_when_the_last_desk_goes_away_the_first_rung_is_due_at_once() -> None:
    steady = [0.0]
    unwatched = Unwatched(lambda: steady[0])
    stream, incident = desk(), press()

    def look() -> list[int]:
        steady[0] += 1
        if unwatched.wants():
            unwatched()
        escalate_due(200)
        return rungs(incident)
    assert [look() for _ in range(5)][-1] == [], "watched: it has fifteen seconds"
    leave(stream)
    assert look() == [], "a page that is reloaded is not a desk that left"
    stream = desk()
    assert [look() for _ in range(4)][-1] == []
    leave(stream)
    assert [look() for _ in range(5)][-1] == [1]
    assert [look() for _ in range(5)][-1] == [1], "and only the first, and only once"
    assert 10 < seconds_to_next(incident) < 31


@pytest.mark.parametrize("step", [-3600, 3600])
def test_a_clock_that_is_set_moves_every_rung_and_set_right_again_moves_it_back(step: int) -> None:
    desk()
    incident = press()
    shift_clocks(timedelta(seconds=step))
    assert seconds_to_next(incident) == pytest.approx(step + 15, abs=2)
    pass_time(incident, step + 15)  # the wall shows the new time: the first rung is due
    Incident.objects.filter(id=incident).update(received_at=timezone.now() - timedelta(seconds=15 + step))
    escalate_due(10)
    assert rungs(incident) == [1]
    assert seconds_to_next(incident) == pytest.approx(15, abs=2), "the second is fifteen seconds later, as ever"
    shift_clocks(timedelta(hours=5))
    shift_clocks(timedelta(hours=-5))
    assert seconds_to_next(incident) == pytest.approx(15, abs=2)


def test_gaps_in_the_numbers_of_a_ladder_double_nothing() -> None:
    Rung.objects.bulk_create([Rung(ward_id=25888, rung=n, after_s=s, audience=["second_seat"], channels=["inapp"],
                                   valid_from=timezone.now() - timedelta(days=1), source="test")
                              for n, s in ((2, 5), (4, 9))])
    desk()
    incident = press()
    fired = []
    for second in range(1, 12):
        pass_time(incident, 1)
        escalate_due(10)
        fired += [(second, r) for r in rungs(incident)[len(fired):]]
    assert [r for _, r in fired] == [2, 4]
    assert [s for s, _ in fired] == pytest.approx([5, 9], abs=2)


def test_a_rung_set_for_later_leaves_the_whole_ladder_until_then_and_after() -> None:
    set_rung(25888, "system", rung(2, 20, timedelta(days=7)))
    assert ladder(timedelta()) == [(1, 15), (2, 30), (3, 60)]
    assert ladder(timedelta(days=8)) == [(1, 15), (2, 20), (3, 60)]
    set_rung(25888, "system", rung(1, 10, timedelta()))
    assert ladder(timedelta(seconds=1)) == [(1, 10), (2, 30), (3, 60)], "not one rung alone until next week"
    assert ladder(timedelta(days=8))[1:] == [(2, 20), (3, 60)]


def test_a_channel_that_nobody_knows_stops_no_ladder() -> None:
    Rung.objects.create(ward_id=25888, rung=1, after_s=15, audience=["second_seat"], channels=["pigeon", "inapp"],
                        valid_from=timezone.now() - timedelta(days=1), source="test")
    incident = press()
    assert escalate_due(10) == 1
    assert rungs(incident) == [1]
    assert set(Message.objects.filter(subject_id=incident).values_list("channel", flat=True)) <= {"inapp"}


def test_who_has_left_the_service_is_not_rung() -> None:
    here, gone = (create_account(f"mau-{n}", "Mẫu", None) for n in ("con", "nghi"))
    for account in (here, gone):
        grant_role(25888, account, "desk_officer", "system")
    gone.is_active = False
    gone.save()
    incident = press()
    escalate_due(10)
    rung_accounts = set(Message.objects.filter(subject_id=incident).values_list("account_id", flat=True))
    assert here.id in rung_accounts and gone.id not in rung_accounts


def test_a_ward_that_is_no_longer_served_holds_up_nobody() -> None:
    left = press()
    Ward.objects.filter(ward_id=25888).update(served_to=timezone.now())
    with ward_scope([25891], "test"):
        other = open_incident({"press_id": str(new_id()), "ward_id": 25891, "channel": "phone"}, "system")
        assert escalate_due(10) == 1
        assert rungs(other) == [1]
    with ward_scope([25888], "test"):
        assert rungs(left) == []


def test_the_loser_of_a_race_hears_of_the_person_not_of_the_clock() -> None:
    incident = press()
    acknowledge_incident(incident, "system")
    triage_incident(incident, "account:" + str(new_id()), "P2", None)
    pass_time(incident, 300)
    assert escalate_due(10) == 1
    with pytest.raises(Problem) as refused:
        acknowledge_incident(incident, "account:" + str(new_id()))
    assert (refused.value.status, refused.value.extra["moved_by"]) == (409, "hệ thống")
    assert acknowledge_incident(incident, "system").state == "acknowledged", "a retry is still a retry"
