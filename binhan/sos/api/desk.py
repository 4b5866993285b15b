"""/api/desk: the duty desk's shift, its stream token and its first picture; and the lifecycles themselves."""
from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field, WithJsonSchema
from typing_extensions import TypedDict

from binhan.commons.access.api import Body, Caller, me_json, require, rights
from binhan.commons.access.queries import Rights, closed_to_role, first_ward
from binhan.commons.access.rules import DESK
from binhan.commons.clocks.actions import policy_s
from binhan.commons.journal.actions import record_list_read
from binhan.commons.places.models import Ward
from binhan.commons.places.queries import WardBrief, WardDetail, ward_json, wards_json
from binhan.commons.wire import Coded, Id, coded, coded_all
from binhan.kernel.kinds import KINDS
from binhan.kernel.tokens import sign
from binhan.kernel.words import Words
from binhan.sos.assignments.queries import AssignmentRow, active_assignments, assignments_json
from binhan.sos.incidents.actions import end_desk_shift, start_desk_shift
from binhan.sos.incidents.lifecycle import By
from binhan.sos.incidents.models import DeskShift
from binhan.sos.incidents.queries import IncidentRow, Priority, count_open, heads, incidents_json, urgent_page
from binhan.sos.incidents.rules import AGENCIES, OUTCOMES
from binhan.sos.patrols.queries import CrewShift, UnitState, shift_json, unit_json, unit_of_account, units_now

router = Router(tags=["desk"])
STREAM_TOKEN_S = 900
QUEUE_PAGE = 500
Seat = Annotated[str, WithJsonSchema({"type": "string", "enum": list(DeskShift.Seat.values)})]
POLICIES = ("sos.ack_within", "sos.dispatch_within", "sos.arrive_within", "sos.close_within",
            "assignment.accept_within")


class DeskShiftIn(Body):
    """Sitting down at the desk."""

    ward: int
    seat: str = "desk"
    sound_checked: bool = False


class DeskEndIn(Body):
    """Leaving it, with a word for the next."""

    ward: int | None = None
    note: str = Field(default="", max_length=4000)


class DeskShiftOut(TypedDict):
    """A desk shift as screens show it."""

    id: Id
    ward_id: int
    seat: Seat
    started_at: datetime
    ended_at: datetime | None
    sound_checked_at: datetime | None


class Me(Caller):
    """Who I am here: account, wards, roles, my unit and my desk shift."""

    wards: list[WardBrief]
    unit: CrewShift | None
    desk_shift: DeskShiftOut | None
    server_time: datetime


class BoardIncident(IncidentRow):
    """An incident of the board with its running tasks."""

    assignments: list[AssignmentRow]


class Board(TypedDict):
    """The desk's first picture, as of the ward's event `seq`. `policies`: seconds, by name with `_s` at the end. Of the
    `total` open incidents the first 500 of the queue (see get_queue) are here."""

    seq: int
    server_time: datetime
    ward: WardDetail
    demo: bool
    incidents: list[BoardIncident]
    total: int
    units: list[UnitState]
    policies: dict[str, int]


class QueuePage(TypedDict):
    """A page of the queue as of event `seq` at least; `total`: how many incidents are open in all."""

    items: list[IncidentRow]
    next: str | None
    seq: int
    total: int


class CodedKind(Coded):
    """A kind of SOS: whom to call, and the priority that it begins with."""

    call: list[str]
    priority: Priority


class CodeLists(TypedDict):
    """The code lists of SOS that the needs of its verbs refer to."""

    kinds: list[CodedKind]
    outcomes: list[Coded]
    agencies: list[Coded]


class StreamToken(Schema):
    """What opens GET /live/desk/events?token=… until it expires."""

    token: str
    ward_id: int
    expires_at: datetime


def _ward(mine: Rights, purpose: str, asked: int | None) -> int:
    """The ward asked for, or the first that the purpose opens to me; raises a 403 Problem where it opens none."""
    ward = first_ward(mine, purpose, asked)
    if not mine.may(purpose, ward):
        raise closed_to_role()
    return ward


@router.get("/me", response=Me)
def get_me(request: HttpRequest) -> Any:
    """Who I am here: account, wards, roles, my unit and my desk shift."""
    mine = rights(request)
    found = unit_of_account(mine.account.id)
    desk = DeskShift.objects.filter(account_id=mine.account.id, ended_at=None).first()
    return {**me_json(request), "wards": wards_json(mine.wards), "unit": shift_json(found[1], found[0]) if found else None,
            "desk_shift": desk_json(desk) if desk else None, "server_time": timezone.now()}


def desk_json(shift: DeskShift) -> DeskShiftOut:
    """A desk shift as screens show it."""
    return {"id": str(shift.id), "ward_id": shift.ward_id, "seat": shift.seat, "started_at": shift.started_at,
            "ended_at": shift.ended_at, "sound_checked_at": shift.sound_checked_at}


@router.post("/desk/shift", response=DeskShiftOut)
def post_desk_shift(request: HttpRequest, body: DeskShiftIn) -> Any:
    """Start my shift at the desk; the sound check is what makes it count."""
    mine = require(request, body.ward, *DESK)
    return desk_json(start_desk_shift(body.ward, mine.account.id, mine.actor, body.seat, body.sound_checked))


@router.post("/desk/shift/end", response={204: None})
def post_desk_end(request: HttpRequest, body: DeskEndIn | None = None) -> Any:
    """End it."""
    mine = rights(request)
    given = body or DeskEndIn()
    end_desk_shift(_ward(mine, "desk", given.ward), mine.account.id, mine.actor, given.note)
    return 204, None


@router.get("/desk/stream-token", response=StreamToken)
def get_stream_token(request: HttpRequest, ward: int | None = None) -> Any:
    """A short-lived token for GET /live/desk/events of one ward."""
    mine = rights(request)
    chosen = _ward(mine, "sos", ward)
    expires = int(time.time()) + STREAM_TOKEN_S
    token = sign({"ward_id": chosen, "account": str(mine.account.id), "exp": expires,
                  "desk": mine.has(chosen, *DESK)}, settings.ENV.key, "desk-stream")
    return {"token": token, "ward_id": chosen, "expires_at": datetime.fromtimestamp(expires, UTC)}


@router.get("/desk/board", response=Board)
def get_board(request: HttpRequest, ward: int | None = None) -> Any:
    """The desk's first picture: open incidents, units and the ward, as of event `seq`."""
    mine = rights(request)
    chosen = _ward(mine, "desk", ward)
    seq = heads([chosen]).get(chosen, 0)
    rows, _ = urgent_page([chosen], None, QUEUE_PAGE)
    now = timezone.now()
    running: dict[UUID, list[AssignmentRow]] = {}
    for assignment in assignments_json(active_assignments([chosen]), None):
        running.setdefault(assignment["incident_id"], []).append(assignment)
    incidents: list[BoardIncident] = [
        {**row, "assignments": running.get(row["id"], [])} for row in incidents_json(rows, By.DESK)]
    served = Ward.objects.get(ward_id=chosen)
    board: Board = {"seq": seq, "server_time": now, "ward": ward_json(served), "demo": served.is_demo,
             "incidents": incidents, "total": count_open([chosen]), "units": [unit_json(u) for u in units_now([chosen])],
             "policies": {p.replace(".", "_") + "_s": policy_s(chosen, p, now) for p in POLICIES}}
    if rows:
        record_list_read(chosen, mine.actor, "incident", "sos")
    return board


@router.get("/desk/queue", response=QueuePage)
def get_queue(request: HttpRequest, ward: int | None = None, cursor: str | None = None) -> Any:
    """Open incidents as the desk must know them, 500 at a time: all that wait to be acknowledged, the longest wait first,
    before the first of the others."""
    mine = rights(request)
    chosen = _ward(mine, "desk", ward)
    seq = heads([chosen]).get(chosen, 0)
    rows, after = urgent_page([chosen], cursor, QUEUE_PAGE)
    if rows:
        record_list_read(chosen, mine.actor, "incident", "sos")
    return {"items": incidents_json(rows, By.DESK), "next": after, "seq": seq, "total": count_open([chosen])}


def code_lists() -> CodeLists:
    """The code lists of SOS that the needs of its verbs refer to."""
    kinds: list[CodedKind] = [{**coded(k.code, Words(k.vi, k.en)), "call": list(k.call), "priority": k.priority}
                              for k in KINDS]
    return {"kinds": kinds, "outcomes": coded_all(OUTCOMES), "agencies": coded_all(AGENCIES)}
