"""/api/field/devices: registering a phone, the office's list, wiping and retiring; what a wiped phone asks and says."""
from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Header, Router
from pydantic import Field, WithJsonSchema
from typing_extensions import TypedDict

from binhan.casework.phones.actions.devices import NewPhone, move_device, note_heard, register_device, tell_wiped
from binhan.casework.phones.lifecycle import DEVICE, WIPING, By
from binhan.casework.phones.models import Device
from binhan.casework.phones.queries.devices import DeviceDetail, DeviceLine, device_for, device_json, devices_json, role_on
from binhan.casework.phones.rules.codes import NAME_MAX, REASON_MAX
from binhan.commons.access.api import Body, require, rights
from binhan.commons.access.models import ApiToken
from binhan.commons.access.queries import only_ward
from binhan.commons.access.rules import TEAM
from binhan.commons.access.scope import served_wards, ward_scope
from binhan.commons.wire import Id, Items
from binhan.kernel.errors import not_found

router = Router(tags=["field"])
VERBS = sorted({m.verb for m in DEVICE.moves if m.by in (By.OFFICE, By.OWNER)})
Verb = Annotated[str, WithJsonSchema({"type": "string", "enum": VERBS})]


class DeviceIn(Body):
    """A member's phone. It makes its id (UUIDv7); `schema` is that of the items it sends."""

    id: UUID
    name: str = Field(min_length=1, max_length=NAME_MAX)
    schema_: int = Field(ge=1, le=1_000_000, alias="schema")
    ward: int | None = None


class DeviceVerbIn(Body):
    """The needs of a verb: wipe takes a reason."""

    reason: str | None = Field(default=None, max_length=REASON_MAX)


class WipedIn(Body):
    """How many items were still on the phone and not sent when it erased them."""

    unsent: int = Field(ge=0, le=1_000_000)


class NewDevice(DeviceDetail):
    """A phone at the one moment when its token is shown."""

    token: str
    expires_at: datetime


class DeviceOrder(TypedDict):
    """What a phone must do."""

    order: Literal["wipe", "none"]


class DeviceStanding(TypedDict):
    """The phone's state now."""

    state: str


class MovedDevice(DeviceStanding):
    """A phone after a verb."""

    id: Id
    moved_at: datetime


@router.post("/field/devices", response={201: NewDevice})
def post_device(request: HttpRequest, body: DeviceIn) -> tuple[int, NewDevice]:
    """Register my phone in a ward where I am a team member. The token in the answer is shown only now; the same id again
    gives a new one and ends the old."""
    ward = only_ward(rights(request), "casework", body.ward)
    mine = require(request, ward, TEAM)
    used: ApiToken | None = getattr(request, "token", None)
    device, plain = register_device(ward, mine.account, NewPhone(body.id, body.name, body.schema_), used)
    assert device.token is not None
    return 201, {**device_json(device), "token": plain, "expires_at": device.token.expires_at}


@router.get("/field/device", response=DeviceDetail)
def get_device(request: HttpRequest, device: Annotated[UUID, Header(alias="X-Device")]) -> DeviceDetail:
    """My phone as it is now: its rules, its budget, and up to which number its items are answered."""
    found = device_for(rights(request), device)
    require(request, found.ward_id, TEAM)
    note_heard(found)
    return device_json(found)


@router.get("/field/devices", response=Items[DeviceLine])
def list_devices(request: HttpRequest, ward: int | None = None) -> Items[DeviceLine]:
    """The phones of a ward for its office, my own for anybody else."""
    mine = rights(request)
    wards = [w for w in mine.wards if mine.has(w, "administrator")] if ward is None else []
    return {"items": devices_json(mine, wards[0] if len(wards) == 1 else only_ward(mine, "casework", ward))}


@router.get("/field/devices/{device_id}/order", response=DeviceOrder, auth=None)
def get_order(request: HttpRequest, device_id: UUID) -> DeviceOrder:
    """What a phone whose token has ended must do: nothing, or erase itself. The id is the phone's alone; no login."""
    with ward_scope(served_wards(), "phone"):
        wiping = Device.objects.filter(id=device_id, state=WIPING).exists()
    return {"order": "wipe" if wiping else "none"}


@router.post("/field/devices/{device_id}/wiped", response=DeviceStanding, auth=None)
def post_wiped(request: HttpRequest, device_id: UUID, body: WipedIn) -> DeviceStanding:
    """The phone has erased itself as it was told; said again it changes nothing. No login: it has no token any more."""
    with ward_scope(served_wards(), "phone"):
        device = tell_wiped(device_id, body.unsent)
    return {"state": device.state}


@router.post("/field/devices/{device_id}/{verb}", response=MovedDevice)
def post_device_verb(request: HttpRequest, device_id: UUID, verb: Verb, body: DeviceVerbIn | None = None) -> MovedDevice:
    """wipe (with a reason) or retire: by its member, by the ward's leadership, social officers and administrators. Its
    token ends at once."""
    mine = rights(request)
    device = Device.objects.filter(id=device_id).first()
    if device is None or verb not in VERBS:
        raise not_found("máy này", "phone")
    given = (body or DeviceVerbIn()).dict(exclude_none=True)
    moved = move_device(device_id, verb, role_on(mine, device), mine.actor, given)
    return {"id": str(moved.id), "state": moved.state, "moved_at": moved.moved_at}
