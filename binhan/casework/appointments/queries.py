"""Appointments for the phone, the office and the household; the times that are on offer; and what is owed."""
from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from pydantic import Field
from typing_extensions import TypedDict

from binhan.casework.appointments.lifecycle import APPOINTMENT, BOOKED, DECLINED, LIVE, OWED, By
from binhan.casework.appointments.models import Appointment, VisitHours
from binhan.casework.appointments.rules.slips import door_of, round_part
from binhan.casework.appointments.rules.slots import Hours, Slot, days_of, has_room, slots_on
from binhan.casework.listening.queries.promises import PromiseLine
from binhan.casework.listening.queries.promises import promises as replies
from binhan.casework.visits.lifecycle import CANCELLED, DRAFT, OPEN, PAUSED, RUNNING
from binhan.casework.visits.models import Round, Team, TurfDoor
from binhan.casework.visits.queries.doors import RevisitLine, revisits_json
from binhan.casework.visits.queries.reach import my_teams, sees_doors, teams_of
from binhan.commons.access.queries import Rights
from binhan.commons.access.rules import PLANNERS
from binhan.commons.clocks.actions import due_for
from binhan.commons.language import shown, state_name
from binhan.commons.people.queries import display_names
from binhan.commons.wire import Id
from binhan.kernel.errors import Problem, not_found
from binhan.kernel.words import Words

HOUSEHOLD = Words("hộ dân", "the household")  # how it is called where it moved an appointment with its code
KEPT_DAYS = 60  # a code of a round that ended longer ago says nothing any more
AHEAD_S = 7200


@dataclass(frozen=True, slots=True)
class Slip:
    """What a code is for."""

    round: Round
    door: TurfDoor


def find_slip(code: str, key: bytes) -> Slip | None:
    """The door of a code, among the rounds of the wards in scope (3 queries, 1 for most codes that are for none)."""
    since = timezone.localdate() - timedelta(days=KEPT_DAYS)
    rounds = Round.objects.filter(to_on__gte=since).exclude(state__in=[DRAFT, CANCELLED]).order_by("-from_on")
    for row in (r for r in rounds if code.startswith(round_part(key, r.id))):
        doors = TurfDoor.objects.filter(round=row).order_by("id").values_list("dwelling_id", flat=True)
        if (found := door_of(key, row.id, code, doors.iterator(5_000))) is not None:
            door = TurfDoor.objects.select_related("turf__team", "turf__area").get(round=row, dwelling_id=found)
            return Slip(row, door)
    return None


def hours_of(ward_id: int) -> list[Hours]:
    """The hours that the ward offers: its own rows, or those for all when it has none (1 query)."""
    rows = list(VisitHours.objects.filter(ward_id__in=(0, ward_id)).order_by("from_time"))
    own = [r for r in rows if r.ward_id == ward_id]
    return [Hours(r.part, r.weekdays, r.from_time, r.to_time, r.per_hour, r.valid_from, r.valid_to) for r in own or rows]


def taken_of(team: Team, but: UUID | None) -> list[tuple[datetime, datetime]]:
    """What the team has agreed on with others (1 query)."""
    rows = Appointment.objects.filter(team=team, state=BOOKED, to_at__gt=timezone.now()).order_by("id")
    rows = rows.exclude(id=but) if but else rows
    return [(a, b) for a, b in rows.values_list("from_at", "to_at") if a and b]


@dataclass(frozen=True, slots=True)
class Choice:
    """A time on offer, and whether the team still has room for it."""

    slot: Slot
    free: bool


def choices(row: Round, team: Team, but: UUID | None, days: Iterable[date] | None = None
            ) -> dict[date, list[tuple[Choice, list[Choice]]]]:
    """For each day of the round that is still to come: its parts and their single hours (4 queries)."""
    now = timezone.now()
    hours, taken = hours_of(row.ward_id), taken_of(team, but)
    first = due_for(row.ward_id, "appointment.ahead", now, default_s=AHEAD_S)
    found = {}
    for day in days_of(row.from_on, row.to_on, timezone.localdate()):
        if days is None or day in days:
            parts = slots_on(day, hours, first)
            found[day] = [(Choice(whole, room := has_room(whole, team.groups, taken)),
                           [Choice(s, room and has_room(s, team.groups, taken)) for s in singles])
                          for whole, singles in parts]
    return {day: parts for day, parts in found.items() if parts}


def check_room(team: Team, but: UUID | None, from_at: datetime, to_at: datetime) -> None:
    """422 unless this is on offer to households, 409 when others have taken it."""
    row = Round.objects.get(id=team.round_id)
    offered = choices(row, team, but, [timezone.localdate(from_at)]) if row.state in RUNNING else {}
    every = [c for parts in offered.values() for whole, singles in parts for c in (whole, *singles)]
    match = [c for c in every if (c.slot.from_at, c.slot.to_at) == (from_at, to_at)]
    if not match:
        raise Problem(422, "not_offered", "Giờ này không có trong lịch đi của tổ. Hãy chọn giờ khác.",
                      "The team does not come at that time. Choose another.")
    if not all(c.free for c in match):
        raise Problem(409, "slot_full", "Giờ này vừa hết chỗ. Hãy chọn giờ khác.", "That time is full. Choose another.")


def appointments_for(ward_id: int, dwelling_ids: Collection[UUID], rounds: Collection[UUID] | None = None
                     ) -> list[tuple[UUID, dict[str, Any]]]:
    """(id, document) of what is open for these doors, as a phone is handed it (1 query)."""
    rows = Appointment.objects.filter(ward_id=ward_id, dwelling__in=dwelling_ids, state__in=LIVE)
    rows = rows if rounds is None else rows.filter(round__in=rounds)
    return [(a.id, appointment_doc(a)) for a in rows.order_by("id")]


def agreed_since(rounds: Collection[UUID], dwellings: Collection[UUID]
                 ) -> dict[tuple[UUID, UUID], tuple[datetime, datetime] | None]:
    """By round and door: from when until when was agreed last; None where nothing is owed any more (1 query)."""
    rows = Appointment.objects.filter(round__in=rounds, dwelling__in=dwellings).order_by("moved_at").values_list(
        "round_id", "dwelling_id", "state", "from_at", "to_at")
    return {(row, door): (a, b) if state in OWED and a and b else None for row, door, state, a, b in rows if door}


def appointment_doc(row: Appointment) -> dict[str, Any]:
    """AppointmentDoc of the field app; an offer has no times yet."""
    return {"dwelling": str(row.dwelling_id), "from_at": row.from_at, "to_at": row.to_at, "state": row.state,
            "state_name": APPOINTMENT.state_name(row.state), "note": row.note}


def appointments_in(rights: Rights, ward_id: int) -> QuerySet[Appointment]:
    """Those that the account may see: all of the ward's for who plans, a team its own."""
    rows = Appointment.objects.filter(ward_id=ward_id).select_related("dwelling", "team", "round")
    return rows if _plans(rights, ward_id) else rows.filter(team__in=my_teams(rights, ward_id))


def _plans(rights: Rights, ward_id: int) -> bool:
    return rights.has(ward_id, *PLANNERS) and sees_doors(rights, Round(ward_id=ward_id)) is None


def appointment_for(rights: Rights, appointment_id: UUID) -> Appointment:
    """One of them; 404 for any other."""
    ward = Appointment.objects.filter(id=appointment_id).values_list("ward_id", flat=True).first()
    row = appointments_in(rights, ward).filter(id=appointment_id).first() if ward and rights.may("casework", ward) else None
    if row is None:
        raise not_found("lịch hẹn này", "appointment")
    return row


def role_on(rights: Rights, row: Appointment) -> By | None:
    """As whom the account may move it: those who plan, the team of the door, or not at all."""
    if _plans(rights, row.ward_id):
        return By.OFFICE
    return By.TEAM if row.team_id in teams_of(rights, row.ward_id, [row.round_id]) else None


class AppointmentDetail(TypedDict):
    """A visit that is offered, agreed or past."""

    id: Id
    ward_id: int
    round: Id
    round_name: str
    dwelling: Id | None
    address: str
    team: Id
    team_name: str
    from_at: datetime | None
    to_at: datetime | None
    note: str
    state: str
    state_name: str
    state_name_en: Annotated[str, Field(deprecated=True)]  # until version 2 (docs/adr/0017): ask in English
    reason: str
    level: int
    late: bool
    moved_at: datetime
    moved_by: str
    verbs: list[str]


def appointments_json(rows: Iterable[Appointment], by: By | None) -> list[AppointmentDetail]:
    """Appointments as a list shows them, with the verbs open to the caller (1 query)."""
    found = list(rows)
    names = {**display_names({a.moved_by for a in found}), "resident": shown(HOUSEHOLD)} if found else {}
    return [{"id": str(a.id), "ward_id": a.ward_id, "round": str(a.round_id), "round_name": a.round.name,
             "dwelling": str(a.dwelling_id) if a.dwelling_id else None, "address": a.dwelling.address if a.dwelling else "",
             "team": str(a.team_id), "team_name": a.team.name, "from_at": a.from_at, "to_at": a.to_at, "note": a.note,
             "state": a.state, "state_name": state_name(APPOINTMENT, a.state),
             "state_name_en": APPOINTMENT.state_name(a.state, "en"),
             "reason": a.reason, "level": a.level, "late": late(a, timezone.now()), "moved_at": a.moved_at,
             "moved_by": names[a.moved_by], "verbs": list(APPOINTMENT.verbs_from(a.state, by)) if by else []}
            for a in found]


def late(row: Appointment, at: datetime) -> bool:
    """True when the team should have come by now."""
    return row.state in OWED and row.to_at is not None and row.to_at < at


def promises(rights: Rights, ward_id: int, only_late: bool, at: datetime) -> list[PromiseLine]:
    """Replies promised and visits agreed that are not kept yet, the latest first: a team's own, all for the office. A time
    that was agreed at the door and changed since is the changed one."""
    every = Appointment.objects.filter(ward_id=ward_id, dwelling__isnull=False, round__state__in=[OPEN, PAUSED])
    known = {(str(r), str(d)) for r, d in every.values_list("round_id", "dwelling_id")}
    lines = [line for line in replies(rights, ward_id, only_late, at)
             if line["what"] != "visit" or (line["round"], line["dwelling"]) not in known]
    rows = appointments_in(rights, ward_id).filter(state__in=OWED)
    rows = rows.filter(to_at__lt=at) if only_late else rows
    lines += [{"what": "visit", "id": str(a.id), "appointment": str(a.id), "due_at": a.to_at, "from_at": a.from_at,
               "late": late(a, at), "state": a.state, "state_name": state_name(APPOINTMENT, a.state), "level": a.level,
               "dwelling": str(a.dwelling_id), "address": a.dwelling.address if a.dwelling else "",
               "team": a.team.name, "round": str(a.round_id)} for a in rows if a.to_at]
    return sorted(lines, key=lambda line: (line["due_at"], line["id"]))


def revisits(row: Round, teams: set[UUID] | None, before: datetime | None) -> list[RevisitLine]:
    """The doors to go back to: what is agreed first, by its hour, then where nobody was home, as they are walked. A door
    that would rather have no visit is not among them (5 queries)."""
    known = {a.dwelling_id: a for a in Appointment.objects.filter(round=row, state__in=LIVE) if a.dwelling_id}
    owed = {key: a for key, a in known.items() if a.state in OWED and a.from_at and (before is None or a.from_at <= before)}
    lines = [line for line in revisits_json(row, teams, before) if UUID(line["dwelling"]) not in known
             or known[UUID(line["dwelling"])].state not in (DECLINED, *OWED)]
    doors = TurfDoor.objects.filter(round=row, dwelling__in=owed).select_related("turf", "dwelling")
    doors = doors if teams is None else doors.filter(turf__team__in=teams)
    agreed: list[RevisitLine] = [
        {"dwelling": str(d.dwelling_id), "turf": str(d.turf_id), "number": d.turf.number, "place": d.place,
         "address": d.dwelling.address, "state": "come_back", "not_home": 0,
         "come_back_at": (a := owed[d.dwelling_id]).from_at, "until": a.to_at, "appointment": str(a.id),
         "late": late(a, timezone.now())} for d in doors]
    return sorted(agreed, key=lambda line: str(line["come_back_at"])) + lines
