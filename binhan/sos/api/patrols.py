"""/api/units and shifts: who can be sent, going on and off shift, pairing a tracker."""
from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from ninja import Router
from typing_extensions import TypedDict

from binhan.commons.access.api import Body, require, rights
from binhan.commons.access.rules import CREW, DESK, SOS_READERS
from binhan.commons.places.api import qr_svg
from binhan.commons.wire import Items
from binhan.kernel.errors import Problem, not_found
from binhan.sos.assignments.actions import leave_shift
from binhan.sos.patrols.actions import start_shift
from binhan.sos.patrols.models import Shift, Unit
from binhan.sos.patrols.queries import CrewShift, UnitState, shift_json, unit_json, unit_of_account, units_now

router = Router(tags=["patrols"])


class Pairing(TypedDict):
    """How a tracking app is told to send the unit's position here."""

    tracker_key: str
    call_sign: str
    osmand_url: str
    osmand_device_id: str
    owntracks_url: str
    qr_svg: str
    qr_text: str


class ShiftIn(Body):
    """Which unit to go on shift with."""

    unit_id: UUID


@router.get("/units", response=Items[UnitState])
def list_units(request: HttpRequest, ward: int | None = None) -> Any:
    """The units of my wards as they are now."""
    mine = rights(request)
    wards = [w for w in mine.wards if mine.has(w, *SOS_READERS, "administrator") and ward in (None, w)]
    return {"items": [unit_json(u) for u in units_now(wards)]}


@router.post("/unit-shifts", response=CrewShift)
def post_shift(request: HttpRequest, body: ShiftIn) -> Any:
    """Go on shift with a unit."""
    mine = rights(request)
    unit = Unit.objects.filter(id=body.unit_id).first()
    if unit is None:
        raise not_found("tổ tuần tra này", "unit")
    require(request, unit.ward_id, *CREW, *DESK)
    return shift_json(start_shift(unit.id, mine.account.id, mine.actor), unit)


@router.post("/unit-shifts/{shift_id}/end", response=CrewShift)
def post_shift_end(request: HttpRequest, shift_id: UUID) -> Any:
    """Leave the shift; again after a lost answer it is the same. Others' keys are not shown to who is not (any more)
    in the crew."""
    mine = rights(request)
    ward = Shift.objects.filter(id=shift_id).values_list("ward_id", flat=True).first()
    if ward is None or not mine.has(ward, *SOS_READERS):
        raise not_found("ca tuần tra này", "shift")
    shift = leave_shift(shift_id, mine.account.id, mine.actor)
    answer = shift_json(shift, Unit.objects.get(id=shift.unit_id))
    if mine.account.id not in shift.crew:
        answer["tracker_key"] = None
    return answer


@router.get("/patrol/pairing", response=Pairing)
def get_pairing(request: HttpRequest) -> Any:
    """How to pair Traccar Client or OwnTracks with my unit as the background tracker."""
    found = unit_of_account(rights(request).account.id)
    if found is None:
        raise Problem(409, "not_on_shift", "Hãy vào ca trước khi ghép máy định vị.",
                      "Go on shift before pairing a tracker.")
    unit, _ = found
    base = f"{settings.PUBLIC_URL}/live/position"
    traccar = f"{base}?id={quote(unit.tracker_key)}&interval=10"
    return {"tracker_key": unit.tracker_key, "call_sign": unit.call_sign, "osmand_url": base,
            "osmand_device_id": unit.tracker_key, "owntracks_url": f"{base}?id={quote(unit.tracker_key)}",
            "qr_svg": qr_svg(traccar), "qr_text": traccar}
