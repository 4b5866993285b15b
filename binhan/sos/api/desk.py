"""/api/desk: the duty desk's shift, its stream token and its first picture; and the lifecycles themselves."""
from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from binhan.commons.access.api import Body, me_json, require, rights
from binhan.commons.access.queries import Rights, closed_to_role, first_ward
from binhan.commons.access.rules import DESK
from binhan.commons.clocks.actions import policy_s
from binhan.commons.journal.actions import record_list_read
from binhan.commons.places.models import Ward
from binhan.commons.places.queries import ward_json, wards_json
from binhan.kernel.kinds import KINDS
from binhan.kernel.tokens import sign
from binhan.sos.api.patrols import shift_json, unit_json
from binhan.sos.assignments.queries import active_assignments, assignments_json
from binhan.sos.incidents.actions import end_desk_shift, start_desk_shift
from binhan.sos.incidents.lifecycle import By
from binhan.sos.incidents.models import DeskShift
from binhan.sos.incidents.queries import heads, incidents_json, page_of_incidents
from binhan.sos.incidents.rules import AGENCIES, OUTCOMES
from binhan.sos.patrols.queries import unit_of_account, units_now

router = Router(tags=["desk"])
STREAM_TOKEN_S = 900
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


@router.get("/me", response=dict[str, Any])
def get_me(request: HttpRequest) -> Any:
    """Who I am here: account, wards, roles, my unit and my desk shift."""
    mine = rights(request)
    found = unit_of_account(mine.account.id)
    desk = DeskShift.objects.filter(account_id=mine.account.id, ended_at=None).first()
    return {**me_json(request), "wards": wards_json(mine.wards), "unit": shift_json(found[1], found[0]) if found else None,
            "desk_shift": desk_json(desk) if desk else None, "server_time": timezone.now()}


def desk_json(shift: DeskShift) -> dict[str, Any]:
    """A desk shift as screens show it."""
    return {"id": str(shift.id), "ward_id": shift.ward_id, "seat": shift.seat, "started_at": shift.started_at,
            "ended_at": shift.ended_at, "sound_checked_at": shift.sound_checked_at}


@router.post("/desk/shift", response=dict[str, Any])
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


@router.get("/desk/board", response=dict[str, Any])
def get_board(request: HttpRequest, ward: int | None = None) -> Any:
    """The desk's first picture: open incidents, units and the ward, as of event `seq`."""
    mine = rights(request)
    chosen = _ward(mine, "desk", ward)
    seq = heads([chosen]).get(chosen, 0)
    rows, _ = page_of_incidents([chosen], "open", None, 500)
    now = timezone.now()
    running: dict[str, list[dict[str, Any]]] = {}
    for assignment in assignments_json(active_assignments([chosen]), None):
        running.setdefault(str(assignment["incident_id"]), []).append(assignment)
    incidents = incidents_json(rows, By.DESK)
    for row in incidents:
        row["assignments"] = running.get(str(row["id"]), [])
    served = Ward.objects.get(ward_id=chosen)
    board = {"seq": seq, "server_time": now, "ward": ward_json(served), "demo": served.is_demo,
             "incidents": incidents, "units": [unit_json(u) for u in units_now([chosen])],
             "policies": {p.replace(".", "_") + "_s": policy_s(chosen, p, now) for p in POLICIES}}
    if rows:
        record_list_read(chosen, mine.actor, "incident", "sos")
    return board


def code_lists() -> dict[str, Any]:
    """The code lists of SOS that the needs of its verbs refer to."""
    return {"kinds": [{"code": k.code, "vi": k.vi, "en": k.en, "call": list(k.call), "priority": k.priority}
                      for k in KINDS],
            "outcomes": [{"code": c, "vi": vi, "en": en} for c, (vi, en) in OUTCOMES.items()],
            "agencies": [{"code": c, "vi": vi, "en": en} for c, (vi, en) in AGENCIES.items()]}
