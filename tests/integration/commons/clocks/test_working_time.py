"""Clocks whose policy counts working time: on the country's calendar, with rows that can be set, and standing still."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from binhan.commons.access.scope import ward_scope
from binhan.commons.clocks.actions import (
    NEVER,
    due_for,
    pause_clock,
    policy_s,
    resume_clock,
    set_calendar_day,
    set_policy,
    shift_clocks,
    start_clock,
)
from binhan.commons.clocks.models import CalendarDay, Clock, Policy
from binhan.commons.clocks.rules import Subject, Tier
from binhan.kernel.errors import Problem
from binhan.kernel.ids import new_id
from binhan.kernel.lifecycle import Clock as Rule
from binhan.kernel.workdays import VIETNAM
from binhan.sos.incidents.lifecycle import State

pytestmark = pytest.mark.django_db
HOME, NEXT = 25888, 25891
ANSWER = Rule(State.RECEIVED, "round.plan_within", "remind")


@pytest.fixture(autouse=True)
def scope() -> Iterator[None]:
    with ward_scope([HOME], "test"):
        yield


def policy(amount: int, unit: str, name: str = ANSWER.policy, **more: str) -> None:
    set_policy(HOME, "system", Policy(name=name, amount=amount, unit=unit, source="test", **more,
                                      valid_from=datetime(2026, 1, 1, tzinfo=UTC)))


def vn(*when: int) -> datetime:
    return datetime(*when, tzinfo=VIETNAM)  # type: ignore[misc]


def started(at: datetime) -> UUID:
    subject = new_id()
    start_clock(Subject(HOME, "petition", subject), ANSWER, at)
    return subject


def due(subject: UUID) -> datetime:
    return Clock.objects.get(subject_id=subject).due_at.astimezone(VIETNAM)


@pytest.mark.parametrize(("start", "amount", "unit", "end"), [
    (vn(2026, 2, 9, 9), 10, "wd", vn(2026, 3, 2, 17)),        # Tết within
    (vn(2026, 8, 21, 9), 1, "wd", vn(2026, 8, 22, 17)),       # the Saturday worked in exchange
    (vn(2026, 8, 28, 9), 1, "wd", vn(2026, 9, 3, 17)),
    (vn(2026, 4, 24, 9), 1, "wd", vn(2026, 4, 28, 17)),       # a holiday on Sunday: the Monday is off instead
    (vn(2026, 2, 13, 16), 2, "wh", vn(2026, 2, 23, 8, 30)),
    (vn(2026, 2, 13, 16), 90, "s", vn(2026, 2, 13, 16, 1, 30))])
def test_a_clock_is_due_as_its_policy_counts(start: datetime, amount: int, unit: str, end: datetime) -> None:
    policy(amount, unit)
    assert due(started(start)) == end


def test_a_day_that_the_government_gives_off_counts_from_then_on() -> None:
    policy(1, "wd")
    assert due(started(vn(2026, 6, 1, 9))) == vn(2026, 6, 2, 17)
    set_calendar_day(HOME, "system", CalendarDay(day=date(2026, 6, 2), kind="off", name="nghỉ", source="test"))
    set_calendar_day(HOME, "system", CalendarDay(day=date(2026, 6, 6), kind="worked", name="làm bù", source="test"))
    assert due(started(vn(2026, 6, 1, 9))) == vn(2026, 6, 3, 17)
    assert due(started(vn(2026, 6, 5, 9))) == vn(2026, 6, 6, 17)


@pytest.mark.parametrize(("amount", "unit", "start", "paused", "resumed", "end"), [
    (10, "wd", vn(2026, 2, 9, 9), vn(2026, 2, 11, 9), vn(2026, 3, 9, 9), vn(2026, 3, 19, 17)),
    (8, "wh", vn(2026, 1, 5, 8), vn(2026, 1, 5, 10), vn(2026, 1, 9, 16), vn(2026, 1, 12, 14)),
    (90, "s", vn(2026, 1, 5, 8), vn(2026, 1, 5, 8, 0, 30), vn(2026, 1, 6, 8), vn(2026, 1, 6, 8, 1))])
def test_what_was_left_when_it_stood_still_is_what_it_has_afterwards(
        amount: int, unit: str, start: datetime, paused: datetime, resumed: datetime, end: datetime) -> None:
    policy(amount, unit)
    subject = started(start)
    assert pause_clock(subject, paused)
    assert not pause_clock(subject, paused), "it stands still already"
    shift_clocks(timedelta(hours=1))
    assert Clock.objects.get(subject_id=subject).due_at == NEVER
    assert resume_clock(subject, resumed)
    assert not resume_clock(subject, resumed)
    assert due(subject) == end


def test_the_row_for_a_priority_holds_for_that_priority_only() -> None:
    now = timezone.now()
    policy(40, "s", "sos.dispatch_within", priority="P1")
    assert due_for(HOME, "sos.dispatch_within", now, Tier(priority="P1")) == now + timedelta(seconds=40)
    assert due_for(HOME, "sos.dispatch_within", now, Tier(priority="P3")) == now + timedelta(seconds=120)
    assert policy_s(HOME, "sos.dispatch_within", now) == 120
    assert due_for(NEXT, "sos.dispatch_within", now, Tier(priority="P1")) == now + timedelta(seconds=120)


@pytest.mark.parametrize("name", ["sos.close_within", "assignment.accept_within"])
def test_an_sos_does_not_wait_for_office_hours(name: str) -> None:
    with pytest.raises(Problem) as refused:
        policy(4, "wh", name)
    assert (refused.value.status, refused.value.code) == (422, "seconds_only")


def test_only_a_policy_that_somebody_asks_for_can_be_set() -> None:
    with pytest.raises(Problem) as refused:
        policy(3, "wd", "petition.answer_withn")
    assert (refused.value.status, refused.value.code) == (422, "unknown_policy")
