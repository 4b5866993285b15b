"""Reads of units: who is on shift, with what latest fix, and doing what."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.db import connection
from pydantic import WithJsonSchema
from typing_extensions import TypedDict

from binhan.commons.wire import Id
from binhan.sos.patrols.models import Shift, Unit

UnitKind = Annotated[str, WithJsonSchema({"type": "string", "enum": list(Unit.Kind.values)})]
UnitStatus = Annotated[str, WithJsonSchema({"type": "string", "enum": [
    "off", "free", "offered", "accepted", "en_route", "on_scene"]})]

# A phone whose clock is ahead must not look fresh for ever: a fix is at least as old as its arrival.
# One query for a ward's units: latest fix of the running shift and the most advanced active assignment.
UNITS_SQL = """
SELECT u.id, u.ward_id, u.call_sign, u.kind, u.capabilities, s.id, p.lat, p.lon, p.accuracy_m,
       extract(epoch FROM clock_timestamp() - least(p.at, p.received_at)), p.speed_mps, p.heading, p.battery,
       a.state, a.incident_id, p.at
FROM patrol_unit u
LEFT JOIN patrol_shift s ON s.unit_id = u.id AND s.ended_at IS NULL
LEFT JOIN patrol_position p ON p.unit_id = u.id AND s.id IS NOT NULL
LEFT JOIN LATERAL (
  SELECT state, incident_id FROM sos_assignment x WHERE x.unit_id = u.id
    AND x.state IN ('offered', 'accepted', 'en_route', 'on_scene')
  ORDER BY array_position(ARRAY['on_scene', 'en_route', 'accepted', 'offered'], x.state) LIMIT 1) a ON true
WHERE u.ward_id = ANY(%s) AND u.active ORDER BY u.call_sign
"""


@dataclass(frozen=True, slots=True)
class UnitNow:
    """A unit as it is at this moment. `age_s` counts from its latest fix; None means no fix this shift."""

    unit_id: UUID
    ward_id: int
    call_sign: str
    kind: str
    capabilities: tuple[str, ...]
    shift_id: UUID | None
    lat: float | None
    lon: float | None
    accuracy_m: float | None
    age_s: float | None
    speed_mps: float | None
    heading: float | None
    battery: float | None
    task_state: str | None
    incident_id: UUID | None
    at: datetime | None


class UnitState(TypedDict):
    """A unit as screens show it; `status` is off, free, or its running task's state."""

    unit_id: Id
    ward_id: int
    call_sign: str
    kind: UnitKind
    capabilities: list[str]
    shift_id: Id | None
    on_shift: bool
    lat: float | None
    lon: float | None
    accuracy_m: float | None
    age_s: float | None
    at: datetime | None
    speed_mps: float | None
    heading: float | None
    battery: float | None
    status: UnitStatus
    incident_id: Id | None


class CrewShift(TypedDict):
    """A shift with its unit, and the key with which the crew's phone sends positions."""

    id: Id
    unit_id: Id
    ward_id: int
    call_sign: str
    kind: UnitKind
    capabilities: list[str]
    started_at: datetime
    ended_at: datetime | None
    tracker_key: str | None


def unit_json(u: UnitNow) -> UnitState:
    """A unit as screens show it; `status` is off, free, or its running task's state."""
    return {"unit_id": str(u.unit_id), "ward_id": u.ward_id, "call_sign": u.call_sign, "kind": u.kind,
            "capabilities": list(u.capabilities), "shift_id": str(u.shift_id) if u.shift_id else None,
            "on_shift": u.shift_id is not None, "lat": u.lat, "lon": u.lon, "accuracy_m": u.accuracy_m,
            "age_s": None if u.age_s is None else round(u.age_s, 1), "at": u.at, "speed_mps": u.speed_mps,
            "heading": u.heading, "battery": u.battery,
            "status": "off" if u.shift_id is None else u.task_state or "free",
            "incident_id": str(u.incident_id) if u.incident_id else None}


def shift_json(shift: Shift, unit: Unit) -> CrewShift:
    """A shift with its unit, and the key with which the crew's phone sends positions."""
    return {"id": str(shift.id), "unit_id": str(unit.id), "ward_id": unit.ward_id, "call_sign": unit.call_sign,
            "kind": unit.kind, "capabilities": list(unit.capabilities), "started_at": shift.started_at,
            "ended_at": shift.ended_at, "tracker_key": unit.tracker_key if shift.ended_at is None else None}


def units_now(ward_ids: list[int]) -> list[UnitNow]:
    """Every active unit of the wards, on shift or not (1 query)."""
    with connection.cursor() as cursor:
        cursor.execute(UNITS_SQL, [ward_ids])
        return [UnitNow(r[0], r[1], r[2], r[3], tuple(r[4]), r[5], r[6], r[7], r[8],
                        None if r[9] is None else max(0.0, float(r[9])), *r[10:]) for r in cursor.fetchall()]


def unit_of_account(account_id: UUID) -> tuple[Unit, Shift] | None:
    """The unit in whose crew this account is on shift now (2 queries)."""
    shift = Shift.objects.filter(ended_at=None, crew__contains=[account_id]).first()
    unit = Unit.objects.filter(id=shift.unit_id).first() if shift else None
    return (unit, shift) if unit and shift else None


def crew_of(unit_id: UUID) -> list[UUID]:
    """The accounts on shift with the unit (1 query)."""
    shift = Shift.objects.filter(unit_id=unit_id, ended_at=None).first()
    return list(shift.crew) if shift else []
