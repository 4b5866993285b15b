"""The sweeper: due clocks, claimed so that no two workers take the same one, each handed to its verb's action.

Sets of a subject (the SOS ladder) are climbed by one statement; other clocks one by one, each in its own
transaction together with the action. A step of the machine's clock moves every short clock with it.

A sweeper that has nothing to do knows when the next clock is due, and is woken by the journals' doorbell: whatever starts a
clock writes there. So it looks when there is something to see, and twice a second in case a bell was lost.
"""
from __future__ import annotations

import logging
import select
import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections, connection, transaction
from django.utils import timezone

from binhan.commons.access.scope import set_system_scope
from binhan.commons.clocks.actions import (
    ClockAction,
    DueClock,
    claim_due,
    due_kinds,
    look_again,
    next_due,
    postpone_failed,
    rewind_clocks,
    shift_clocks,
)
from binhan.commons.journal.actions import is_held

log = logging.getLogger(__name__)
LOOK_EVERY_S = 0.1  # while clocks are due, perhaps in another worker's hands
LOOK_AT_LEAST_S = 0.5
GAP_S = 0.05  # between two looks: rungs that are due one shortly after the other are climbed together
FOLLOW_S = 1.0  # the others wait this long after a step, or they would fire what the leader is about to move
HELD_S = timedelta(seconds=1)  # until a clock whose ward somebody holds is tried again
STEP_S = 2.0  # a jump of the wall clock against the monotonic one that counts as "was set"


class Sweep(Protocol):
    """What the sweepers do besides ringing single clocks."""

    def wants(self, due: Collection[str]) -> bool:
        """Whether it is time for it; `due`: the kinds of subjects that have a due clock."""

    def __call__(self, limit: int) -> int:
        """Do it, inside a transaction over all wards; as many as `limit` done means that more are waiting."""


@dataclass(frozen=True, slots=True)
class WhenDue:
    """Whole sets of a kind's due clocks at once: `climb` takes the most that it may do, and returns how many it did."""

    kind: str
    climb: Callable[[int], int]

    def wants(self, due: Collection[str]) -> bool:
        """When a clock of that kind is due."""
        return self.kind in due

    def __call__(self, limit: int) -> int:
        """Climb."""
        return self.climb(limit)


@dataclass(slots=True)
class Paced:
    """Something to look after now and then, from the start on. `look` may return in how many seconds it wants to be called
    again, if sooner than usual. Counts by the steady clock: setting the machine's clock changes no pace."""

    every_s: float
    look: Callable[[], float | None]
    steady: Callable[[], float] = time.monotonic
    again_at: float = float("-inf")

    def wants(self, due: Collection[str] = ()) -> bool:
        """When it is time."""
        return self.steady() >= self.again_at

    def __call__(self, limit: int = 0) -> int:
        """One look, if it is time; 0, since the sweeper need not hurry for it."""
        if self.wants():
            began = self.steady()
            self.again_at = began + self.every_s
            if (soon := self.look()) is not None:
                self.again_at = began + soon
        return 0


def since_boot() -> float:
    """Steady seconds that go on while the machine sleeps: waking up is not a clock that was set."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class Bell:
    """The journals' doorbell, heard on the sweeper's own connection."""

    def __init__(self) -> None:
        self.heard_on: Any = None

    def wait(self, seconds: float) -> None:
        """Until it rings, at most so long. On a new connection not at all: it may have rung before."""
        raw: Any = connection.connection
        if raw is not None and raw is self.heard_on:
            with connection.wrap_database_errors:
                # Asleep in the kernel: psycopg's own waiting looks up ten times a second.
                if not _rung(raw) and select.select([raw.fileno()], [], [], seconds)[0]:
                    _rung(raw)
            return
        with connection.cursor() as cursor:
            cursor.execute("LISTEN binhan_journal")
        self.heard_on = connection.connection


def _rung(raw: Any) -> bool:
    """Whether the bell rang since the last look; whose journal it was is all the same."""
    return bool(list(raw.notifies(timeout=0)))


class StepWatch:
    """Notices when the machine's wall clock is set, by comparing it with a steady one. One worker (`leads`) answers for
    such a step, the others follow."""

    def __init__(self, wall: Callable[[], float] = time.time, steady: Callable[[], float] = since_boot,
                 leads: bool = True) -> None:
        self.wall, self.steady, self.leads = wall, steady, leads
        self.offset = wall() - steady()

    def step(self) -> timedelta | None:
        """How far the clock was set since the last look, or None."""
        offset = self.wall() - self.steady()
        moved, self.offset = offset - self.offset, offset
        return timedelta(seconds=moved) if abs(moved) > STEP_S else None


def run(stop: threading.Event, beat: Callable[[], None], batches: Mapping[str, Sweep],
        actions: Mapping[tuple[str, str], ClockAction], watch: StepWatch | None = None) -> None:
    """Sweep until told to stop. `batches`: what is done at its own pace, by name; `actions`: (kind, verb) → action."""
    watch = watch or StepWatch()
    bell = Bell()
    beaten = 0.0
    rewound = not watch.leads  # what happened while no sweeper ran
    owed = timedelta()  # a step that could not be answered yet, because the database was away
    while not stop.is_set():
        began = time.monotonic()
        try:
            if began - beaten > 2:
                beat()
                beaten = began
            if not rewound:
                _rewind()
                rewound = True
            if (step := watch.step()) is not None and not watch.leads:
                stop.wait(FOLLOW_S)
            elif owed := owed + (step or timedelta()):
                _shift(owed)
                owed = timedelta()
            if wait_s := sweep(batches, actions):
                stop.wait(max(0.0, GAP_S - (time.monotonic() - began)))
                bell.wait(max(0.0, wait_s - (time.monotonic() - began)))
        except (OperationalError, InterfaceError) as error:
            log.warning("database away: %s", str(error).strip().splitlines()[0])
            close_old_connections()
            stop.wait(0.3)
        except DatabaseError:
            log.exception("the sweep failed")
            stop.wait(0.3)


def _shift(step: timedelta) -> None:
    with transaction.atomic():
        set_system_scope("clock")
        moved = shift_clocks(step)
    log.warning("the machine's clock was set by %s: %s running clocks moved with it", step, moved)


def _rewind() -> None:
    with transaction.atomic():
        set_system_scope("clock")
        back = rewind_clocks()
    if back:
        log.warning("the machine's clock was set back by at least %s while no sweeper ran: clocks follow", back)


def sweep(batches: Mapping[str, Sweep], actions: Mapping[tuple[str, str], ClockAction]) -> float:
    """One look at everything due; in how many seconds, counted from its beginning, the next one is worth while: 0 if more
    may be waiting."""
    busy, began = False, timezone.now()
    waiting = due_kinds(began)
    for name, climb in batches.items():
        try:
            if not climb.wants(waiting):
                continue
            with transaction.atomic():
                set_system_scope("clock")
                busy = climb(200) >= 200 or busy
        except (OperationalError, InterfaceError) as error:
            if not is_held(error):
                raise
            log.warning("%s: somebody holds what it needs; later", name)
        except DatabaseError:  # a fault of one kind must not stop the clocks of the others
            log.exception("the batch of %s failed", name)
    kinds: dict[str, list[str]] = {}
    for kind, verb in actions:
        kinds.setdefault(kind, []).append(verb)
    for kind, verbs in ((k, v) for k, v in kinds.items() if k in waiting):
        while _one(kind, verbs, actions):
            pass
    return 0.0 if busy else LOOK_EVERY_S if waiting else _seconds_to_next(began)


def _seconds_to_next(began: datetime) -> float:
    due = next_due(began)
    return LOOK_AT_LEAST_S if due is None else min(LOOK_AT_LEAST_S, max(GAP_S, (due - began).total_seconds()))


def _one(kind: str, verbs: list[str], actions: Mapping[tuple[str, str], ClockAction]) -> bool:
    """Claim and act on one due clock, in one transaction; False when none is due."""
    due: DueClock | None = None
    try:
        with transaction.atomic():
            set_system_scope("clock")
            found = claim_due(kind, verbs, timezone.now(), 1)
            if not found:
                return False
            due = found[0]
            actions[(kind, due.verb)](due)
        return True
    except (OperationalError, InterfaceError) as error:
        if not is_held(error) or due is None:
            raise
        with transaction.atomic():
            set_system_scope("clock")
            look_again(due.id, timezone.now() + HELD_S)
        return True
    except Exception:  # noqa: BLE001 - one subject's fault must not stop everybody else's clocks
        log.exception("clock %s failed", due)
        if due is not None:
            with transaction.atomic():
                set_system_scope("clock")
                postpone_failed(due.id, timezone.now())
        return True
