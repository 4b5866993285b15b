"""Registering a member's phone, having it wiped, retiring it; each with its clock and its journal row."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from binhan.casework.phones.lifecycle import ACTIVE, DEVICE, WIPED, WIPING, By
from binhan.casework.phones.models import Device, Receipt
from binhan.commons.access.actions import issue_token, replace_token, revoke_token
from binhan.commons.access.models import ApiToken
from binhan.commons.cases.actions import apply_move, claim_late, ring_again
from binhan.commons.cases.queries import is_replay, lost_race, target_of
from binhan.commons.cases.rules import Step
from binhan.commons.clocks.actions import DueClock, due_for, policy_s, rearm, start_clock
from binhan.commons.journal.actions import JournalRow, append, append_rows, gathered
from binhan.commons.people.models import Account
from binhan.kernel.errors import Problem, not_found
from binhan.kernel.ids import is_v7

DAY = 86_400
SEEN_EVERY = timedelta(minutes=5)  # how exactly is kept when a phone was last heard of


@dataclass(frozen=True, slots=True)
class NewPhone:
    """A phone as it names itself; `schema` is that of the items it sends."""

    id: UUID
    name: str
    schema: int


def register_device(ward_id: int, account: Account, phone: NewPhone, made_with: ApiToken | None = None
                    ) -> tuple[Device, str]:
    """A member's phone and its token, which is shown once. The same id again by the same account is the same phone with a
    new token; the old token ends. `made_with`: the token that asks for this one, with which it ends."""
    with transaction.atomic(), gathered():
        now = timezone.now()
        device = Device.objects.select_for_update().filter(id=phone.id).first()
        _check(device, phone.id, ward_id, account)
        token, plain = _token(ward_id, account, phone.name, now, made_with)
        if device is None:
            device = Device(id=phone.id, ward_id=ward_id, account=account, registered_at=now, moved_at=now,
                            moved_by=account.actor, moved_verb="register")
            start_clock(ward_id, "device", phone.id, DEVICE.clock_of(ACTIVE), now)
        elif device.token is not None:
            replace_token(account, device.token, token, (ward_id,))
        _forget_receipts(device, now)
        device.name, device.schema, device.token, device.seen_at = phone.name, phone.schema, token, now
        device.save()
        append(JournalRow(ward_id, account.actor, "register", "device", device.id, {"schema": phone.schema}))
    return device, plain


def _check(device: Device | None, device_id: UUID, ward_id: int, account: Account) -> None:
    if device is None:
        if not is_v7(device_id):
            raise Problem(422, "not_v7", "Mã máy phải là UUIDv7.", "The id of a phone is a UUIDv7.")
    elif device.account_id != account.id or device.ward_id != ward_id:
        raise Problem(409, "id_taken", "Mã máy này đã dùng cho người khác. Hãy tạo mã mới.",
                      "This id is another member's. Make a new one.")
    elif device.state != ACTIVE:
        raise lost_race(DEVICE, device)


def _token(ward_id: int, account: Account, name: str, now: datetime, made_with: ApiToken | None) -> tuple[ApiToken, str]:
    seconds = policy_s(ward_id, "field.token_within", now, 30 * DAY)
    ends = now + timedelta(seconds=seconds)
    return issue_token(account, f"Điện thoại: {name}", (ward_id,), max(1, -(-seconds // DAY)),
                       ends, made_with)


def _end_token(device: Device, actor: str) -> None:
    token = device.token
    if token is not None and token.revoked_at is None:
        revoke_token(device.account, token.id, (device.ward_id,), actor)


def _forget_receipts(device: Device, now: datetime) -> None:
    """A phone registers at least as often as its token ends; answers that old are asked for by nobody."""
    kept = timedelta(seconds=policy_s(device.ward_id, "field.keep_receipts", now, 180 * DAY))
    Receipt.objects.filter(device=device, at__lt=now - kept).delete()


def note_sync(device: Device, turfs: Sequence[UUID], documents: int, sent: int) -> None:
    """What the phone carries now, and that its member read it: one row for all of it."""
    now = timezone.now()
    device.turfs, device.documents, device.level = [str(t) for t in turfs], documents, 0
    device.seen_at = device.synced_at = now
    device.save(update_fields=["turfs", "documents", "seen_at", "synced_at", "level"])
    append(JournalRow(device.ward_id, device.account.actor, "read", "device", device.id,
           {"purpose": "casework", "documents": documents, "sent": sent, "turfs": device.turfs}))


def note_heard(device: Device) -> None:
    """The phone was heard of."""
    now = timezone.now()
    if now - device.seen_at > SEEN_EVERY:
        device.seen_at = now
        device.save(update_fields=["seen_at"])


def move_device(device_id: UUID, verb: str, by: By, actor: str, facts: Mapping[str, Any]) -> Device:
    """Wipe or retire. The token ends at once: from then on the phone only learns what it must do."""
    with transaction.atomic(), gathered():
        device = _locked(device_id)
        if is_replay(device, verb, actor):
            return device  # a retry after a lost answer
        step = Step(verb, by, actor, timezone.now(), facts)
        target_of(DEVICE, device, step)
        _end_token(device, actor)
        device.reason = str(facts.get("reason") or "")
        append_rows([apply_move(DEVICE, device, step)])
    return device


def tell_wiped(device_id: UUID, unsent: int) -> Device:
    """The phone says that it has erased what it carried, and how much of it had not been sent."""
    with transaction.atomic():
        device = _locked(device_id)
        if device.state != WIPED:
            if device.state != WIPING:
                raise Problem(409, "not_ordered", "Máy này không có lệnh xóa.", "Nobody ordered this phone to be wiped.")
            device.unsent = unsent
            step = Step("wiped", By.PHONE, "phone", timezone.now())
            append_rows([apply_move(DEVICE, device, step, {"unsent": unsent})])
    return device


def _locked(device_id: UUID) -> Device:
    device = Device.objects.select_for_update(of=("self",)).select_related("account", "token").filter(id=device_id).first()
    if device is None:
        raise not_found("máy này", "phone")
    return device


def chase_device(due: DueClock) -> None:
    """Nothing was heard of a phone for too long, or it has not said that it is wiped: journalled, shown, and looked at
    again after as long."""
    device = claim_late(DEVICE, Device.objects.all(), due)
    if device is None:
        return
    now = timezone.now()
    late_at = due_for(device.ward_id, due.policy, device.seen_at, default_s=14 * DAY)
    if device.state == ACTIVE and late_at > now:
        rearm(due.id, late_at, now)  # heard of since: counted from then
    else:
        ring_again(DEVICE, device, due)
