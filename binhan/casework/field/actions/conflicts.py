"""Correcting a door by compare-and-set, and deciding between two values. Nothing typed is overwritten unseen."""
from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from binhan.casework.field.lifecycle import CONFLICT, OPEN, By
from binhan.casework.field.models import Conflict, DoorFact
from binhan.casework.field.rules.codes import REGISTER
from binhan.casework.field.rules.edits import Value, both, verdict
from binhan.casework.households.actions import correct_dwellings
from binhan.casework.households.models import Dwelling
from binhan.commons.cases.actions import apply_move, chase_late
from binhan.commons.cases.queries import target_of
from binhan.commons.cases.rules import Step
from binhan.commons.clocks.actions import DueClock, start_clock
from binhan.commons.journal.actions import JournalRow, append, append_rows
from binhan.kernel.errors import Problem, not_found


@dataclass(frozen=True, slots=True)
class Edit:
    """A correction as it arrived: `value` was meant to replace `base`; `item` brought it."""

    dwelling: UUID
    field: str
    base: Value
    value: Value
    item: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Given:
    """A value as somebody gave it: who, when, and what brought it."""

    value: Value
    by: str
    at: datetime
    item: UUID


@dataclass(frozen=True, slots=True)
class Decision:
    """Which value is kept – a, b or both – decided then, and brought by `item`. `seen_at`: when whoever decides last saw
    the card."""

    keep: str
    item: UUID
    at: datetime
    seen_at: datetime


def current_value(dwelling: Dwelling, field: str) -> Value:
    """What the register has in that field."""
    if field != "position":
        value: Value = getattr(dwelling, field)
        return value
    if dwelling.lat is None or dwelling.lon is None:
        return None
    return {"lat": round(dwelling.lat, 6), "lon": round(dwelling.lon, 6)}


def correct_doors(ward_id: int, actor: str, edits: Sequence[Edit]) -> list[tuple[str, Conflict | None]]:
    """Each in turn: stored when the field still says what the writer saw; same when it says what they wrote; missing for a
    door that is not there; otherwise both values are kept, for somebody to decide (8 statements, 6 more per conflict)."""
    with transaction.atomic():
        bench = _Bench(ward_id, actor, {e.dwelling for e in edits})
        answers = [bench.put(edit) for edit in edits]
        bench.write()
    return answers


class _Bench:
    """The doors that are being corrected, locked in one order for everybody, with who gave their values and the open cards.
    Corrections are made here one after the other, and written together."""

    def __init__(self, ward_id: int, actor: str, keys: Collection[UUID]) -> None:
        self.actor = actor
        self.doors = {d.id: d for d in Dwelling.objects.select_for_update(no_key=True).filter(ward_id=ward_id, id__in=keys)
                      .order_by("id")}
        self.facts = {(f.dwelling_id, f.field): f for f in DoorFact.objects.filter(dwelling__in=self.doors)}
        self.cards = list(Conflict.objects.filter(dwelling__in=self.doors, state=OPEN).order_by("opened_at", "id"))
        self.values: dict[UUID, dict[str, Any]] = {}
        self.fresh: dict[tuple[UUID, str], DoorFact] = {}
        self.moved: dict[UUID, Conflict] = {}

    def put(self, edit: Edit) -> tuple[str, Conflict | None]:
        """What becomes of one correction."""
        door = self.doors.get(edit.dwelling)
        if door is None:
            return "missing", None
        now = current_value(door, edit.field)
        said = verdict(now, edit.base, edit.value)
        if said == "conflict":
            return said, self._card(door, edit, now)
        if said == "stored":
            self.set(door, edit.field, Given(edit.value, self.actor, edit.at, edit.item))
        return said, None

    def set(self, door: Dwelling, field: str, given: Given, settled: UUID | None = None) -> None:
        """The new value with who gave it; open cards of the field (but the one being settled) show it as their A."""
        columns = columns_of(field, given.value)
        self.values.setdefault(door.id, {}).update(columns)
        for name, column in columns.items():
            setattr(door, name, column)
        self.facts[(door.id, field)] = self.fresh[(door.id, field)] = DoorFact(
            ward_id=door.ward_id, dwelling=door, field=field, by=given.by, at=given.at, item=given.item)
        for card in self.cards:
            if (card.dwelling_id, card.field) == (door.id, field) and card.id != settled:
                card.a_value, card.a_by, card.a_at, card.a_since = given.value, given.by, given.at, timezone.now()
                self.moved[card.id] = card

    def _card(self, door: Dwelling, edit: Edit, now: Value) -> Conflict:
        """The card: a new one, or the open one that says the same already."""
        for known in self.cards:
            if (known.dwelling_id, known.field, known.b_value) == (door.id, edit.field, edit.value):
                return known
        fact, at = self.facts.get((door.id, edit.field)), timezone.now()
        made = Conflict.objects.create(
            ward_id=door.ward_id, dwelling=door, field=edit.field, a_value=now, a_by=fact.by if fact else REGISTER,
            a_at=fact.at if fact else stamped_at(door), b_value=edit.value, b_by=self.actor, b_at=edit.at, item=edit.item,
            opened_at=at, moved_at=at, moved_by=self.actor, moved_verb="open")
        start_clock(door.ward_id, "conflict", made.id, CONFLICT.clock_of(OPEN), at)
        append(JournalRow(door.ward_id, self.actor, "open", "conflict", made.id,
                          {"dwelling": str(door.id), "field": edit.field}))
        self.cards.append(made)
        return made

    def write(self) -> None:
        """Doors, who gave their values, and the cards that show a new A."""
        correct_dwellings([(self.doors[key], values) for key, values in self.values.items()], self.actor)
        DoorFact.objects.bulk_create(self.fresh.values(), update_conflicts=True, unique_fields=["dwelling", "field"],
                                     update_fields=["by", "at", "item"])
        Conflict.objects.bulk_update(self.moved.values(), ["a_value", "a_by", "a_at", "a_since"])


def columns_of(field: str, value: Value) -> dict[str, Any]:
    """The columns of the register in which the field stands."""
    if field != "position":
        return {field: value}
    return dict(value) if isinstance(value, dict) else {"lat": None, "lon": None}


def stamped_at(door: Dwelling) -> datetime:
    """When the register last changed the door: the time in the id of its stamp."""
    return datetime.fromtimestamp((door.stamp.int >> 80) / 1000, timezone.get_current_timezone())


def settle_conflict(conflict_id: UUID, by: By, actor: str, choice: Decision) -> Conflict | None:
    """One of the two values stands, or both. The first who decides wins; who last saw the card before A became what it is
    now decides nothing (None)."""
    keep = choice.keep
    with transaction.atomic():
        key = Conflict.objects.filter(id=conflict_id).values_list("dwelling_id", "ward_id").first()
        if key is None:
            raise not_found("mâu thuẫn này", "conflict")
        bench = _Bench(key[1], actor, [key[0]])  # the door first, as everybody who changes it
        door = bench.doors[key[0]]
        row = Conflict.objects.select_for_update().get(id=conflict_id)
        if row.state != OPEN and (row.moved_by, row.keep) == (actor, keep):
            return row  # a retry after a lost answer
        step = Step("settle", by, actor, timezone.now(), {"keep": keep})
        target_of(CONFLICT, row, step, keep=row.keep)
        if row.a_since is not None and row.a_since > choice.seen_at:
            return None
        value = _kept(row, keep, current_value(door, row.field))
        if value != current_value(door, row.field):
            by_whom, given_at = (row.b_by, row.b_at) if keep == "b" else (actor, choice.at)
            bench.set(door, row.field, Given(value, by_whom, given_at, choice.item), row.id)
            bench.write()
        row.keep = keep
        append_rows([apply_move(CONFLICT, row, step, {"keep": keep})])
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


def chase_conflict(due: DueClock) -> None:
    """Nobody has decided: its level rises, it is journalled, and it is looked at again the next working day."""
    chase_late(CONFLICT, Conflict.objects.all(), due, "conflict.chase_within")
