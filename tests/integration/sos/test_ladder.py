"""The ladder, climbed by the SQL itself, with time moved inside the database."""
from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from binhan.commons.access.scope import ward_scope
from binhan.commons.clocks.models import Clock
from binhan.commons.journal.models import Entry
from binhan.kernel.ids import new_id
from binhan.sos.incidents.actions import acknowledge_incident, escalate_due, open_incident
from binhan.sos.incidents.models import Incident

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


def test_rungs_at_fifteen_thirty_and_sixty_seconds_then_once_a_minute() -> None:
    with connection.cursor() as cursor:  # a desk has the ward on screen
        cursor.execute("SELECT live_presence_beat(%s, 25888, %s, true)", [new_id(), new_id()])
    incident = press()
    fired: list[tuple[int, int]] = []
    for second in range(1, 200):
        pass_time(incident, 1)
        escalate_due(100)
        fired += [(second, r) for r in rungs(incident)[len(fired):]]
    assert [r for _, r in fired] == [1, 2, 3, 4, 5]
    for (second, _), due in zip(fired, (15, 30, 60, 120, 180), strict=True):
        assert due - 1 <= second <= due + 1


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
