"""When a sweeper looks again: when the next clock is due, when a journal is written to, and now and then all the same."""
from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from psycopg.errors import LockNotAvailable
from pytest_django import DjangoDbBlocker

from binhan.commons.access.scope import ward_scope
from binhan.commons.clocks.actions import DueClock, stop_clocks
from binhan.commons.clocks.models import Clock
from binhan.commons.clocks.tasks import GAP_S, HELD_S, LOOK_AT_LEAST_S, LOOK_EVERY_S, Bell, sweep
from binhan.commons.journal.actions import JournalRow, append
from binhan.kernel.ids import new_id

HOME, KIND = 25888, "test_sweeper"


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Outside of any test's transaction: what is written is there for others."""
    with django_db_blocker.unblock():
        yield
        with ward_scope([HOME], "test"):
            Clock.objects.filter(subject_kind=KIND).delete()


def clock(seconds: float) -> None:
    """A clock that is due in so many seconds."""
    now = timezone.now()
    with ward_scope([HOME], "test"):
        Clock.objects.create(ward_id=HOME, subject_kind=KIND, subject_id=new_id(), policy="test", verb="end", set_at=now,
                             due_at=now + timedelta(seconds=seconds))


def end(due: DueClock) -> None:
    """What the clock does."""
    stop_clocks(due.subject_id)


def look() -> float:
    return sweep({}, {(KIND, "end"): end})


def test_the_next_look_is_when_the_next_clock_is_due(committed: None) -> None:
    assert look() == LOOK_AT_LEAST_S, "nothing runs"
    clock(30)
    assert look() == LOOK_AT_LEAST_S
    clock(0.3)
    assert 0.15 < look() <= 0.3
    clock(0.001)
    assert look() in (GAP_S, LOOK_EVERY_S), "due at once, or already"


def test_a_clock_whose_ward_somebody_holds_is_left_for_a_moment_and_holds_up_no_other(committed: None) -> None:
    clock(-3)
    clock(-2)
    held: list[DueClock] = []

    def end_or_wait(due: DueClock) -> None:
        if not held:
            held.append(due)
            raise OperationalError from LockNotAvailable()
        end(due)
    began = timezone.now()
    sweep({}, {(KIND, "end"): end_or_wait})
    with ward_scope([HOME], "test"):
        (left,) = Clock.objects.filter(subject_kind=KIND)
    assert (left.id, left.failures) == (held[0].id, 0), "it is no fault of its own"
    assert began < left.due_at < timezone.now() + HELD_S * 2


def test_what_is_due_in_anothers_hands_is_looked_at_again_soon(committed: None) -> None:
    clock(-1)
    looked: list[float] = []

    def other() -> None:
        try:
            looked.append(look())
        finally:
            connection.close()
    with transaction.atomic(), ward_scope([HOME], "test"):
        assert len(Clock.objects.select_for_update().filter(subject_kind=KIND)) == 1
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(20)
    assert looked == [LOOK_EVERY_S]
    assert look() == LOOK_EVERY_S
    with ward_scope([HOME], "test"):
        assert not Clock.objects.filter(subject_kind=KIND).exists()


def test_whatever_is_written_to_a_journal_wakes(committed: None) -> None:
    bell = Bell()
    began = time.monotonic()
    bell.wait(20)
    assert time.monotonic() - began < 5, "it may have rung before anybody listened"

    def other() -> None:
        try:
            with ward_scope([HOME], "test"):
                append(JournalRow(HOME, "test", "test", KIND, None, {}))
        finally:
            connection.close()
    thread = threading.Thread(target=other)
    thread.start()
    began = time.monotonic()
    bell.wait(20)
    assert time.monotonic() - began < 10
    thread.join(20)
    began = time.monotonic()
    bell.wait(0.3)
    assert time.monotonic() - began >= 0.3, "and once"


def test_on_a_new_connection_it_listens_again(committed: None) -> None:
    bell = Bell()
    bell.wait(20)
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    began = time.monotonic()
    bell.wait(20)
    assert time.monotonic() - began < 5
    with ward_scope([HOME], "test"):
        append(JournalRow(HOME, "test", "test", KIND, None, {}))
    began = time.monotonic()
    bell.wait(20)
    assert time.monotonic() - began < 10
