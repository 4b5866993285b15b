"""The recommendation for one incident, from the units as they are now."""
from __future__ import annotations

import time
from typing import Any

from binhan.sos.incidents.models import Incident
from binhan.sos.patrols.queries import UnitNow, units_now
from binhan.sos.recommend.rules import DETOUR_FACTOR, METHOD, Candidate, Ranked, Wanted, rank


def recommend(incident: Incident) -> tuple[list[Ranked], float]:
    """(units of the incident's ward, best first; milliseconds that reading and ranking took) – 1 query."""
    began = time.perf_counter()
    wanted = Wanted(incident.lat, incident.lon, incident.kind)
    ranked = rank(wanted, [_candidate(u, incident) for u in units_now([incident.ward_id])])
    return ranked, (time.perf_counter() - began) * 1000


def _candidate(u: UnitNow, incident: Incident) -> Candidate:
    return Candidate(u.unit_id, u.call_sign, u.kind, u.capabilities, u.shift_id is not None, u.lat, u.lon, u.age_s,
                     u.task_state, u.incident_id == incident.id)


def recommendation_json(incident: Incident) -> dict[str, Any]:
    """The recommendation as the API gives it; `method` and `factor` say how travel time was reckoned."""
    ranked, ms = recommend(incident)
    units = [
        {"unit_id": str(r.unit_id), "call_sign": r.call_sign, "kind": r.kind, "capabilities": list(r.capabilities),
         "status": r.status, "age_s": _round(r.age_s), "distance_m": _round(r.distance_m), "eta_s": _round(r.eta_s),
         "rank": i + 1, "excluded": r.excluded, "reasons": {"vi": list(r.reasons_vi), "en": list(r.reasons_en)}}
        for i, r in enumerate(ranked)]
    return {"incident_id": str(incident.id), "units": units, "method": METHOD, "factor": DETOUR_FACTOR,
            "computed_ms": round(ms, 2)}


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
