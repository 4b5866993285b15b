"""Who is asked, who is left, and what becomes of the incident: the offers of a task, with time moved in the database."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from binhan.commons.access.scope import ward_scope
from binhan.commons.clocks.models import Clock
from binhan.commons.clocks.tasks import sweep
from binhan.commons.context import clock_actions
from binhan.commons.journal.models import Entry
from binhan.commons.notify.actions import subscribe
from binhan.commons.notify.models import Message
from binhan.commons.people.actions import create_account
from binhan.kernel.errors import Problem
from binhan.kernel.ids import new_id
from binhan.sos.assignments.actions import call_backup, end_incident, leave_shift, move_assignment, send_unit
from binhan.sos.assignments.lifecycle import By
from binhan.sos.assignments.models import Assignment
from binhan.sos.incidents.actions import acknowledge_incident, close_incident, open_incident, start_desk_shift
from binhan.sos.incidents.models import Incident
from binhan.sos.patrols.actions import UnitSheet, end_shift, register_unit, start_shift
from binhan.sos.patrols.models import Position, Shift

pytestmark = pytest.mark.django_db
HOME, LAT, LON = 25888, 11.0914, 106.799


@pytest.fixture(autouse=True)
def scope() -> Iterator[None]:
    with ward_scope([HOME], "test"):
        yield


class Crew:
    """A unit on shift with one member, `north` steps from the scene."""

    def __init__(self, north: int) -> None:
        self.unit = register_unit(HOME, "system", UnitSheet(f"T{north}-{new_id().hex[-6:]}", "motorbike")).id
        self.member = new_id()
        self.shift = start_shift(self.unit, self.member, "system").id
        Position.objects.create(unit_id=self.unit, ward_id=HOME, at=timezone.now() + timedelta(minutes=5),
                                received_at=timezone.now(), lat=LAT + north * 0.001, lon=LON)

    def does(self, verb: str, **facts: str) -> Assignment:
        return move_assignment(self.task().id, verb, By.CREW, f"account:{self.member}", {"reason": "x", **facts})

    def task(self) -> Assignment:
        return Assignment.objects.filter(unit_id=self.unit).latest("offered_at")

    def told(self) -> set[str]:
        return set(Message.objects.filter(account_id=self.member).values_list("template", flat=True))


@pytest.fixture
def crews() -> list[Crew]:
    Shift.objects.filter(ended_at=None).update(ended_at=timezone.now())
    return [Crew(north) for north in (1, 2, 3)]


@pytest.fixture
def incident() -> UUID:
    return press()


def press() -> UUID:
    return open_incident({"press_id": str(new_id()), "ward_id": HOME, "lat": LAT, "lon": LON, "location_source": "gps",
                          "channel": "phone"}, "system")


def pass_time(seconds: float) -> None:
    """As if `seconds` had gone by for every task; the sweepers look once."""
    for clock in Clock.objects.filter(subject_kind="assignment"):
        Clock.objects.filter(id=clock.id).update(due_at=clock.due_at - timedelta(seconds=seconds))
    sweep({}, clock_actions())


def on_it(incident: UUID) -> list[tuple[UUID, str]]:
    return [(a.unit_id, a.state) for a in Assignment.objects.filter(incident_id=incident).order_by("offered_at", "id")]


def state(incident: UUID) -> str:
    return Incident.objects.get(id=incident).state


def test_no_answer_in_twenty_seconds_asks_the_next_as_well_until_nobody_is_left(crews: list[Crew], incident: UUID) -> None:
    send_unit(incident, crews[0].unit, "system", "dispatch")
    pass_time(19)
    assert len(on_it(incident)) == 1
    for asked in (2, 3):
        pass_time(21)
        assert on_it(incident) == [(c.unit, "offered") for c in crews[:asked]], "as well, not instead"
    for _ in range(5):
        pass_time(130)
    assert len(on_it(incident)) == 3
    assert state(incident) == "responding"


def test_once_somebody_goes_nobody_else_is_asked(crews: list[Crew], incident: UUID) -> None:
    send_unit(incident, crews[0].unit, "system", "dispatch")
    pass_time(21)
    crews[0].does("accept")
    pass_time(60)
    assert on_it(incident) == [(crews[0].unit, "accepted"), (crews[1].unit, "offered")]
    crews[1].does("accept")
    assert [s for _, s in on_it(incident)] == ["accepted", "accepted"]


def test_a_refusal_asks_the_next_at_once_and_the_last_gives_it_back_to_the_desk(crews: list[Crew], incident: UUID) -> None:
    send_unit(incident, crews[0].unit, "system", "dispatch")
    for n in (0, 1):
        crews[n].does("decline")
        assert on_it(incident)[-1] == (crews[n + 1].unit, "offered")
        assert crews[n + 1].told() == {"sos_offer"}
    crews[2].does("decline")
    assert state(incident) == "acknowledged"


def test_a_refusal_waits_for_an_offer_that_was_only_just_made(crews: list[Crew], incident: UUID) -> None:
    send_unit(incident, crews[0].unit, "system", "dispatch")
    send_unit(incident, crews[1].unit, "system", "reinforce")
    crews[0].does("decline")
    assert on_it(incident) == [(crews[0].unit, "declined"), (crews[1].unit, "offered")]
    pass_time(21)
    assert on_it(incident)[-1] == (crews[2].unit, "offered")


def test_an_offer_that_nobody_answers_keeps_no_unit_from_another_incident(crews: list[Crew], incident: UUID) -> None:
    send_unit(press(), crews[1].unit, "system", "dispatch")
    send_unit(incident, crews[0].unit, "system", "dispatch")
    crews[0].does("decline")
    assert on_it(incident)[-1] == (crews[2].unit, "offered"), "the free one first"
    crews[2].does("decline")
    assert on_it(incident)[-1] == (crews[1].unit, "offered")
    crews[1].does("accept")


def test_a_resident_is_not_told_of_a_unit_that_turned_back(crews: list[Crew], incident: UUID) -> None:
    send_unit(incident, crews[0].unit, "system", "dispatch")
    crews[0].does("accept")
    assert Incident.objects.get(id=incident).coming_at is not None
    crews[0].does("decline")
    assert Incident.objects.get(id=incident).coming_at is None, "the next is only asked so far"
    crews[1].does("accept")
    end_incident(incident, "stand_down", "system", {"reason": "x"})
    assert Incident.objects.get(id=incident).coming_at is None


def test_the_last_unit_that_went_resolves_it_and_the_only_asked_need_not_come(crews: list[Crew], incident: UUID) -> None:
    send_unit(incident, crews[0].unit, "system", "dispatch")
    send_unit(incident, crews[1].unit, "system", "reinforce")
    send_unit(incident, crews[2].unit, "system", "reinforce")
    for n in (0, 1):
        crews[n].does("depart")
        crews[n].does("arrive")
    crews[0].does("finish")
    assert state(incident) == "responding", "another is still at the scene"
    crews[1].does("finish")
    assert state(incident) == "resolved"
    assert on_it(incident)[2] == (crews[2].unit, "withdrawn")
    assert crews[2].told() == {"sos_offer", "sos_withdrawn"}
    pass_time(100)
    assert len(on_it(incident)) == 3, "nobody is asked to a task that has ended"


@pytest.mark.parametrize(("verb", "facts"), [("resolve", {"reason": "x"}), ("transfer", {"agency": "113"}),
                                             ("merge", {}), ("stand_down", {"reason": "x"})])
def test_when_the_desk_ends_it_the_crews_are_told(crews: list[Crew], incident: UUID, verb: str,
                                                 facts: dict[str, str]) -> None:
    send_unit(incident, crews[0].unit, "system", "dispatch")
    crews[0].does("depart")
    end_incident(incident, verb, "system", facts or {"original": str(press())})
    assert crews[0].task().state == "withdrawn"
    assert crews[0].told() == {"sos_offer", "sos_withdrawn"}
    assert not Clock.objects.filter(subject_id=crews[0].task().id).exists()


@pytest.mark.parametrize("verbs", [[], ["accept"], ["depart"]])
def test_a_unit_that_goes_off_shift_gives_its_task_to_the_next(crews: list[Crew], incident: UUID, verbs: list[str]) -> None:
    send_unit(incident, crews[0].unit, "system", "dispatch")
    for verb in verbs:
        crews[0].does(verb)
    assert leave_shift(crews[0].shift, crews[0].member, "system").ended_at is not None
    assert on_it(incident) == [(crews[0].unit, "declined"), (crews[1].unit, "offered")]
    assert crews[0].task().reason == "off_shift"


def test_from_a_scene_nobody_goes_off_shift_and_two_of_a_crew_leave_the_task_to_the_other(
        crews: list[Crew], incident: UUID) -> None:
    send_unit(incident, crews[0].unit, "system", "dispatch")
    mate = new_id()
    start_shift(crews[0].unit, mate, "system")
    leave_shift(crews[0].shift, mate, "system")
    assert on_it(incident) == [(crews[0].unit, "offered")]
    crews[0].does("depart")
    crews[0].does("arrive")
    with pytest.raises(Problem) as refused:
        leave_shift(crews[0].shift, crews[0].member, "system")
    assert (refused.value.status, refused.value.code) == (409, "task_running")
    crews[0].does("finish")
    leave_shift(crews[0].shift, crews[0].member, "system")


def test_a_crew_taken_off_shift_by_the_office_is_not_waited_for(crews: list[Crew], incident: UUID) -> None:
    send_unit(incident, crews[0].unit, "system", "dispatch")
    crews[0].does("accept")
    end_shift(crews[0].shift, crews[0].member, "system")
    pass_time(61)
    assert on_it(incident) == [(crews[0].unit, "accepted"), (crews[1].unit, "offered")]
    pass_time(61)
    assert on_it(incident)[-1] == (crews[2].unit, "offered")


def test_backup_rings_the_desk_and_the_next_unit(crews: list[Crew], incident: UUID) -> None:
    account = create_account("truc-chi-vien", "Mẫu", None)
    subscribe(account, "https://push.example/chi-vien", "p" * 87, "a" * 22, "")
    officer = account.id
    start_desk_shift(HOME, officer, "system", "lead", True)
    send_unit(incident, crews[0].unit, "system", "dispatch")
    crews[0].does("accept")
    call_backup(crews[0].task().id, f"account:{crews[0].member}", "đông người")
    assert on_it(incident)[-1] == (crews[1].unit, "offered")
    assert set(Message.objects.filter(template="sos_backup", account_id=officer).values_list("channel", flat=True)) == {
        "inapp", "webpush"}


def test_a_call_for_backup_sent_again_sends_nobody_else(crews: list[Crew], incident: UUID) -> None:
    send_unit(incident, crews[0].unit, "system", "dispatch")
    crews[0].does("accept")
    once, twice = new_id(), new_id()
    for call in (once, once, twice):
        call_backup(crews[0].task().id, f"account:{crews[0].member}", "", call)
    assert on_it(incident) == [(crews[0].unit, "accepted"), (crews[1].unit, "offered"), (crews[2].unit, "offered")]
    crews[0].does("arrive")
    crews[0].does("finish")
    call_backup(crews[0].task().id, f"account:{crews[0].member}", "", twice)  # its answer was lost, the task has ended


def test_the_refusal_of_a_late_answer_says_who_moved_the_task(crews: list[Crew], incident: UUID) -> None:
    send_unit(incident, crews[0].unit, "system", "dispatch")
    move_assignment(crews[0].task().id, "withdraw", By.DESK, "system", {"reason": "x"})
    with pytest.raises(Problem) as refused:
        crews[0].does("accept")
    assert refused.value.extra["moved_by"] == "hệ thống"


def test_merges_make_no_chains_no_rings_and_end_in_nothing_that_has_ended() -> None:
    first, second, third, closed = (press() for _ in range(4))
    end_incident(first, "merge", "system", {"original": str(second)})
    end_incident(second, "merge", "system", {"original": str(third)})
    assert {Incident.objects.get(id=i).original_id for i in (first, second)} == {third}
    acknowledge_incident(closed, "system")
    end_incident(closed, "resolve", "system", {"reason": "x"})
    close_incident(closed, "system", "helped", "")
    for original in (closed, first, third, new_id()):
        before = Entry.objects.count()
        with pytest.raises(Problem) as refused:
            end_incident(third, "merge", "system", {"original": str(original)})
        assert (refused.value.status, state(third), Entry.objects.count()) == (422, "received", before)


def test_a_second_close_with_another_outcome_is_not_a_retry(incident: UUID) -> None:
    end_incident(incident, "resolve", "system", {"reason": "x"})
    close_incident(incident, "system", "helped", "")
    assert close_incident(incident, "system", "helped", "").outcome == "helped"
    with pytest.raises(Problem) as refused:
        close_incident(incident, "system", "drill", "")
    assert (refused.value.status, Incident.objects.get(id=incident).outcome) == (409, "helped")
