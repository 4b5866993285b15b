"""Moving a record along its lifecycle, and what its clock does when nobody has.

State, clock and journal row are one transaction, the caller's: it has locked the row and set its own columns before, and
appends to the journal what is returned, last."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils import timezone

from binhan.commons.cases.models import Moved
from binhan.commons.cases.queries import target_of
from binhan.commons.cases.rules import FROM_THE_STEP, Step, Wait
from binhan.commons.clocks.actions import DueClock, due_for, look_again, rearm, start_clock, stop_clocks
from binhan.commons.clocks.rules import Subject, Tier
from binhan.commons.journal.actions import JournalRow, append_rows
from binhan.kernel.lifecycle import Lifecycle

DAY_S = 86_400
SELDOM = timedelta(hours=1)  # nobody is reminded more often, whatever the policy says
M = TypeVar("M", bound=Moved)


def apply_move(lifecycle: Lifecycle, row: Moved, step: Step, facts: Mapping[str, Any] | None = None,
               wait: Wait = FROM_THE_STEP) -> JournalRow:
    """One move on a locked row, saved with whatever the caller has set on it. `facts`: codes and ids for the journal.
    Raises as `target_of`."""
    before, target = row.state, target_of(lifecycle, row, step)
    row.state, row.moved_by, row.moved_verb, row.moved_at = str(target), step.actor, step.verb, step.at
    if target != before or wait.begin is not None:
        row.level = wait.level
        start_clock(Subject(row.ward_id, lifecycle.name, row.pk), lifecycle.clock_of(target), wait.begin or step.at,
                    Tier(priority=wait.priority))
    row.save()
    return JournalRow(row.ward_id, step.actor, step.verb, lifecycle.name, row.pk, {"state": str(target), **(facts or {})})


def claim_late(lifecycle: Lifecycle, rows: QuerySet[M], due: DueClock) -> M | None:
    """The record whose clock has rung, locked. None when there is nothing to do: somebody is moving it at this moment (it
    is looked at again in the next), or what it waits for now has another clock."""
    row = rows.select_for_update(skip_locked=True, of=("self",)).filter(pk=due.subject_id).first()
    if row is None:
        look_again(due.id, timezone.now())
        return None
    rule = lifecycle.clock_of(row.state)
    if rule is None or (rule.policy, rule.verb) != (due.policy, due.verb):
        stop_clocks(row.pk)
        return None
    return row


def ring_again(lifecycle: Lifecycle, row: Moved, due: DueClock, every: str = "",
               facts: Mapping[str, Any] | None = None) -> None:
    """It still waits: its level rises, that is journalled, and its clock runs again – for the policy `every`, or for as
    long as before; a day when no row says how long."""
    now = timezone.now()
    row.level += 1
    row.save(update_fields=["level"])
    again = due_for(row.ward_id, every or due.policy, now, default_s=DAY_S)
    rearm(due.id, max(now + SELDOM, again), now)
    append_rows([JournalRow(row.ward_id, "clock", due.verb, lifecycle.name, row.pk,
                            {"state": row.state, "level": row.level, **(facts or {})})])


def chase_late(lifecycle: Lifecycle, rows: QuerySet[M], due: DueClock, every: str = "") -> None:
    """What most clocks do: claim the record, and ring again."""
    if (row := claim_late(lifecycle, rows, due)) is not None:
        ring_again(lifecycle, row, due, every)
