"""Somebody sets the machine's clock an hour back or forward: running clocks move with it, none is lost, none early."""
from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from binhan.commons.access.scope import ward_scope
from binhan.commons.clocks.actions import shift_clocks
from binhan.commons.clocks.models import Clock
from binhan.commons.clocks.tasks import StepWatch
from binhan.kernel.ids import new_id


class Hands:
    """A wall clock and a steady one; the wall clock can be set."""

    def __init__(self) -> None:
        self.wall, self.steady = 1_800_000_000.0, 50.0

    def pass_(self, seconds: float) -> None:
        self.wall += seconds
        self.steady += seconds


@pytest.mark.parametrize("step", [-3600.0, 3600.0])
def test_a_step_is_noticed_once_and_drift_is_not(step: float) -> None:
    hands = Hands()
    watch = StepWatch(lambda: hands.wall, lambda: hands.steady)
    for _ in range(50):
        hands.pass_(0.1)
        hands.wall += 0.001  # a clock that is being slewed
        assert watch.step() is None
    hands.wall += step
    assert watch.step() == pytest.approx(timedelta(seconds=step), abs=timedelta(seconds=0.1))
    hands.pass_(0.1)
    assert watch.step() is None


@pytest.mark.django_db
@pytest.mark.parametrize("step", [-3600, 3600])
def test_short_clocks_move_with_it_and_long_ones_stay(step: int) -> None:
    with ward_scope([25888], "clock"):
        now = timezone.now()
        ids = {}
        for name, length in (("short", 15), ("long", 10 * 86_400)):
            ids[name] = Clock.objects.create(ward_id=25888, subject_kind="incident", subject_id=new_id(), policy=name,
                                             verb="escalate", rung=1, set_at=now, due_at=now + timedelta(seconds=length)).id
        shift_clocks(timedelta(seconds=step))
        short, long = Clock.objects.get(id=ids["short"]), Clock.objects.get(id=ids["long"])
        assert short.due_at == now + timedelta(seconds=15 + step), "as far away as before, by the clock as it is now"
        assert long.due_at == now + timedelta(days=10), "a legal deadline is a date, not a duration"
