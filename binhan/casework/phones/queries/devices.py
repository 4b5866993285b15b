"""Phones: whose they are, what they may carry, what the office sees of them."""
from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from typing_extensions import TypedDict

from binhan.casework.phones.lifecycle import ACTIVE, DEVICE, WIPING, By
from binhan.casework.phones.models import Device
from binhan.casework.phones.rules.codes import BUDGET, PIN
from binhan.commons.access.queries import Rights, areas_as
from binhan.commons.access.rules import PLANNERS
from binhan.commons.cases.queries import lost_race
from binhan.commons.clocks.actions import policy_amounts
from binhan.commons.language import state_name
from binhan.commons.people.queries import display_names
from binhan.commons.places.models import Ward
from binhan.commons.wire import Id
from binhan.kernel.errors import forbidden, not_found

OFFICE = PLANNERS | {"administrator"}  # who may have a lost phone wiped


class DeviceMember(TypedDict):
    """Whose phone it is."""

    id: Id
    name: str


class PinRules(TypedDict):
    """How the phone is locked: digits of the PIN, wrong tries until it erases itself, seconds until it locks by itself."""

    digits: int
    tries: int
    idle_s: int


class CarryBudget(TypedDict):
    """What one phone may carry."""

    documents: int
    turfs: int
    bytes: int


class DeviceDetail(TypedDict):
    """The phone as it sees itself: its rules, its budget, and up to which number its items are answered."""

    device: Id
    ward_id: int
    ward_code: str
    ward_name: str
    demo: bool
    member: DeviceMember
    pin: PinRules
    budget: CarryBudget
    received_to: int
    server_time: datetime
    state: str


class DeviceLine(TypedDict):
    """A phone in the office's list: what it carries, when last heard of. `unsent`: what was lost with a wiped one."""

    id: Id
    name: str
    member: DeviceMember
    state: str
    state_name: str
    registered_at: datetime
    seen_at: datetime
    level: int
    documents: int
    turfs: list[Id]
    reason: str
    unsent: int | None
    token_ends_at: datetime | None
    moved_at: datetime
    moved_by: str
    verbs: list[str]


def device_for(rights: Rights, device_id: UUID, held: bool = False) -> Device:
    """The caller's own phone, in use; 404 for anybody else's (1 query). `held`: its row is held until the answer is there,
    so that two uploads of one phone come one after the other."""
    rows = Device.objects.raw("SELECT * FROM casework_device WHERE id = %s AND account_id = %s"
                              + (" FOR UPDATE" if held else ""), [device_id, rights.account.id])
    device = next(iter(rows), None)
    if device is None:
        raise not_found("máy này", "phone")
    device.account = rights.account
    if device.state != ACTIVE:
        raise lost_race(DEVICE, device, order="wipe" if device.state == WIPING else "none")
    return device


def is_office(rights: Rights, ward_id: int) -> bool:
    """True for the roles that look after the ward's phones, for the whole ward."""
    return rights.has(ward_id, *OFFICE) and areas_as(rights, ward_id, *OFFICE) is None


def role_on(rights: Rights, device: Device) -> By:
    """As whom the account may move the phone; 404 when it is neither theirs nor of their office."""
    if is_office(rights, device.ward_id):
        return By.OFFICE
    if device.account_id == rights.account.id:
        return By.OWNER
    raise not_found("máy này", "phone")


def budget_of(ward_id: int, at: datetime) -> CarryBudget:
    """What one phone may carry: documents, turfs, bytes (1 query)."""
    found = policy_amounts(ward_id, BUDGET, at, {"field.documents_max": 600, "field.turfs_max": 4,
                                                 "field.bytes_max": 8_000_000})
    return {"documents": found["field.documents_max"], "turfs": found["field.turfs_max"], "bytes": found["field.bytes_max"]}


def device_json(device: Device) -> DeviceDetail:
    """The phone as it sees itself (3 queries)."""
    now = timezone.now()
    ward = Ward.objects.get(ward_id=device.ward_id)
    pin = policy_amounts(device.ward_id, PIN, now, {"field.pin_digits": 6, "field.pin_tries": 10, "field.idle_lock": 300})
    return {"device": str(device.id), "ward_id": device.ward_id, "ward_code": ward.code, "ward_name": ward.full_name,
            "demo": ward.is_demo, "member": {"id": str(device.account_id), "name": device.account.display_name},
            "pin": {"digits": pin["field.pin_digits"], "tries": pin["field.pin_tries"], "idle_s": pin["field.idle_lock"]},
            "budget": budget_of(device.ward_id, now), "received_to": device.received_to, "server_time": now,
            "state": device.state}


def devices_json(rights: Rights, ward_id: int) -> list[DeviceLine]:
    """The phones of a ward for its office, or the caller's own: what each carries, when last heard of (2 queries)."""
    office = is_office(rights, ward_id)
    if not office and not rights.may("casework", ward_id):
        raise forbidden("Vai trò của bạn không xem được danh sách máy.", "Your role does not open the list of phones.")
    rows = Device.objects.select_related("account", "token").filter(ward_id=ward_id).order_by("state", "-seen_at", "id")
    rows = rows if office else rows.filter(account=rights.account)
    devices = list(rows[:1000])
    names = display_names({d.moved_by for d in devices})
    return [{"id": str(d.id), "name": d.name, "member": {"id": str(d.account_id), "name": d.account.display_name},
             "state": d.state, "state_name": state_name(DEVICE, d.state), "registered_at": d.registered_at,
             "seen_at": d.seen_at, "level": d.level, "documents": d.documents, "turfs": d.turfs, "reason": d.reason,
             "unsent": d.unsent, "token_ends_at": d.token.expires_at if d.token else None, "moved_at": d.moved_at,
             "moved_by": names.get(d.moved_by, ""),
             "verbs": list(DEVICE.verbs_from(d.state, By.OFFICE if office else By.OWNER))} for d in devices]
