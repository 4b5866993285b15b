"""/api/appointments: the next visits, one POST per verb; /api/promises and /rounds/{id}/revisits: what is owed to whom."""
from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import AwareDatetime, Field, WithJsonSchema

from binhan.casework.appointments.actions import Wish, book, move_appointment
from binhan.casework.appointments.lifecycle import APPOINTMENT, LIVE, OWED, By, State
from binhan.casework.appointments.paper.walk import walk_of
from binhan.casework.appointments.queries import (
    AppointmentDetail,
    appointment_for,
    appointments_in,
    appointments_json,
    promises,
    revisits,
    role_on,
)
from binhan.casework.appointments.rules.slots import NOTE_MAX, REASON_MAX
from binhan.casework.listening.queries.promises import PromiseLine
from binhan.casework.visits.api.exports import ExportedFile, exported
from binhan.casework.visits.exports.workbook import KIND, STATES, workbook
from binhan.casework.visits.queries.doors import RevisitLine
from binhan.casework.visits.queries.reach import round_for, sees_doors, turf_for
from binhan.commons.access.api import Body, rights
from binhan.commons.access.queries import Rights, only_ward
from binhan.commons.cases.rules import Step
from binhan.commons.journal.actions import JournalRow, append, record_list_read, record_read
from binhan.commons.keyset import BY_ID, Key, moment, page_after
from binhan.commons.wire import Items, Page, binary
from binhan.kernel.errors import Problem, forbidden, not_found

router = Router(tags=["appointments"])
VERBS = sorted({m.verb for m in APPOINTMENT.moves if m.by in (By.TEAM, By.OFFICE)})
Verb = Annotated[str, WithJsonSchema({"type": "string", "enum": VERBS})]
PAGE_MAX = 100
BY_HOUR = (Key("from_at", moment, nullable=True), BY_ID)
GROUPS = {"live": LIVE, "owed": OWED}


class AppointmentIn(Body):
    """A time to be agreed for a door of a round; without times it is offered, for the household to choose by its code."""

    id: UUID | None = None
    round: UUID
    dwelling: UUID
    from_at: AwareDatetime | None = None
    to_at: AwareDatetime | None = None
    note: str = Field(default="", max_length=NOTE_MAX)


class AppointmentVerbIn(Body):
    """The needs of a verb. `seen_at`: the `moved_at` that the caller saw; when somebody moved it since, 409 says who."""

    from_at: AwareDatetime | None = None
    to_at: AwareDatetime | None = None
    note: str | None = Field(default=None, max_length=NOTE_MAX)
    reason: str | None = Field(default=None, max_length=REASON_MAX)
    seen_at: AwareDatetime | None = None


def _ward(mine: Rights, ward: int | None) -> int:
    chosen = only_ward(mine, "casework", ward)
    if not mine.may("casework", chosen):
        raise forbidden("Vai trò của bạn không xem được lịch hẹn.", "Your role does not open appointments.")
    return chosen


@router.get("/appointments", response=Page[AppointmentDetail])
def list_appointments(request: HttpRequest, ward: int | None = None, state: str = "live", limit: int = 50, cursor: str = ""
                      ) -> Page[AppointmentDetail]:
    """The next visits by their hour, those without one last: my teams' own, all for who plans. `state`: live, owed (agreed
    or missed), or some of the states separated by commas."""
    mine = rights(request)
    chosen = _ward(mine, ward)
    wanted = {str(s) for s in GROUPS[state]} if state in GROUPS else set(filter(None, state.split(",")))
    if not wanted <= {str(s) for s in State}:
        raise Problem(422, "unknown_state", "Trạng thái không có.", "No such state.", states=list(map(str, State)))
    rows = appointments_in(mine, chosen).filter(state__in=wanted)
    page, more = page_after(rows, BY_HOUR, max(1, min(limit, PAGE_MAX)), cursor)
    record_list_read(chosen, mine.actor, "appointment", "casework")
    by = role_on(mine, page[0]) if page else None  # who plans, or a team that sees only its own
    return {"items": appointments_json(page, by), "next": more or None}


@router.post("/appointments", response={201: AppointmentDetail, 200: AppointmentDetail})
def post_appointment(request: HttpRequest, body: AppointmentIn) -> tuple[int, AppointmentDetail]:
    """Agree on the next visit at a door of my team's, or offer one (without times). Agreed already: it is moved; the same
    again changes nothing (200)."""
    mine = rights(request)
    row = round_for(mine, body.round)
    teams = sees_doors(mine, row)
    by = By.OFFICE if teams is None else By.TEAM
    wish = Wish(body.round, body.dwelling, body.from_at, body.to_at, body.note, key=body.id)
    made, status = book(row.ward_id, mine.actor, wish, by, teams)
    return (201 if status == "stored" else 200), _one(mine, made.id)


@router.get("/appointments/{appointment_id}", response=AppointmentDetail)
def get_appointment(request: HttpRequest, appointment_id: UUID) -> AppointmentDetail:
    """One of them; that it was opened is journalled."""
    mine = rights(request)
    row = appointment_for(mine, appointment_id)
    record_read(row.ward_id, mine.actor, "appointment", row.id, "casework")
    return _one(mine, row.id)


@router.post("/appointments/{appointment_id}/{verb}", response=AppointmentDetail)
def post_appointment_verb(request: HttpRequest, appointment_id: UUID, verb: Verb,
                          body: AppointmentVerbIn | None = None) -> AppointmentDetail:
    """One move, by the team of the door or by who plans; drop is for who plans only."""
    mine = rights(request)
    row = appointment_for(mine, appointment_id)
    if verb not in VERBS:
        raise not_found("thao tác này", "verb")
    if (by := role_on(mine, row)) is None:
        raise forbidden("Chỉ tổ phụ trách hoặc người điều hành đợt được làm việc này.",
                        "Only the team of this door or those who plan may do this.")
    given = (body or AppointmentVerbIn()).dict(exclude_none=True)
    seen_at = given.pop("seen_at", None)
    move_appointment(row.id, Step(verb, by, mine.actor, timezone.now(), given), seen_at)
    return _one(mine, row.id)


def _one(mine: Rights, appointment_id: UUID) -> AppointmentDetail:
    row = appointment_for(mine, appointment_id)
    return appointments_json([row], role_on(mine, row))[0]


@router.get("/turfs/{turf_id}/walk-list.pdf", openapi_extra=binary("application/pdf", "The walk list"))
def get_walk_list(request: HttpRequest, turf_id: UUID, slips: bool = True) -> HttpResponse:
    """The turf on paper, for its team and for who plans: doors in walking order with boxes to tick, then a slip with its
    code for every door (`slips=false`: without). Journalled as an export."""
    from binhan.casework.appointments.paper.sheet import walk_pdf  # noqa: PLC0415 - 40 MB that only paper needs
    mine = rights(request)
    turf, now = turf_for(mine, turf_id), timezone.now()
    walk = walk_of(turf, now)
    made = walk_pdf(walk, slips, now)
    append(JournalRow(turf.ward_id, mine.actor, "export", "turf", turf.id,
           {"what": "walk_list", "rows": len(walk.lines), "format": "pdf", "slips": slips}))
    return HttpResponse(made, content_type="application/pdf", headers={
        "Content-Disposition": f'attachment; filename="cum-{turf.number}.pdf"', "Cache-Control": "no-store"})


@router.get("/promises", response=Items[PromiseLine])
def list_promises(request: HttpRequest, ward: int | None = None, late: int = 0) -> Items[PromiseLine]:
    """Replies promised and visits agreed that are not kept yet (`late=1`: those that are late): my teams' own; all of the
    ward's for leadership and office."""
    mine = rights(request)
    return {"items": promises(mine, _ward(mine, ward), late == 1, timezone.now())}


@router.get("/rounds/{round_id}/revisits", response=Items[RevisitLine])
def list_revisits(request: HttpRequest, round_id: UUID, before: AwareDatetime | None = None) -> Items[RevisitLine]:
    """The doors to go back to: a time was agreed (by `before`), or nobody was home. Neither a refusal nor a door that
    would rather have no visit is among them."""
    mine = rights(request)
    row = round_for(mine, round_id)
    return {"items": revisits(row, sees_doors(mine, row), before)}


@router.get("/rounds/{round_id}/revisits.xlsx", openapi_extra=binary(KIND, "The doors to go back to, as a workbook"))
def get_revisits_xlsx(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """The same as a workbook, for the team and for who plans. Journalled as an export."""
    mine = rights(request)
    row = round_for(mine, round_id)
    teams = sees_doors(mine, row)
    if teams is not None and not teams:
        raise forbidden("Danh sách này chỉ tổ phụ trách và lãnh đạo được xem.",
                        "This list is for the team and the leadership.")
    lines = revisits(row, teams, None)
    rows = [(line["address"], line["number"], line["place"], STATES[line["state"]], line["not_home"], line["come_back_at"],
             line.get("until"), "quá hạn" if line.get("late") else "") for line in lines]
    heads = ("Địa chỉ", "Cụm", "Thứ tự", "Vì sao", "Số lần vắng", "Hẹn từ", "Hẹn đến", "Lưu ý")
    return exported(mine, row, ExportedFile(
        "revisits", "xlsx", workbook({"Cần quay lại": (heads, rows)}), KIND, len(rows)))
