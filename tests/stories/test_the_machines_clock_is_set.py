"""Somebody sets the machine's clock an hour back or forward: running clocks move with it, none is lost, none early."""
from __future__ import annotations

from datetime import datetime, timedelta

import psycopg
import pytest
from django.utils import timezone

from binhan.commons.access.scope import ward_scope
from binhan.commons.clocks.actions import rewind_clocks, shift_clocks
from binhan.commons.clocks.models import Clock
from binhan.commons.clocks.tasks import StepWatch
from binhan.kernel.ids import new_id
from binhan.site.environment import Environment


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


def running(set_at: datetime, length_s: float) -> int:
    """A rung that was started then."""
    return Clock.objects.create(ward_id=25888, subject_kind="incident", subject_id=new_id(), policy="rung", rung=1,
                                verb="escalate", set_at=set_at, due_at=set_at + timedelta(seconds=length_s)).id


@pytest.mark.django_db
def test_set_back_while_no_sweeper_ran_a_rung_is_not_due_an_hour_later() -> None:
    with ward_scope([25888], "clock"):
        ahead = timezone.now() + timedelta(hours=1)  # a moment ago, by the clock as it was
        first, last = running(ahead - timedelta(seconds=10), 15), running(ahead, 15)
        after = running(timezone.now(), 15)
        assert rewind_clocks() == pytest.approx(timedelta(hours=1), abs=timedelta(seconds=5))
        rows = Clock.objects.filter(id__in=[first, last, after])
        left = {c.id: (c.due_at - timezone.now()).total_seconds() for c in rows}
        assert left[first] == pytest.approx(5, abs=5)
        assert left[last] == pytest.approx(15, abs=5)
        assert left[after] == pytest.approx(15, abs=5), "what was started since stays"
        assert rewind_clocks() == timedelta(), "and where time goes on nothing moves"


def test_what_the_journal_knows_last_counts(server: Environment, django_db_setup: None) -> None:
    with psycopg.connect(server.dsn("postgres", "binhan")) as admin:
        admin.execute("SELECT journal_append(25888, 'test', 'try', 'thing', NULL, '{}')")
        admin.execute("SET LOCAL session_replication_role = replica")
        admin.execute("UPDATE journal_entry SET at = now() + interval '1 hour' FROM journal_head h"
                      " WHERE journal_entry.ward_id = 25888 AND (h.ward_id, h.seq) = (25888, journal_entry.seq)")
        admin.execute("INSERT INTO clocks_clock (ward_id, subject_kind, subject_id, policy, verb, rung, set_at, due_at,"
                      " failures) VALUES (25888, 'incident', gen_random_uuid(), 'thử', 'escalate', 1,"
                      " now() + interval '59 minutes', now() + interval '1 hour 5 seconds', 0)")
        admin.execute("SELECT clocks_rewind()")
        row = admin.execute("SELECT extract(epoch FROM due_at - now()) FROM clocks_clock WHERE policy = 'thử'").fetchone()
        admin.rollback()
    assert row is not None
    assert float(row[0]) == pytest.approx(5, abs=5)


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
