"""Reads of assignments as the API gives them."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from binhan.commons.clocks.models import Clock
from binhan.commons.places.queries import place_names
from binhan.kernel.kinds import kind_of
from binhan.sos.assignments.lifecycle import ACTIVE, ASSIGNMENT, TAKEN, By, State
from binhan.sos.assignments.models import Assignment
from binhan.sos.incidents.models import Incident
from binhan.sos.patrols.models import Shift

COLUMNS = [f.attname for f in Assignment._meta.concrete_fields]


def assignments_json(rows: Sequence[Assignment], by: By | None) -> list[dict[str, Any]]:
    """Assignments with their unit and the little of the incident that a crew needs (2 queries besides)."""
    ids = [r.id for r in rows if r.state == State.OFFERED]
    due = dict(Clock.objects.filter(subject_kind="assignment", subject_id__in=ids).values_list("subject_id", "due_at"))
    places = place_names({r.incident.place_code for r in rows if r.incident.place_code})
    return [{**{c: getattr(r, c) for c in COLUMNS}, "call_sign": r.unit.call_sign, "unit_kind": r.unit.kind,
             "offer_expires_at": due.get(r.id), "incident": incident_for_crew(r.incident, places),
             "actions": list(ASSIGNMENT.verbs_from(r.state, by)) if by else []} for r in rows]


def incident_for_crew(i: Incident, places: dict[str, str]) -> dict[str, Any]:
    """Place and task: no reporter's phone, so that nobody rings somebody who must stay silent."""
    kind = kind_of(i.kind)
    return {"id": str(i.id), "ward_id": i.ward_id, "kind": i.kind, "kind_name": {"vi": kind.vi, "en": kind.en},
            "priority": i.priority, "state": i.state, "lat": i.lat, "lon": i.lon, "accuracy_m": i.accuracy_m,
            "located_at": i.located_at, "location_source": i.location_source, "place_code": i.place_code,
            "place_name": places.get(i.place_code or ""), "note": i.note, "silent": i.silent or i.duress,
            "drill": i.drill, "cancel_requested_at": i.cancel_requested_at, "received_at": i.received_at}


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
