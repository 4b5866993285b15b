"""Agreeing on a visit and moving it along its lifecycle: records, clock and journal row in one transaction.

Whoever agrees on a time first locks the team (its hours are shared), then the appointment.
"""
from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from binhan.casework.appointments.lifecycle import APPOINTMENT, BOOKED, DECLINED, FORGOTTEN, LIVE, OFFERED, OWED, By
from binhan.casework.appointments.models import Appointment
from binhan.casework.appointments.queries import HOUSEHOLD, check_room
from binhan.casework.appointments.rules.slots import LONGEST
from binhan.casework.phones.actions.outbox import forget_item
from binhan.casework.visits.lifecycle import CANCELLED, DONE, RUNNING
from binhan.casework.visits.models import Round, Team, TurfDoor, Visit
from binhan.commons.cases.actions import apply_move, claim_late, ring_again
from binhan.commons.cases.queries import is_replay, lost_race, target_of
from binhan.commons.cases.rules import Step
from binhan.commons.clocks.actions import DueClock, policy_amount, rearm, start_clock
from binhan.commons.journal.actions import JournalRow, append_rows
from binhan.commons.people.queries import display_name
from binhan.kernel.errors import Problem, not_found
from binhan.kernel.ids import new_id

CHANGES_MAX = 10  # unless the policy says otherwise


@dataclass(frozen=True, slots=True)
class Wish:
    """A time to be agreed for a door of a round; without times it is offered, for the household to choose. `said_at`: when
    it was said, on a phone perhaps long ago; `key`: the id that the phone gave it."""

    round_id: UUID
    dwelling_id: UUID
    from_at: datetime | None = None
    to_at: datetime | None = None
    note: str = ""
    said_at: datetime | None = None
    key: UUID | None = None


def book(ward_id: int, actor: str, wish: Wish, by: By = By.TEAM,
         teams: Collection[UUID] | None = None) -> tuple[Appointment, str]:
    """Agree on a time for a door, whether or not one was agreed before; answers what is agreed now, and stored or same.
    `teams`: those whose doors the caller may do this for (None: any). What somebody else changed later than it was said
    stands: 409 with who."""
    check_times(wish.from_at, wish.to_at)
    with transaction.atomic():
        row, team = _door(ward_id, wish, teams)
        known = live_at(row.id, {wish.dwelling_id}).get(wish.dwelling_id)
        now = timezone.now()
        if wish.key and (twin := Appointment.objects.filter(id=wish.key).first()) is not None and twin != known:
            return _twin(twin, wish), "same"
        if known is None:
            known = Appointment(id=wish.key or new_id(), ward_id=ward_id, round=row, team=team,
                                dwelling_id=wish.dwelling_id, said_at=wish.said_at or now, moved_at=now, moved_by=actor,
                                moved_verb="offer")
            if wish.from_at and wish.to_at and by == By.RESIDENT:
                check_room(team, None, wish.from_at, wish.to_at)
            known.save(force_insert=True)
            if not wish.from_at:
                known.note = wish.note
                known.save(update_fields=["note"])
                start_clock(ward_id, "appointment", known.id, APPOINTMENT.clock_of(OFFERED), now)
                append_rows([JournalRow(ward_id, actor, "offer", "appointment", known.id,
                                        {"state": str(known.state), **_round(known)})])
                return known, "stored"
        elif same_times(known, wish):
            return known, "same"
        elif wish.said_at and wish.said_at < known.said_at and known.moved_by != actor:
            raise _lost(known)
        facts = {"from_at": wish.from_at, "to_at": wish.to_at, "note": wish.note}
        step = Step("move" if known.state == BOOKED else "book", by, actor, now, facts)
        append_rows([apply(known, step, wish.said_at)])
    return known, "stored"


def _door(ward_id: int, wish: Wish, teams: Collection[UUID] | None) -> tuple[Round, Team]:
    """The round and the team of the door, the team locked; 404 when it is not the caller's."""
    door = TurfDoor.objects.select_related("round", "turf").filter(
        ward_id=ward_id, round_id=wish.round_id, dwelling_id=wish.dwelling_id).first()
    if door is None or (teams is not None and door.turf.team_id not in teams):
        raise not_found("căn này trong đợt", "door of this round")
    if door.round.state not in RUNNING:
        raise Problem(409, "round_ended", "Đợt này đã kết thúc nên không hẹn thêm.", "The round has ended.",
                      state=door.round.state)
    return door.round, lock_team(door.turf.team_id)


def lock_team(team_id: UUID) -> Team:
    """The team, for whoever agrees on a time with it; visits of it go on meanwhile."""
    return Team.objects.select_for_update(no_key=True).get(id=team_id)


def live_at(round_id: UUID, dwellings: Collection[UUID]) -> dict[UUID, Appointment]:
    """What is open for these doors of a round, locked."""
    rows = Appointment.objects.select_for_update(of=("self",)).filter(
        round_id=round_id, dwelling__in=dwellings, state__in=LIVE).order_by("id")
    return {a.dwelling_id: a for a in rows if a.dwelling_id}


def same_times(known: Appointment, wish: Wish) -> bool:
    """True if just this stands already; an offer stands while anything does."""
    if wish.from_at is None:
        return True
    return known.state == BOOKED and (known.from_at, known.to_at, known.note) == (wish.from_at, wish.to_at, wish.note)


def _twin(twin: Appointment, wish: Wish) -> Appointment:
    if (twin.round_id, twin.dwelling_id) in ((wish.round_id, wish.dwelling_id), (wish.round_id, None)):
        return twin  # sent again after it had come to its end
    raise Problem(409, "id_reused", "Mã này đã dùng cho lịch hẹn khác. Không ghi gì.", "This id is another appointment's.")


def check_times(from_at: datetime | None, to_at: datetime | None) -> None:
    """422 unless there are both or none, the one before the other, and not further apart than a day's walk."""
    if (from_at is None) != (to_at is None) or (from_at and to_at and not timedelta() < to_at - from_at <= LONGEST):
        raise Problem(422, "bad_times", "Giờ hẹn phải có từ giờ nào đến giờ nào, tối đa 12 giờ.",
                      "Give from when until when, at most 12 hours apart.")


def move_appointment(appointment_id: UUID, step: Step, seen_at: datetime | None = None) -> Appointment:
    """One verb of the household, the team or the office. The same person's same verb again is a retry. `seen_at`: the
    `moved_at` that the caller saw; when it has moved since, 409 with who."""
    verb, times = step.verb, {k: step.facts.get(k) for k in ("from_at", "to_at")}
    if verb in ("book", "move"):
        check_times(**times)
    with transaction.atomic():
        team = Appointment.objects.filter(id=appointment_id).values_list("team_id", flat=True).first()
        if team is None:
            raise not_found("lịch hẹn này", "appointment")
        locked = lock_team(team)
        row = Appointment.objects.select_for_update().get(id=appointment_id)
        if is_replay(row, verb, step.actor) and (
                verb not in ("book", "move") or times == {"from_at": row.from_at, "to_at": row.to_at}):
            return row
        if seen_at is not None and row.moved_at != seen_at:
            raise _lost(row)
        if step.by == By.RESIDENT:
            _check_changes(row)
            if verb in ("book", "move") and times["from_at"] and times["to_at"]:
                check_room(locked, row.id, times["from_at"], times["to_at"])
        append_rows([apply(row, replace(step, at=timezone.now()))])  # moved now that the team is ours
    return row


def _check_changes(row: Appointment) -> None:
    limit = policy_amount(row.ward_id, "appointment.changes", timezone.now(), CHANGES_MAX)
    if row.changes >= limit:
        raise Problem(429, "changed_often", "Lịch hẹn này đã đổi nhiều lần. Xin báo trực tiếp cho tổ khi tổ tới.",
                      "This visit was changed too often. Please tell the team when they come.")


def apply(row: Appointment, step: Step, said_at: datetime | None = None) -> JournalRow:
    """Columns, state and clock of one move on a locked row; returns the journal row. `said_at`: when it was agreed, where
    that was not just now."""
    target = target_of(APPOINTMENT, row, step, **_where(row))
    if step.verb in ("book", "move"):
        row.from_at, row.to_at = step.facts["from_at"], step.facts["to_at"]
        row.note = str(step.facts.get("note") or "")
    if step.by != By.CLOCK:
        row.said_at = said_at or step.at
        row.changes += step.by == By.RESIDENT
    row.reason = str(step.facts.get("reason") or "") if step.verb == "drop" else row.reason
    if target in (DECLINED, FORGOTTEN):  # nothing is kept of why
        row.note = row.reason = ""
    if target == FORGOTTEN:
        row.dwelling, row.from_at, row.to_at = None, None, None
        forget_item(row.id)  # nor shall what the phone was answered
    begin = max(step.at, row.to_at) if target == BOOKED and row.to_at else step.at
    return apply_move(APPOINTMENT, row, step, _round(row), begin=begin)


def _round(row: Appointment) -> dict[str, str]:
    return {"round_id": str(row.round_id)}


def _lost(row: Appointment) -> Problem:
    return lost_race(APPOINTMENT, row, **_where(row))


def _where(row: Appointment) -> dict[str, Any]:
    """What who comes too late is told besides: what is agreed now, and that it was the household where it was."""
    return {"who": HOUSEHOLD.vi if row.moved_by == "resident" else "", "from_at": row.from_at and row.from_at.isoformat(),
            "to_at": row.to_at and row.to_at.isoformat()}


def moved_by(row: Appointment) -> str:
    """Who moved it last, in words."""
    return HOUSEHOLD.vi if row.moved_by == "resident" else display_name(row.moved_by)


def _claimed(due: DueClock) -> Appointment | None:
    """The clock's appointment, locked. When its round is over nobody comes any more: what was agreed has then expired."""
    row = claim_late(APPOINTMENT, Appointment.objects.select_related("round"), due)
    if row is None or row.state not in OWED or row.round.state not in (DONE, CANCELLED):
        return row
    _by_clock(row, "expire")
    return None


def _by_clock(row: Appointment, verb: str) -> None:
    append_rows([apply(row, Step(verb, By.CLOCK, "clock", timezone.now()))])


def miss(due: DueClock) -> None:
    """What was agreed is past, and nobody wrote down that the team came."""
    if (row := _claimed(due)) is not None:
        _by_clock(row, "miss")


def chase(due: DueClock) -> None:
    """Still nobody came: its level rises, it is journalled, and looked at again the next working day."""
    if (row := _claimed(due)) is not None:
        ring_again(APPOINTMENT, row, due, facts=_round(row))


def expire(due: DueClock) -> None:
    """The household chose no time."""
    if (row := _claimed(due)) is not None:
        _by_clock(row, "expire")


def forget(due: DueClock) -> None:
    """Nothing shall lead back to a door that would rather have no visit – once nobody would go there again for it."""
    if (row := _claimed(due)) is None:
        return
    if row.round.state in RUNNING and Visit.objects.filter(
            round=row.round_id, dwelling=row.dwelling_id, outcome="come_back").exists():
        now = timezone.now()
        rearm(due.id, now + timedelta(days=1), now)  # forgotten now, it would be a door to come back to again
    else:
        _by_clock(row, "forget")
