"""Merging, splitting and moving households and people. Each is one transaction, one journal row, and one Change, which
keeps what every record held before – so that it can be undone as long as nothing newer stands on it.

Each returns its Change, and raises a Problem: 404 for a record that is not in the ward or no longer active, 422 for what
cannot be (the same record twice, nobody left), 409 where the records themselves speak against it.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from binhan.casework.households.models import Change, Dwelling, Household, Person
from binhan.casework.households.rules import HOUSEHOLD_KINDS
from binhan.commons.journal.actions import JournalRow, append
from binhan.kernel.errors import Problem, not_found
from binhan.kernel.ids import new_id

Row = Household | Person
TABLES: dict[str, type[Household] | type[Person]] = {"household": Household, "person": Person}
Edits = list[tuple[Row, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class NewHousehold:
    """Who leaves a household for one of their own, as what kind of household (as now), and at which door (as now)."""

    people: Sequence[UUID]
    kind: str = ""
    dwelling_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class _Rearrangement:
    """One change of the register: the verb, the kind and id of the record it is about, the record on its other side, what
    is set on which records, and the household that it makes, if any."""

    verb: str
    kind: str
    subject: UUID
    other: UUID
    edits: Edits
    made: Household | None = None


def merge_households(ward_id: int, actor: str, keep_id: UUID, drop_id: UUID) -> Change:
    """Two records are one household: the people of `drop` join `keep`, and `drop` is closed."""
    if keep_id == drop_id:
        raise Problem(422, "same", "Phải là hai hộ khác nhau.", "Name two different households.")
    with transaction.atomic():
        found = _households(ward_id, [keep_id, drop_id])
        keep, drop = found[keep_id], found[drop_id]
        edits: Edits = [(p, {"household_id": keep_id}) for p in _people_of(drop)]
        edits += [(keep, {}), (drop, {"active": False, "merged_into_id": keep_id})]
        return _apply(ward_id, actor, _Rearrangement("merge", "household", keep_id, drop_id, edits))


def split_household(ward_id: int, actor: str, household_id: UUID, new: NewHousehold) -> Change:
    """Some of the people are a household of their own, at the same door or at another."""
    if new.kind and new.kind not in HOUSEHOLD_KINDS:
        raise Problem(422, "invalid", "Loại hộ không có trong danh mục.", "No such kind.", kinds=list(HOUSEHOLD_KINDS))
    with transaction.atomic():
        source = _households(ward_id, [household_id])[household_id]
        here = _people_of(source)
        wanted = set(new.people)
        going = [p for p in here if p.id in wanted]
        if len(going) != len(wanted) or not going or len(going) == len(here):
            raise Problem(422, "nobody_left", "Hãy chọn ít nhất một người của hộ này, và để lại ít nhất một người.",
                          "Choose at least one person of this household, and leave at least one.")
        door = _dwelling(ward_id, new.dwelling_id) if new.dwelling_id else source.dwelling
        made = Household(ward_id=ward_id, dwelling=door, kind=new.kind or source.kind, is_demo=source.is_demo)
        edits: Edits = [(source, {}), *((p, {"household_id": made.id}) for p in going)]
        return _apply(ward_id, actor, _Rearrangement("split", "household", household_id, made.id, edits, made))


def move_household(ward_id: int, actor: str, household_id: UUID, dwelling_id: UUID) -> Change:
    """The whole household moves to another door of the ward."""
    with transaction.atomic():
        household = _households(ward_id, [household_id])[household_id]
        door = _dwelling(ward_id, dwelling_id)
        if door.id == household.dwelling_id:
            raise Problem(422, "same", "Hộ đã ở căn này.", "The household is registered there already.")
        edits: Edits = [(household, {"dwelling_id": door.id})]
        return _apply(ward_id, actor, _Rearrangement("move", "household", household_id, door.id, edits))


def move_people(ward_id: int, actor: str, people: Sequence[UUID], household_id: UUID) -> Change:
    """People join another household."""
    with transaction.atomic():
        target = _households(ward_id, [household_id])[household_id]
        going = _people(ward_id, people)
        if any(p.household_id == household_id for p in going):
            raise Problem(422, "same", "Có người đã ở hộ này.", "Somebody is in that household already.")
        edits: Edits = [*((h, {}) for h in _homes(going)), (target, {})]
        edits += [(p, {"household_id": household_id}) for p in going]
        return _apply(ward_id, actor, _Rearrangement("move", "person", going[0].id, household_id, edits))


def merge_people(ward_id: int, actor: str, keep_id: UUID, drop_id: UUID) -> Change:
    """Two records are one person: what `keep` does not say is taken from `drop`, and `drop` is closed."""
    if keep_id == drop_id:
        raise Problem(422, "same", "Phải là hai người khác nhau.", "Name two different people.")
    with transaction.atomic():
        found = {p.id: p for p in _people(ward_id, [keep_id, drop_id])}
        keep, drop = found[keep_id], found[drop_id]
        if keep.id_hash and drop.id_hash and bytes(keep.id_hash) != bytes(drop.id_hash):
            raise Problem(409, "other_person", "Hai người có số định danh khác nhau nên không gộp được.",
                          "Their national ids differ: these are two people.")
        taken = {f: getattr(drop, f) for f in ("birth_year", "phone", "id_hash", "id_last4")
                 if not getattr(keep, f) and getattr(drop, f)}
        edits: Edits = [(h, {}) for h in _homes([keep, drop])]
        edits += [(keep, taken), (drop, {"active": False, "merged_into_id": keep_id})]
        return _apply(ward_id, actor, _Rearrangement("merge", "person", keep_id, drop_id, edits))


def undo_change(ward_id: int, actor: str, change_id: UUID) -> Change:
    """Put everything back as it was before; refused when one of the records was changed again since."""
    with transaction.atomic():
        change = Change.objects.select_for_update().filter(ward_id=ward_id, id=change_id).first()
        if change is None:
            raise not_found("thay đổi này", "change")
        if change.undone_at is not None:
            raise Problem(409, "undone", "Thay đổi này đã được hoàn tác rồi.", "This change was already undone.")
        for kind, model in TABLES.items():
            wanted = {UUID(r["id"]): r for r in change.rows if r["table"] == kind}
            rows = {r.id: r for r in model.objects.select_for_update().filter(id__in=wanted).order_by("id")}
            if set(rows) != set(wanted) or any(r.stamp != change.id for r in rows.values()):
                raise _newer()
            for key, row in rows.items():
                _restore(row, wanted[key])
        change.undone_at, change.undone_by = timezone.now(), actor
        change.save(update_fields=["undone_at", "undone_by"])
        append(JournalRow(ward_id, actor, "undo", "change", change.id, {"verb": change.verb}))
    return change


def _newer() -> Problem:
    return Problem(409, "newer", "Đã có thay đổi mới hơn trên hộ hoặc người này. Hãy hoàn tác thay đổi mới hơn trước.",
                   "Something newer stands on these records. Undo that first.")


def _restore(row: Row, was: Mapping[str, Any]) -> None:
    before = was["before"] if was["before"] is not None else {"active": False}
    for name, value in before.items():
        setattr(row, name, value)
    row.stamp = UUID(was["stamp"])
    try:
        with transaction.atomic():
            row.save(update_fields=[*before, "stamp"])
    except IntegrityError:
        raise _newer() from None


def _apply(ward_id: int, actor: str, what: _Rearrangement) -> Change:
    """Write it, keeping what every record held before."""
    change = Change(ward_id=ward_id, verb=f"{what.verb}_{what.kind}", actor=actor)
    if what.made is not None:
        what.made.stamp = change.id
        what.made.save(force_insert=True)
        change.rows.append({"table": "household", "id": str(what.made.id), "stamp": str(new_id()), "before": None})
    for row, values in what.edits:
        table = "household" if isinstance(row, Household) else "person"
        change.rows.append({"table": table, "id": str(row.id), "stamp": str(row.stamp),
                            "before": {name: _plain(getattr(row, name)) for name in values}})
        for name, value in values.items():
            setattr(row, name, value)
        row.stamp = change.id
        row.save(update_fields=[*values, "stamp"])
    change.save(force_insert=True)
    append(JournalRow(ward_id, actor, what.verb, what.kind, what.subject,
           {"change": str(change.id), "other": str(what.other), "records": len(change.rows)}))
    return change


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID | date) else value


def _households(ward_id: int, ids: Sequence[UUID]) -> dict[UUID, Household]:
    rows = Household.objects.select_for_update(of=("self",)).select_related("dwelling").filter(
        ward_id=ward_id, id__in=ids, active=True).order_by("id")
    found = {h.id: h for h in rows}
    if set(found) != set(ids):
        raise not_found("hộ này", "household")
    return found


def _people(ward_id: int, ids: Sequence[UUID]) -> list[Person]:
    found = list(Person.objects.select_for_update().filter(ward_id=ward_id, id__in=ids, active=True).order_by("id"))
    if not ids or {p.id for p in found} != set(ids):
        raise not_found("người này", "person")
    return found


def _people_of(household: Household) -> list[Person]:
    return list(Person.objects.select_for_update().filter(household=household, active=True).order_by("id"))


def _homes(people: Sequence[Person]) -> list[Household]:
    return list(Household.objects.select_for_update().filter(id__in={p.household_id for p in people}).order_by("id"))


def _dwelling(ward_id: int, dwelling_id: UUID) -> Dwelling:
    found = Dwelling.objects.filter(ward_id=ward_id, id=dwelling_id, active=True).first()
    if found is None:
        raise not_found("căn này", "dwelling")
    return found
