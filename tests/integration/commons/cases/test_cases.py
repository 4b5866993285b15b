"""What every noun shares: one shape of no, one move with its clock and journal row, one way of being late."""
from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from binhan.casework.visits.lifecycle import ROUND, By
from binhan.casework.visits.models import Round
from binhan.commons.access.scope import set_scope
from binhan.commons.cases.actions import apply_move, chase_late
from binhan.commons.cases.queries import is_replay, target_of
from binhan.commons.cases.rules import Step
from binhan.commons.clocks.actions import DueClock, start_clock
from binhan.commons.clocks.models import Clock
from binhan.commons.clocks.rules import Subject
from binhan.commons.context import lifecycles
from binhan.commons.journal.actions import append_rows
from binhan.commons.journal.models import Entry
from binhan.kernel.errors import Problem
from binhan.kernel.ids import new_id
from binhan.kernel.lifecycle import Lifecycle
from tests.support.samples import model_of

pytestmark = pytest.mark.django_db
HOME = 25888


def refusal(lifecycle: Lifecycle, state: str, verb: str, by: Any) -> Problem:
    row = model_of(lifecycle.table)(id=new_id(), ward_id=HOME, state=state, moved_at=timezone.now(), moved_by="system",
                                    moved_verb="begin")
    with pytest.raises(Problem) as refused:
        target_of(lifecycle, row, Step(verb, by, "clock", timezone.now()))  # type: ignore[arg-type]
    return refused.value


@pytest.mark.parametrize("lifecycle", lifecycles(), ids=lambda lc: lc.name)
def test_every_noun_says_no_in_the_same_shape(lifecycle: Lifecycle) -> None:
    lost = next((m, s) for m in lifecycle.moves for s in lifecycle.states
                if not any(s in other.sources for other in lifecycle.moves if other.verb == m.verb))
    said = refusal(lifecycle, str(lost[1]), lost[0].verb, lost[0].by)
    assert (said.status, said.code) == (409, "state_changed")
    assert (said.extra["state"], said.extra["moved_by"]) == (lost[1], "hệ thống")
    assert lifecycle.names.states[lost[1]].vi in said.vi and lifecycle.names.states[lost[1]].en in said.en
    assert f"{timezone.localtime():%d/%m/%Y}" in said.vi and said.extra["moved_at"] and said.extra["moved_verb"] == "begin"
    needy = next(m for m in lifecycle.moves if m.needs and m.by != lifecycle.clock_actor)
    said = refusal(lifecycle, str(needy.sources[0]), needy.verb, needy.by)
    assert (said.status, said.code, said.extra["missing"]) == (422, "needs_missing", list(needy.needs))
    assert all(lifecycle.names.needs[n].vi in said.vi and lifecycle.names.needs[n].en in said.en for n in needy.needs)


@pytest.mark.parametrize("lifecycle", lifecycles(), ids=lambda lc: lc.name)
def test_a_role_that_may_not_is_told_so_and_nobody_else_is_named(lifecycle: Lifecycle) -> None:
    actors = {m.by for m in lifecycle.moves}
    move, stranger = next((m, by) for m in lifecycle.moves for by in sorted(actors)
                          if not any((o.verb, o.by) == (m.verb, by) for o in lifecycle.moves))
    said = refusal(lifecycle, str(move.sources[0]), move.verb, stranger)
    assert (said.status, said.code) == (403, "forbidden") and "moved_by" not in said.extra


@pytest.fixture
def planned() -> Round:
    set_scope([HOME], "test")
    now = timezone.now()
    row = Round.objects.create(ward_id=HOME, name="Đợt mẫu", purpose="mẫu", from_on=date(2026, 11, 2),
                               to_on=date(2026, 11, 30), moved_at=now, moved_by="test", moved_verb="draft")
    append_rows([apply_move(ROUND, row, Step("plan", By.PLANNER, "test", now))])
    return row


def test_one_move_is_state_clock_and_journal_row(planned: Round) -> None:
    row = Round.objects.get(id=planned.id)
    assert (row.state, row.level, row.moved_by, row.moved_verb) == ("planned", 0, "test", "plan")
    assert is_replay(row, "plan", "test") and not is_replay(row, "plan", "other") and not is_replay(row, "open", "test")
    clock = Clock.objects.get(subject_id=row.id)
    assert (clock.policy, clock.verb, clock.subject_kind) == ("round.open_within", "remind", "round")
    entry = Entry.objects.filter(subject_id=row.id).latest("seq")
    assert (entry.verb, entry.facts) == ("plan", {"state": "planned"})


def due(row: Round, **changes: Any) -> DueClock:
    clock = Clock.objects.get(subject_id=row.id)
    return DueClock(**{**{name: getattr(clock, name) for name in DueClock.__slots__}, **changes})


def test_who_is_late_rises_a_level_and_is_looked_at_again(planned: Round) -> None:
    before = Clock.objects.get(subject_id=planned.id)
    chase_late(ROUND, Round.objects.all(), due(planned))
    planned.refresh_from_db()
    after = Clock.objects.get(subject_id=planned.id)
    assert (planned.level, planned.moved_verb, after.rung) == (1, "plan", before.rung + 1)
    assert after.due_at >= timezone.now() + timedelta(minutes=59), "nobody is reminded more often than once an hour"
    entry = Entry.objects.filter(subject_id=planned.id).latest("seq")
    assert (entry.actor, entry.verb, entry.facts) == ("clock", "remind", {"state": "planned", "level": 1})


def test_a_clock_of_a_step_that_is_over_stops_and_says_nothing(planned: Round) -> None:
    start_clock(Subject(HOME, "round", planned.id), ROUND.clock_of("draft"), timezone.now())
    said = Entry.objects.filter(subject_id=planned.id).count()
    chase_late(ROUND, Round.objects.all(), due(planned))
    planned.refresh_from_db()
    assert (planned.level, Clock.objects.filter(subject_id=planned.id).count()) == (0, 0)
    assert Entry.objects.filter(subject_id=planned.id).count() == said


def test_what_somebody_holds_is_looked_at_again_in_a_moment(planned: Round) -> None:
    chase_late(ROUND, Round.objects.none(), due(planned))  # as a locked row looks to whoever skips it
    assert Clock.objects.get(subject_id=planned.id).due_at < timezone.now() + timedelta(seconds=1)
