"""Correcting a door by compare-and-set, and deciding between two values. Nothing typed is overwritten unseen."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from binhan.casework.field.lifecycle import CONFLICT, CONFLICT_VI, OPEN, By, ConflictState
from binhan.casework.field.models import Conflict, DoorFact
from binhan.casework.field.rules.codes import REGISTER
from binhan.casework.field.rules.edits import Value, both, verdict
from binhan.casework.households.actions import correct_dwelling
from binhan.casework.households.models import Dwelling
from binhan.commons.clocks.actions import DueClock, due_for, look_again, rearm, start_clock, stop_clocks
from binhan.commons.journal.actions import append, append_rows
from binhan.commons.people.queries import display_name
from binhan.kernel.errors import Problem, not_found
from binhan.kernel.lifecycle import Refused


@dataclass(frozen=True, slots=True)
class Edit:
    """A correction as it arrived: `value` was meant to replace `base`; `item` brought it."""

    dwelling: UUID
    field: str
    base: Value
    value: Value
    item: UUID
    at: datetime


def current_value(dwelling: Dwelling, field: str) -> Value:
    """What the register has in that field."""
    if field != "position":
        value: Value = getattr(dwelling, field)
        return value
    if dwelling.lat is None or dwelling.lon is None:
        return None
    return {"lat": round(dwelling.lat, 6), "lon": round(dwelling.lon, 6)}


def correct_door(ward_id: int, actor: str, edit: Edit) -> tuple[str, Conflict | None]:
    """Stored when the field still says what the writer saw; same when it says what they wrote; otherwise both values are
    kept, for somebody to decide."""
    with transaction.atomic():
        door = _door(ward_id, edit.dwelling)
        now = current_value(door, edit.field)
        said = verdict(now, edit.base, edit.value)
        if said == "stored":
            _put(door, actor, edit.field, edit.value, edit.at, edit.item)
        return said, _conflict(door, actor, edit, now) if said == "conflict" else None


def _door(ward_id: int, key: UUID) -> Dwelling:
    door = Dwelling.objects.select_for_update().filter(ward_id=ward_id, id=key).first()
    if door is None:
        raise not_found("căn này", "dwelling")
    return door


def _put(door: Dwelling, actor: str, field: str, value: Value, at: datetime, item: UUID,
         settled: UUID | None = None) -> None:
    """The new value with who gave it; the open cards of the field (but the one being settled) show it as their A."""
    values: dict[str, Any] = {field: value}
    if field == "position":
        values = {"lat": None, "lon": None} if value is None else dict(value)  # type: ignore[arg-type]
    correct_dwelling(door, actor, values)
    DoorFact.objects.update_or_create(dwelling=door, field=field, defaults={
        "ward_id": door.ward_id, "by": actor, "at": at, "item": item})
    others = Conflict.objects.filter(dwelling=door, field=field, state=OPEN)
    others = others if settled is None else others.exclude(id=settled)
    others.update(a_value=value, a_by=actor, a_at=at, a_since=timezone.now())


def _conflict(door: Dwelling, actor: str, edit: Edit, now: Value) -> Conflict:
    """The card: a new one, or the open one that says the same already."""
    for known in Conflict.objects.filter(dwelling=door, field=edit.field, state=OPEN).order_by("opened_at", "id"):
        if known.b_value == edit.value:
            return known
    fact = DoorFact.objects.filter(dwelling=door, field=edit.field).first()
    at = timezone.now()
    made = Conflict.objects.create(
        ward_id=door.ward_id, dwelling=door, field=edit.field, a_value=now, a_by=fact.by if fact else REGISTER,
        a_at=fact.at if fact else stamped_at(door), b_value=edit.value, b_by=actor, b_at=edit.at, item=edit.item,
        opened_at=at, moved_at=at, moved_by=actor, moved_verb="open")
    start_clock(door.ward_id, "conflict", made.id, CONFLICT.clock_of(OPEN), at)
    append(door.ward_id, actor, "open", "conflict", made.id, {"dwelling": str(door.id), "field": edit.field})
    return made


def stamped_at(door: Dwelling) -> datetime:
    """When the register last changed the door: the time in the id of its stamp."""
    return datetime.fromtimestamp((door.stamp.int >> 80) / 1000, timezone.get_current_timezone())


def settle_conflict(conflict_id: UUID, by: By, actor: str, keep: str, item: UUID, at: datetime,
                    seen_at: datetime) -> Conflict | None:
    """One of the two values stands, or both. The first who decides wins; who last saw the card (`seen_at`) before A became
    what it is now decides nothing (None)."""
    with transaction.atomic():
        key = Conflict.objects.filter(id=conflict_id).values_list("dwelling_id", "ward_id").first()
        if key is None:
            raise not_found("mâu thuẫn này", "conflict")
        door = _door(key[1], key[0])  # the door first, as everybody who changes it
        row = Conflict.objects.select_for_update().get(id=conflict_id)
        if row.state != OPEN and (row.moved_by, row.keep) == (actor, keep):
            return row  # a retry after a lost answer
        target = _target(row, by, {"keep": keep})
        if row.a_since is not None and row.a_since > seen_at:
            return None
        value = _kept(row, keep, current_value(door, row.field))
        if value != current_value(door, row.field):
            by_whom, given_at = (row.b_by, row.b_at) if keep == "b" else (actor, at)
            _put(door, by_whom, row.field, value, given_at, item, row.id)
        row.state, row.keep, row.moved_by, row.moved_verb, row.moved_at = target, keep, actor, "settle", timezone.now()
        row.save()
        stop_clocks(row.id)
        append(row.ward_id, actor, "settle", "conflict", row.id, {"state": str(target), "keep": keep})
    return row


def _kept(row: Conflict, keep: str, now: Value) -> Value:
    if keep == "a":
        return now
    if keep == "b":
        value: Value = row.b_value
        return value
    joined = both(row.field, now, row.b_value)
    if joined is None:
        raise Problem(422, "not_both", "Không ghép được hai giá trị này. Hãy chọn một.",
                      "These two cannot stand side by side. Choose one.")
    return joined


def _target(row: Conflict, by: By, facts: Mapping[str, Any]) -> ConflictState:
    try:
        return ConflictState(CONFLICT.move("settle", row.state, by, facts))
    except Refused as refused:
        if refused.reason == "needs":
            raise Problem(422, "needs_missing", "Hãy chọn giữ giá trị nào: a, b hoặc both.", "Give keep: a, b or both.",
                          missing=list(refused.missing)) from None
        who, at = display_name(row.moved_by), timezone.localtime(row.moved_at).strftime("%H:%M %d/%m")
        raise Problem(409, "state_changed", f"Việc này {CONFLICT_VI[ConflictState(row.state)]}, bởi {who} lúc {at}.",
                      f"Already {row.state}, by {who} at {at}.", state=row.state, keep=row.keep, moved_by=who,
                      moved_at=row.moved_at.isoformat()) from None


def chase_conflict(due: DueClock) -> None:
    """Nobody has decided: its level rises, it is journalled, and it is looked at again the next working day."""
    row = Conflict.objects.select_for_update(skip_locked=True).filter(id=due.subject_id).first()
    now = timezone.now()
    if row is None:
        look_again(due.id, now)
        return
    if row.state != OPEN:
        stop_clocks(row.id)
        return
    row.level += 1
    row.save(update_fields=["level"])
    again = due_for(row.ward_id, "conflict.chase_within", now, default_s=86_400)
    rearm(due.id, max(now + timedelta(hours=1), again), now)
    append_rows([(row.ward_id, "clock", "chase", "conflict", row.id, {"state": row.state, "level": row.level})])
