"""/api/incidents: the queue, one incident, and one POST per verb of its lifecycle."""
from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field, WithJsonSchema
from typing_extensions import TypedDict

from binhan.commons.access.api import Body, require, rights
from binhan.commons.access.queries import Rights
from binhan.commons.access.rules import CREW, DESK, SOS_READERS
from binhan.commons.journal.actions import record_list_read, record_read
from binhan.commons.places.queries import active_place
from binhan.commons.wire import Id, Items
from binhan.kernel.cursors import bad_cursor
from binhan.kernel.errors import Problem, not_found
from binhan.kernel.geo import in_vietnam
from binhan.kernel.kinds import BY_CODE
from binhan.kernel.text import TextRefused, clean
from binhan.sos.assignments.actions import end_incident, send_unit
from binhan.sos.assignments.queries import AssignmentRow, assignments_json, assignments_of
from binhan.sos.incidents.actions import (
    acknowledge_incident,
    close_incident,
    open_incident,
    reopen_incident,
    triage_incident,
)
from binhan.sos.incidents.lifecycle import INCIDENT, By, State
from binhan.sos.incidents.models import Incident
from binhan.sos.incidents.queries import (
    ChatLine,
    Entry,
    IncidentRow,
    heads,
    incidents_json,
    messages_json,
    page_of_incidents,
    timeline_json,
)
from binhan.sos.recommend.queries import Recommendation, recommendation_json

router = Router(tags=["incidents"])
STATES = {str(s) for s in State} | {"open"}
DESK_VERBS = sorted({m.verb for m in INCIDENT.moves if m.by == By.DESK})


class VerbIn(Body):
    """The needs of a verb; which of them a verb takes is in the lifecycle table (GET /api/lifecycles)."""

    unit: UUID | None = None
    reason: str | None = Field(default=None, max_length=2000)
    outcome: str | None = Field(default=None, max_length=40)
    note: str | None = Field(default=None, max_length=4000)
    original: UUID | None = None
    agency: str | None = Field(default=None, max_length=40)
    priority: str | None = Field(default=None, max_length=2)
    kind: str | None = Field(default=None, max_length=40)


class IntakeIn(Body):
    """An SOS that came by telephone or at the counter; `id` is made by the client, so that a retry is the same."""

    id: UUID
    ward: int | None = None
    kind: str = "unknown"
    phone: str | None = Field(default=None, max_length=30)
    note: str = Field(default="", max_length=2000)
    lat: float | None = None
    lon: float | None = None
    place_code: str | None = Field(default=None, max_length=60)
    silent: bool = False


class IncidentPage(TypedDict):
    """One page of the queue; `seq` is each ward's last event that the page already shows."""

    items: list[IncidentRow]
    next: str | None
    next_cursor: Annotated[str | None, Field(deprecated=True)]  # until version 2: `next` (docs/adr/0017)
    seq: dict[str, int]


class FullIncident(IncidentRow):
    """One incident with its assignments and the latest lines of its chat; `messages_older`: see ChatPage."""

    assignments: list[AssignmentRow]
    messages: list[ChatLine]
    messages_older: Id | None


def by_of(mine: Rights, ward_id: int) -> By | None:
    """As whom the caller may move incidents of the ward."""
    return By.DESK if mine.has(ward_id, *DESK) else None


def find(request: HttpRequest, incident_id: UUID) -> tuple[Incident, Rights]:
    """The incident if the caller may read SOS in its ward; 404 otherwise, whether it exists or not."""
    mine = rights(request)
    incident = Incident.objects.filter(id=incident_id).first()
    if incident is None or not mine.has(incident.ward_id, *SOS_READERS):
        raise not_found("vụ việc này", "incident")
    return incident, mine


def full_json(incident: Incident, mine: Rights) -> FullIncident:
    """One incident, whole. A crew sees the task, not the reporter's phone."""
    by = by_of(mine, incident.ward_id)
    (row,) = incidents_json([incident], by)
    if by is None:
        row["phone"] = None
    messages, older = messages_json(incident)
    return {**row, "assignments": assignments_json(assignments_of(incident.id), None), "messages": messages,
            "messages_older": older}


@router.get("/incidents", response=IncidentPage)
def list_incidents(request: HttpRequest, ward: int | None = None, state: str | None = None,
                   cursor: str | None = None, limit: Annotated[int, Field(ge=1, le=500)] = 50) -> Any:
    """Incidents of my wards, newest first. `state`: open, one state, or several separated by commas."""
    mine = rights(request)
    wards = [w for w in mine.wards if mine.has(w, *SOS_READERS) and ward in (None, w)]
    if state and not set(state.split(",")) <= STATES:
        raise Problem(422, "unknown_state", "Trạng thái không có.", "No such state.", states=sorted(STATES))
    seq = {str(w): s for w, s in heads(wards).items()}
    try:
        rows, after = page_of_incidents(wards, state, cursor and _usual(cursor), limit)
    except (ValueError, OverflowError):
        raise bad_cursor() from None
    items = incidents_json(rows, By.DESK)
    for row in items:
        if by_of(mine, row["ward_id"]) is None:
            row["phone"], row["verbs"], row["actions"] = None, [], []
    for seen in sorted({row["ward_id"] for row in items}):
        record_list_read(seen, mine.actor, "incident", "sos")
    after = after and after.replace("+00:00", "Z")
    return {"items": items, "next": after, "next_cursor": after, "seq": seq}


def _usual(cursor: str) -> str:
    """The cursor with its time in UTC: one that cannot be is refused here, not by the database. What we hand out
    carries no '+', which an address that is put together carelessly turns into a blank."""
    at, mark, last = cursor.partition("_")
    return datetime.fromisoformat(at).astimezone(UTC).isoformat() + mark + str(UUID(last))


@router.post("/incidents", response={201: FullIncident})
def intake(request: HttpRequest, body: IntakeIn) -> Any:
    """Phone intake at the desk, through the same door as a press."""
    mine = rights(request)
    desks = [w for w in mine.wards if mine.has(w, *DESK)]
    ward = body.ward if body.ward is not None else (desks[0] if desks else 0)
    require(request, ward, *DESK)
    report = intake_report(body, ward)
    incident_id = open_incident(report, mine.actor)
    return 201, full_json(Incident.objects.get(id=incident_id), mine)


def intake_report(body: IntakeIn, ward: int) -> dict[str, Any]:
    """The press that an intake stands for; refuses what the hot path would refuse."""
    located = body.lat is not None and body.lon is not None
    if (body.lat is None) != (body.lon is None):
        raise Problem(422, "bad_position", "Vị trí cần cả vĩ độ và kinh độ.", "Give both lat and lon, or neither.")
    if body.kind not in BY_CODE:
        raise Problem(422, "unknown_kind", "Loại vụ việc không có trong danh mục.", "No such kind.", kinds=list(BY_CODE))
    if located and not in_vietnam(float(body.lat or 0), float(body.lon or 0)):
        raise Problem(422, "bad_position", "Vị trí nằm ngoài Việt Nam. Hãy đặt lại điểm trên bản đồ.",
                      "The position is outside Viet Nam. Set the point again.")
    place = active_place(body.place_code) if body.place_code else None
    if body.place_code and place is None:
        raise Problem(422, "unknown_place", "Không có mã điểm này.", "No such place code.")
    try:
        note = clean(body.note, 2000)
    except TextRefused as refused:
        raise Problem(422, "bad_note", "Ghi chú quá dài hoặc có ký tự hỏng.", f"note: {refused}") from None
    return {"press_id": str(body.id), "ward_id": ward, "kind": body.kind, "phone": body.phone, "note": note,
            "lat": body.lat if located else (place.lat if place else None), "silent": body.silent,
            "lon": body.lon if located else (place.lon if place else None), "place_code": body.place_code,
            "location_source": "desk" if located else ("place" if place else "none"), "channel": "phone"}


@router.get("/incidents/{incident_id}", response=FullIncident)
def get_incident(request: HttpRequest, incident_id: UUID) -> Any:
    """One incident, whole. Opening it is journalled: the person it is about may see who did."""
    incident, mine = find(request, incident_id)
    answer = full_json(incident, mine)
    record_read(incident.ward_id, mine.actor, "incident", incident.id, "sos")
    return answer


@router.get("/incidents/{incident_id}/timeline", response=Items[Entry])
def get_timeline(request: HttpRequest, incident_id: UUID) -> Any:
    """Everything that happened, in order."""
    incident, mine = find(request, incident_id)
    answer = {"items": timeline_json(incident, [a.id for a in assignments_of(incident_id)])}
    record_read(incident.ward_id, mine.actor, "incident", incident.id, "sos")  # it has the resident's own words
    return answer


@router.get("/incidents/{incident_id}/recommendation", response=Recommendation)
def get_recommendation(request: HttpRequest, incident_id: UUID) -> Any:
    """Which unit to send, best first, with the reasons."""
    incident, _ = find(request, incident_id)
    # Plain values, hundreds of rows: checking them against a schema again would take longer than ranking them.
    return HttpResponse(json.dumps(recommendation_json(incident), ensure_ascii=False), "application/json; charset=utf-8")


@router.post("/incidents/{incident_id}/{verb}", response=FullIncident)
def post_verb(request: HttpRequest, incident_id: UUID,
              verb: Annotated[str, WithJsonSchema({"type": "string", "enum": DESK_VERBS})],
              body: VerbIn | None = None) -> Any:
    """One move of the lifecycle, with its needs as the body. 409 with the present state when it lost a race."""
    incident, mine = find(request, incident_id)
    if verb not in DESK_VERBS:
        raise not_found("thao tác này", "verb")
    if not mine.has(incident.ward_id, *DESK):
        role = "crew" if mine.has(incident.ward_id, *CREW) else "your role"
        raise Problem(403, "forbidden", "Chỉ trực ban được làm việc này.", f"Only the desk may do this, not {role}.")
    moved = do_verb(incident.id, verb, mine.actor, body or VerbIn())
    return full_json(moved, mine)


def do_verb(incident_id: UUID, verb: str, actor: str, body: VerbIn) -> Incident:
    """The action behind a verb."""
    if verb == "acknowledge":
        return acknowledge_incident(incident_id, actor)
    if verb in ("dispatch", "reinforce"):
        if body.unit is None:
            raise Problem(422, "needs_missing", "Hãy chọn tổ để điều động.", "Give unit.", missing=["unit"])
        return send_unit(incident_id, body.unit, actor, verb)
    if verb == "triage":
        return triage_incident(incident_id, actor, body.priority, body.kind)
    if verb == "reopen":
        return reopen_incident(incident_id, actor, body.reason or "")
    if verb == "close":
        return close_incident(incident_id, actor, body.outcome or "", body.note or "")
    return end_incident(incident_id, verb, actor, body.dict(exclude_none=True))
