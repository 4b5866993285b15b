"""The recommendation for one incident, from the units as they are now."""
from __future__ import annotations

import time
from typing import Annotated, Literal

from pydantic import WithJsonSchema
from typing_extensions import TypedDict

from binhan.commons.wire import Id
from binhan.sos.incidents.models import Incident
from binhan.sos.patrols.queries import UnitKind, UnitNow, units_now
from binhan.sos.recommend.rules import DETOUR_FACTOR, METHOD, Candidate, Ranked, Wanted, rank

Status = Annotated[str, WithJsonSchema({"type": "string", "enum": [
    "free", "offered", "busy", "stale", "no_fix", "off", "here"]})]


class Reasons(TypedDict):
    """Why a unit stands where it stands, in both languages."""

    vi: list[str]
    en: list[str]


class RankedUnit(TypedDict):
    """A unit as it is recommended: `rank` 1 is the best; an `excluded` one can still be sent by hand."""

    unit_id: Id
    call_sign: str
    kind: UnitKind
    capabilities: list[str]
    status: Status
    age_s: float | None
    distance_m: float | None
    eta_s: float | None
    rank: int
    excluded: bool
    reasons: Reasons


class Recommendation(TypedDict):
    """Which unit to send; `method` and `factor` say how travel time was reckoned."""

    incident_id: Id
    units: list[RankedUnit]
    method: Literal["straight_line"]
    factor: float
    computed_ms: float


def recommend(incident: Incident) -> tuple[list[Ranked], float]:
    """(units of the incident's ward, best first; milliseconds that reading and ranking took) – 1 query."""
    began = time.perf_counter()
    wanted = Wanted(incident.lat, incident.lon, incident.kind)
    ranked = rank(wanted, [_candidate(u, incident) for u in units_now([incident.ward_id])])
    return ranked, (time.perf_counter() - began) * 1000


def _candidate(u: UnitNow, incident: Incident) -> Candidate:
    return Candidate(u.unit_id, u.call_sign, u.kind, u.capabilities, u.shift_id is not None, u.lat, u.lon, u.age_s,
                     u.task_state, u.incident_id == incident.id)


def recommendation_json(incident: Incident) -> Recommendation:
    """The recommendation as the API gives it."""
    ranked, ms = recommend(incident)
    units: list[RankedUnit] = [
        {"unit_id": str(r.unit_id), "call_sign": r.call_sign, "kind": r.kind, "capabilities": list(r.capabilities),
         "status": r.status, "age_s": _round(r.age_s), "distance_m": _round(r.distance_m), "eta_s": _round(r.eta_s),
         "rank": i + 1, "excluded": r.excluded, "reasons": {"vi": list(r.reasons_vi), "en": list(r.reasons_en)}}
        for i, r in enumerate(ranked)]
    return {"incident_id": str(incident.id), "units": units, "method": METHOD, "factor": DETOUR_FACTOR,
            "computed_ms": round(ms, 2)}


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
