"""What a visit means for the appointment at that door; in the visit's own transaction."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from binhan.casework.appointments.actions.moves import apply, live_at, lock_team
from binhan.casework.appointments.lifecycle import BOOKED, LIVE, MISSED, OFFERED, By
from binhan.casework.appointments.models import Appointment
from binhan.casework.appointments.rules.slots import HOUR
from binhan.casework.visits.models import Visit
from binhan.commons.cases.rules import Step
from binhan.commons.journal.actions import JournalRow
from binhan.kernel.ids import new_id

EARLY = timedelta(minutes=30)  # a team that knocks so much before the hour has come for it


def after_visits(ward_id: int, actor: str, visits: Sequence[Visit]) -> list[JournalRow]:
    """`come_back` agrees on a time, or on another one; `met` keeps what was agreed, so does having come at the hour;
    `refused` means that nobody need come. What was agreed later than the visit stands. Answers the journal rows."""
    rows: list[JournalRow] = []
    if not _concerned(visits):
        return rows
    for team in sorted({v.team_id for v in visits}):
        lock_team(team)
    known: dict[tuple[object, object], Appointment] = {}
    for round_id in sorted({v.round_id for v in visits}):
        found = live_at(round_id, {v.dwelling_id for v in visits if v.round_id == round_id})
        known |= {(round_id, door): a for door, a in found.items()}
    for visit in sorted(visits, key=lambda v: (v.started_at, v.id)):
        row = known.get((visit.round_id, visit.dwelling_id))
        if visit.outcome == "come_back":
            row = row if row is not None and row.state in LIVE else _offered(ward_id, actor, visit)
            known[(visit.round_id, visit.dwelling_id)] = row
        if row is not None and row.state in LIVE and (done := _one(row, actor, visit)) is not None:
            rows.append(done)
    return rows


def _concerned(visits: Sequence[Visit]) -> bool:
    """Most visits have nothing to do with an appointment: one look, and no lock."""
    if not visits or any(v.outcome == "come_back" for v in visits):
        return bool(visits)
    with connection.cursor() as cursor:  # at every visit: building the question would take longer than answering it
        cursor.execute("SELECT EXISTS (SELECT FROM casework_appointment WHERE round_id = ANY(%s) AND dwelling_id = ANY(%s)"
                       " AND state = ANY(%s))", [[v.round_id for v in visits], [v.dwelling_id for v in visits],
                                                 [str(state) for state in LIVE]])
        return bool(cursor.fetchone()[0])


def _offered(ward_id: int, actor: str, visit: Visit) -> Appointment:
    now = timezone.now()
    row = Appointment(id=new_id(), ward_id=ward_id, round_id=visit.round_id, team_id=visit.team_id,
                      dwelling_id=visit.dwelling_id, said_at=visit.started_at, moved_at=now, moved_by=actor,
                      moved_verb="offer")
    row.save(force_insert=True)
    return row


def _step(verb: str, actor: str, facts: Mapping[str, Any] | None = None) -> Step:
    return Step(verb, By.TEAM, actor, timezone.now(), facts or {})


def _one(row: Appointment, actor: str, visit: Visit) -> JournalRow | None:
    """The move that a visit makes on an open appointment, if any."""
    if visit.ended_at < row.said_at and row.state != OFFERED:
        return None
    if visit.outcome == "come_back" and visit.come_back_at:
        facts = {"from_at": visit.come_back_at, "to_at": visit.come_back_at + HOUR}
        if (row.state, row.from_at, row.to_at) == (BOOKED, facts["from_at"], facts["to_at"]):
            return None
        return apply(row, _step("move" if row.state == BOOKED else "book", actor, facts), visit.ended_at)
    if visit.outcome == "refused":
        return apply(row, _step("decline", actor), visit.ended_at) if row.state != "declined" else None
    came = row.state in (BOOKED, MISSED) and row.from_at is not None and visit.ended_at >= row.from_at - EARLY
    if visit.outcome == "met" or came:
        return apply(row, _step("keep", actor), visit.ended_at)
    return None
