"""Starting, stopping and claiming clocks. A clock is always written in the transaction of the move it follows."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from binhan.commons.clocks.models import CalendarDay, Clock, Policy
from binhan.commons.clocks.rules import ANY_CASE, Subject, Tier
from binhan.commons.context import policies
from binhan.commons.dated import holds
from binhan.commons.journal.actions import JournalRow, append
from binhan.kernel.errors import Problem
from binhan.kernel.lifecycle import Clock as ClockRule
from binhan.kernel.workdays import Calendar, add_working, add_working_time, working_days_between, working_time_between

NEVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class DueClock:
    """A claimed clock whose time is up."""

    id: int
    ward_id: int
    subject_kind: str
    subject_id: UUID
    policy: str
    verb: str
    rung: int
    due_at: datetime


# Called inside the claiming transaction; must leave the clock moved on or gone.
ClockAction = Callable[[DueClock], None]


def policy_s(ward_id: int, policy: str, at: datetime, default: int = 300) -> int:
    """Seconds that the dated policy row allows (the ward's own before the national default)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_policy_s(%s, %s, %s)", [ward_id, policy, at])
        (seconds,) = cursor.fetchone()
    return default if seconds is None else int(seconds)


def policy_amount(ward_id: int, policy: str, at: datetime, default: int | None = None) -> int:
    """How many the dated policy row allows (unit n): documents, tries, kilobytes (1 query)."""
    return policy_amounts(ward_id, [policy], at, {} if default is None else {policy: default})[policy]


def policy_amounts(ward_id: int, policies: Sequence[str], at: datetime,
                   defaults: Mapping[str, int] | None = None) -> dict[str, int]:
    """The amounts of several policies that count things or seconds, as they stand: the ward's own row before the national
    one. LookupError for one that no row and no default gives (1 query)."""
    rows = Policy.objects.filter(holds(at), ward_id__in=(0, ward_id), name__in=policies, track="", priority="",
                                 unit__in=(Policy.Unit.COUNT, Policy.Unit.SECONDS))
    found = {**(defaults or {}), **dict(rows.order_by("ward_id", "valid_from").values_list("name", "amount"))}
    if missing := sorted(set(policies) - set(found)):
        raise LookupError(f"no policy row for {', '.join(missing)}")
    return {name: found[name] for name in policies}


def due_for(ward_id: int, policy: str, at: datetime, tier: Tier = ANY_CASE, default_s: int = 300) -> datetime:
    """When a clock that starts at `at` is due: in seconds, or in working hours or days on the country's calendar."""
    amount, unit = _length(ward_id, policy, at, tier) or (default_s, Policy.Unit.SECONDS)
    return at + timedelta(seconds=amount) if unit == Policy.Unit.SECONDS else add_working(at, amount, unit, calendar())


def _length(ward_id: int, policy: str, at: datetime, tier: Tier) -> tuple[int, str] | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT amount, unit FROM clock_policy(%s, %s, %s, %s, %s)", [ward_id, policy, at, *tier])
        row = cursor.fetchone()
    return (int(row[0]), str(row[1])) if row else None


def calendar() -> Calendar:
    """The country's days off and weekend days worked, as the rows say (1 query)."""
    kinds = dict(CalendarDay.objects.values_list("day", "kind"))
    return Calendar(holidays=frozenset(d for d, kind in kinds.items() if kind == "off"),
                    swaps=frozenset(d for d, kind in kinds.items() if kind == "worked"))


def stop_clocks(subject_id: UUID) -> None:
    """Nothing waits on this subject any more."""
    Clock.objects.filter(subject_id=subject_id).delete()


def start_clock(subject: Subject, rule: ClockRule | None, at: datetime, tier: Tier = ANY_CASE) -> None:
    """Replace the subject's clocks by the one of its new state; none for a final state."""
    stop_clocks(subject.id)
    if rule is not None:
        due = due_for(subject.ward_id, rule.policy, at, tier)
        Clock.objects.create(ward_id=subject.ward_id, subject_kind=subject.kind, subject_id=subject.id, policy=rule.policy,
                             verb=rule.verb, rung=1, due_at=due, set_at=at)


def pause_clock(subject_id: UUID, at: datetime, tier: Tier = ANY_CASE) -> bool:
    """Stop the subject's clock and keep what is left of it; False if none runs. The caller's move journals why."""
    clock = Clock.objects.select_for_update().filter(subject_id=subject_id, paused_at=None).first()
    if clock is None:
        return False
    _, unit = _length(clock.ward_id, clock.policy, clock.set_at, tier) or (0, Policy.Unit.SECONDS)
    if unit == Policy.Unit.WORKING_DAYS:
        clock.left = timedelta(days=working_days_between(at, clock.due_at, calendar()))
    elif unit == Policy.Unit.WORKING_HOURS:
        clock.left = working_time_between(at, clock.due_at, calendar())
    else:
        clock.left = max(clock.due_at - at, timedelta())
    clock.paused_at, clock.due_at = at, NEVER
    clock.save(update_fields=["left", "paused_at", "due_at"])
    return True


def resume_clock(subject_id: UUID, at: datetime, tier: Tier = ANY_CASE) -> bool:
    """Let a paused clock run on for what was left of it; False if none is paused."""
    clock = Clock.objects.select_for_update().filter(subject_id=subject_id, paused_at__isnull=False).first()
    if clock is None:
        return False
    left = clock.left or timedelta()
    _, unit = _length(clock.ward_id, clock.policy, clock.set_at, tier) or (0, Policy.Unit.SECONDS)
    if unit == Policy.Unit.WORKING_DAYS:
        clock.due_at = add_working(at, left.days, unit, calendar())
    else:
        clock.due_at = add_working_time(at, left, calendar()) if unit == Policy.Unit.WORKING_HOURS else at + left
    clock.paused_at = clock.left = None
    clock.save(update_fields=["left", "paused_at", "due_at"])
    return True


def rearm(clock_id: int, due_at: datetime, at: datetime) -> None:
    """Let the same clock run again until `due_at`, one rung further."""
    clock = Clock.objects.get(id=clock_id)
    clock.rung += 1
    clock.due_at, clock.set_at, clock.failures = due_at, at, 0
    clock.save(update_fields=["rung", "due_at", "set_at", "failures"])


def look_again(clock_id: int, at: datetime) -> None:
    """Somebody is moving the subject right now: look again in a moment, without counting a rung."""
    Clock.objects.filter(id=clock_id).update(due_at=at + timedelta(seconds=0.2))


def due_kinds(at: datetime) -> set[str]:
    """The kinds of subjects that have a due clock in a served ward, whatever the scope: one look for all, so that nothing
    is asked in vain (1 query)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clocks_due_kinds(%s)", [at])
        return set(cursor.fetchone()[0])


def next_due(after: datetime) -> datetime | None:
    """When the next clock will be due, whatever the scope; None if none runs (1 query)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clocks_next_due(%s)", [after])
        due: datetime | None = cursor.fetchone()[0]
    return due


def claim_due(subject_kind: str, verbs: Sequence[str], at: datetime, limit: int) -> list[DueClock]:
    """Lock and return due clocks that no other worker holds. Call inside a transaction."""
    rows = (Clock.objects.select_for_update(skip_locked=True)
            .filter(subject_kind=subject_kind, verb__in=list(verbs), due_at__lte=at).order_by("due_at")[:limit])
    return [DueClock(c.id, c.ward_id, c.subject_kind, c.subject_id, c.policy, c.verb, c.rung, c.due_at) for c in rows]


def postpone_failed(clock_id: int, at: datetime) -> None:
    """A clock whose action failed is tried again, ever later, and never dropped."""
    with transaction.atomic():
        clock = Clock.objects.select_for_update().get(id=clock_id)
        clock.failures += 1
        clock.due_at = at + timedelta(seconds=min(60, 2 ** min(clock.failures, 6)))
        clock.save(update_fields=["failures", "due_at"])


def shift_clocks(step: timedelta) -> int:
    """The machine's clock was set by `step`: move every running short clock with it, so that none is lost
    (clock set back) and none fires early (set forward). Its beginning moves too: it stays as long as it was, and is
    still a short one when the machine's clock is set right again. Answers how many moved."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE clocks_clock SET due_at = due_at + s, set_at = set_at + s"
                       " FROM make_interval(secs => %s) s WHERE due_at - set_at < interval '2 hours'",
                       [step.total_seconds()])
        return int(cursor.rowcount)


def rewind_clocks() -> timedelta:
    """The machine's clock was set back while no sweeper ran: what the journal or a running clock says of the past lies in
    the future now. Each short clock that was started before the step is due as long after that last known moment as it
    was to be, not an hour later. Answers how far they were set back; zero where nothing had happened."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clocks_rewind()")
        return timedelta(seconds=float(cursor.fetchone()[0]))


def set_policy(ward_id: int, actor: str, row: Policy) -> Policy:
    """A ward's own length of a clock from `row.valid_from` on; the ward's row until then ends there, and is kept."""
    if (spec := policies().get(row.name)) is None:
        raise Problem(422, "unknown_policy", "Không có thời hạn này. Hãy chọn trong danh mục.", "There is no such policy.")
    if row.unit != Policy.Unit.SECONDS and spec.day_and_night:
        raise Problem(422, "seconds_only", "Đồng hồ SOS chạy cả ngày đêm: chỉ đặt bằng giây.",
                      "An SOS does not wait for office hours: set its clocks in seconds.")
    with transaction.atomic():
        (Policy.objects.filter(ward_id=ward_id, name=row.name, track=row.track, priority=row.priority, valid_to=None,
                               valid_from__lt=row.valid_from).update(valid_to=row.valid_from))
        row.ward_id = ward_id
        row.save(force_insert=True)
        append(JournalRow(ward_id, actor, "set_policy", "policy", None,
               {"name": row.name, "amount": row.amount, "unit": row.unit, "from": row.valid_from.isoformat()}))
    return row


def set_calendar_day(ward_id: int, actor: str, row: CalendarDay) -> CalendarDay:
    """A day off or a day worked in exchange, as announced; clocks that start or go on from now count with it."""
    with transaction.atomic():
        row.save()
        append(JournalRow(ward_id, actor, "set_calendar_day", "calendar", None,
                          {"day": row.day.isoformat(), "kind": row.kind}))
    return row


def end_policy(policy_id: int, actor: str) -> None:
    """Fall back to the national default."""
    with transaction.atomic():
        row = Policy.objects.select_for_update().get(id=policy_id)
        row.valid_to = timezone.now()
        row.save(update_fields=["valid_to"])
        append(JournalRow(row.ward_id, actor, "end_policy", "policy", None, {"name": row.name}))
