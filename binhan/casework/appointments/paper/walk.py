"""What the paper says of a turf: no name of anybody, and no note of a visit."""
from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from binhan.casework.appointments.paper.lines import Line, Walk
from binhan.casework.appointments.queries import appointments_for
from binhan.casework.appointments.rules.slips import slip_json
from binhan.casework.visits.models import Turf
from binhan.casework.visits.queries.turfs import DoorOfTurf, walk_json
from binhan.commons.places.models import Ward
from binhan.kernel.kinds import ALWAYS_CALL

DONE = "xong"  # nobody need go there; paper is lost, so it says neither who declined nor which house stands empty
STATES = {"reached": DONE, "refused": DONE, "come_back": "hẹn lại", "vacant": DONE, "not_yet": ""}


def walk_of(turf: Turf, at: datetime) -> Walk:
    """The turf as it stands now (6 queries)."""
    ward = Ward.objects.get(ward_id=turf.ward_id)
    row, doors = turf.round, [d for d in walk_json(turf) if d["active"]]
    agreed = {doc["dwelling"]: doc
              for _, doc in appointments_for(turf.ward_id, [UUID(d["dwelling"]) for d in doors], [row.id])}
    first = set(map(str, turf.doors.filter(first=True).values_list("dwelling_id", flat=True)))
    lines = []
    for door in doors:
        slip = slip_json(settings.ENV.key, settings.PUBLIC_URL, row.id, UUID(door["dwelling"]))
        lines.append(Line(door["place"], door["address"], door["landmark"], door["dwelling"] in first,
                          _state(door, agreed.get(door["dwelling"])), slip["code"], slip["url"]))
    return Walk(ward.full_name, turf.area.name, row.name, row.purpose, f"{row.from_on:%d/%m} – {row.to_on:%d/%m/%Y}",
                turf.number, turf.group, turf.team.name, f"{timezone.localtime(at):%H:%M %d/%m/%Y}", ward.is_demo,
                ALWAYS_CALL, lines)


def _state(door: DoorOfTurf, agreed: dict[str, Any] | None) -> str:
    """How the door stands, in a word or two; a time that was agreed comes first."""
    if agreed is not None and agreed["state"] in ("booked", "missed"):
        return f"hẹn {timezone.localtime(agreed['from_at']):%H:%M %d/%m}"
    if agreed is not None and agreed["state"] == "declined":
        return DONE
    if door["state"] == "not_home":
        return f"vắng ×{door['not_home']}"
    return STATES[door["state"]]
