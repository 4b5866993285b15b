"""Reads of assignments as the API gives them."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.db.models import Exists, OuterRef
from pydantic import Field, WithJsonSchema
from typing_extensions import TypedDict

from binhan.commons.clocks.models import Clock
from binhan.commons.places.queries import place_names
from binhan.sos.assignments.lifecycle import ACTIVE, ASSIGNMENT, TAKEN, By, State
from binhan.sos.assignments.models import Assignment
from binhan.sos.incidents.models import Incident
from binhan.sos.incidents.queries import IncidentPlace, place_json
from binhan.sos.patrols.models import Shift
from binhan.sos.patrols.queries import UnitKind

AssignmentState = Annotated[str, WithJsonSchema({"type": "string", "enum": list(map(str, ASSIGNMENT.states))})]


class AssignmentRow(TypedDict):
    """A task of a unit, with what its crew needs of the incident: never the reporter's phone, so that nobody rings somebody
    who must stay silent. `rank`, `eta_s`, `distance_m`: as the unit was recommended."""

    id: UUID
    ward_id: int
    incident_id: UUID
    unit_id: UUID
    state: AssignmentState
    rank: int | None
    eta_s: float | None
    distance_m: float | None
    offered_at: datetime
    offered_by: str
    accepted_at: datetime | None
    en_route_at: datetime | None
    on_scene_at: datetime | None
    done_at: datetime | None
    ended_at: datetime | None
    reason: str
    note: str
    level: int
    moved_at: datetime
    moved_by: str
    moved_verb: str
    call_sign: str
    unit_kind: UnitKind
    offer_expires_at: datetime | None
    incident: IncidentPlace
    verbs: list[str]
    actions: Annotated[list[str], Field(deprecated=True)]  # until version 2: `verbs` (docs/adr/0017)


def assignments_json(rows: Sequence[Assignment], by: By | None) -> list[AssignmentRow]:
    """Assignments with their unit and the little of the incident that a crew needs (2 queries besides)."""
    ids = [r.id for r in rows if r.state == State.OFFERED]
    due = dict(Clock.objects.filter(subject_kind="assignment", subject_id__in=ids).values_list("subject_id", "due_at"))
    places = place_names({r.incident.place_code for r in rows if r.incident.place_code})
    return [_one(r, due.get(r.id), places, list(ASSIGNMENT.verbs_from(r.state, by)) if by else []) for r in rows]


def _one(r: Assignment, expires: datetime | None, places: dict[str, str], verbs: list[str]) -> AssignmentRow:
    task = place_json(r.incident, places)
    task["silent"] = r.incident.silent or r.incident.duress
    return {"id": r.id, "ward_id": r.ward_id, "incident_id": r.incident_id, "unit_id": r.unit_id, "state": r.state,
            "rank": r.rank, "eta_s": r.eta_s, "distance_m": r.distance_m, "offered_at": r.offered_at,
            "offered_by": r.offered_by, "accepted_at": r.accepted_at, "en_route_at": r.en_route_at,
            "on_scene_at": r.on_scene_at, "done_at": r.done_at, "ended_at": r.ended_at, "reason": r.reason,
            "note": r.note, "level": r.level, "moved_at": r.moved_at, "moved_by": r.moved_by, "moved_verb": r.moved_verb,
            "call_sign": r.unit.call_sign, "unit_kind": r.unit.kind, "offer_expires_at": expires, "incident": task,
            "verbs": verbs, "actions": verbs}


def assignments_of(incident_id: UUID) -> list[Assignment]:
    """Every assignment of an incident, first offered first (1 query)."""
    return list(Assignment.objects.select_related("unit", "incident").filter(incident_id=incident_id)
                .order_by("offered_at", "id"))


def taken(incident: Incident) -> bool:
    """Whether some unit that is on shift has said that it will go (1 query)."""
    on_shift = Shift.objects.filter(unit_id=OuterRef("unit_id"), ended_at=None)
    return Assignment.objects.filter(Exists(on_shift), incident=incident, state__in=TAKEN).exists()


def active_assignments(wards: Iterable[int], unit_id: UUID | None = None) -> list[Assignment]:
    """The running assignments of the wards, or of one unit (1 query)."""
    rows = Assignment.objects.select_related("unit", "incident").filter(ward_id__in=list(wards), state__in=ACTIVE)
    return list((rows.filter(unit_id=unit_id) if unit_id else rows).order_by("offered_at", "id"))
