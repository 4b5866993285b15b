"""Registering doors, households and people – one or twenty thousand, all or nothing – and correcting or erasing them."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Model, Q

from binhan.casework.households.models import Dwelling, Household, Person
from binhan.casework.households.rules import NAME_MAX, door_key, door_words, id_hash, phone_number
from binhan.commons.access.scope import may_think
from binhan.commons.journal.actions import JournalRow, append, append_rows
from binhan.commons.journal.models import Entry
from binhan.commons.places.actions import insert_areas_and_ways
from binhan.commons.places.models import Area, Way
from binhan.commons.statistics import refresh_statistics
from binhan.kernel.address import Address, walk_key
from binhan.kernel.errors import Problem
from binhan.kernel.ids import new_id
from binhan.kernel.text import TextRefused, clean, fold, name_key

BATCH = 5000


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a door stands in the ward's own order: on which way, in which khu phố, in which tổ of it."""

    way: Way | None = None
    area: Area | None = None
    group: Area | None = None


@dataclass(frozen=True, slots=True)
class Basis:
    """Why somebody is on record (rules.PURPOSES), and what allows it (rules.BASES)."""

    purpose: str
    legal_basis: str


@dataclass(frozen=True, slots=True)
class Entries:
    """What comes into the register at once: doors, households behind them, people in them, and the new areas and ways on
    which the doors stand."""

    dwellings: Sequence[Dwelling] = ()
    households: Sequence[Household] = ()
    people: Sequence[Person] = ()
    areas: Sequence[Area] = ()
    ways: Sequence[Way] = ()


def dwelling_of(ward_id: int, address: Address, where: Whereabouts | None = None, **fields: Any) -> Dwelling:
    """A door that is not stored yet, with the keys that its address gives."""
    where = where or Whereabouts()
    way, group, area = where.way, where.group, where.area
    names = [x.name for x in (way, group, area) if x is not None]
    extra = [way.aliases] if way is not None and way.aliases else []
    return Dwelling(ward_id=ward_id, area=area, group=group, way=way, address=address.text, number=address.path,
                    walk_key=walk_key(address), landmark=fields.pop("landmark", "") or address.landmark,
                    door_key=door_key(address, way.name if way else "", area.name if area else ""),
                    search_key=door_words(address, *names, *extra), **fields)


def person_of(household: Household, full_name: str, basis: Basis, national_id: str = "", **fields: Any) -> Person:
    """Somebody who is not stored yet; of the national id only the keyed hash and the last four digits remain."""
    hashed = id_hash(national_id, settings.ENV.key) if national_id else None
    return Person(ward_id=household.ward_id, household=household, full_name=full_name, name_key=name_key(full_name),
                  name_fold=fold(full_name), purpose=basis.purpose, legal_basis=basis.legal_basis, id_hash=hashed,
                  id_last4=national_id[-4:], **fields)


def register(ward_id: int, actor: str, entries: Entries, note: Mapping[str, Any] | None = None) -> None:
    """Store the entries, all or nothing, and journal each door and household with its people; `note` is journalled as the
    import they came with. The journal comes last: until the commit it holds up the ward's SOS. Raises a Problem: 422 for
    rows of another ward, 409 for a door or a household code that is there already."""
    stored = (entries.dwellings, entries.households, entries.people)
    if any(row.ward_id != ward_id for rows in stored for row in rows):
        raise Problem(422, "other_ward", "Có dòng thuộc phường khác.", "A row belongs to another ward.")
    inside: dict[Any, list[str]] = {h.id: [] for h in entries.households}
    rows = [JournalRow(ward_id, actor, "register", "dwelling", d.id, {}) for d in entries.dwellings]
    for p in entries.people:
        if p.household_id in inside:
            inside[p.household_id].append(str(p.id))
        else:
            rows.append(JournalRow(ward_id, actor, "register", "person", p.id, {"household": str(p.household_id)}))
    rows += [JournalRow(ward_id, actor, "register", "household", h.id,
                        {"dwelling": str(h.dwelling_id), "people": inside[h.id]}) for h in entries.households]
    rows += [JournalRow(ward_id, actor, "import", "household", None, note)] if note is not None else []
    try:
        with transaction.atomic():
            if len(rows) > BATCH:
                may_think()
            rows = [*insert_areas_and_ways(ward_id, actor, entries.areas, entries.ways), *rows]
            for made in stored:
                _insert(made)
            joined = {p.household_id for p in entries.people if p.household_id not in inside}
            Household.objects.filter(id__in=joined).update(stamp=new_id())  # something newer stands on it
            append_rows(rows)
            refresh_statistics((Dwelling, len(entries.dwellings)), (Household, len(entries.households)),
                               (Person, len(entries.people)), (Way, len(entries.ways)), (Area, len(entries.areas)),
                               (Entry, len(rows)))
    except IntegrityError as error:
        raise _taken(error) from None


def _insert(rows: Sequence[Model]) -> None:
    """INSERT from one array per column: a tenth of the time that a placeholder per value takes."""
    if not rows:
        return
    columns = [(f.attname, f.column, f.db_type(connection)) for f in rows[0]._meta.concrete_fields]
    names = ", ".join(f'"{column}"' for _, column, _ in columns)
    arrays = ", ".join(f"%s::{kind}[]" for _, _, kind in columns)
    with connection.cursor() as cursor:
        for start in range(0, len(rows), BATCH):
            batch = rows[start:start + BATCH]
            cursor.execute(f"INSERT INTO {rows[0]._meta.db_table} ({names}) SELECT * FROM unnest({arrays})",
                           [[getattr(row, name) for row in batch] for name, _, _ in columns])
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _taken(error: IntegrityError) -> Problem:
    what = str(error)
    if "casework_dwelling_door" in what:
        return Problem(409, "door_taken", "Địa chỉ này đã có trong sổ. Hãy tìm và dùng căn đã có.",
                       "This door is already registered. Find it and use it.")
    if "casework_household_code" in what:
        return Problem(409, "code_taken", "Mã hộ này đã có trong sổ.", "This household code is already registered.")
    return Problem(422, "invalid", "Dữ liệu không hợp lệ. Không có gì thay đổi.", "Invalid data. Nothing changed.")


PERSON_FIELDS = ("full_name", "birth_year", "phone", "relation", "residence", "purpose", "legal_basis")


def change_person(person: Person, actor: str, changes: Mapping[str, Any]) -> None:
    """Correct a person's fields (PERSON_FIELDS). Raises a 422 Problem for another field, or a value that cannot be kept."""
    if unknown := set(changes) - set(PERSON_FIELDS):
        raise Problem(422, "invalid", f"Không sửa được: {', '.join(sorted(unknown))}.", "Unknown fields.",
                      fields=list(PERSON_FIELDS))
    given = dict(changes)
    try:
        if "full_name" in given:
            given["full_name"] = clean(given["full_name"], NAME_MAX)
            given |= {"name_key": name_key(given["full_name"]), "name_fold": fold(given["full_name"])}
    except TextRefused:
        raise Problem(422, "invalid", "Họ tên quá dài hoặc có chữ lạ.", "The name is too long or not text.") from None
    if given.get("phone") and (given.update(phone=phone_number(given["phone"])) or given["phone"] is None):
        raise Problem(422, "invalid", "Số điện thoại không đúng.", "Not a phone number.", fields=["phone"])
    _write(person, actor, "change", {**given, "stamp": new_id()}, {"fields": sorted(changes)})


def end_household(household: Household, actor: str, ended_on: date) -> None:
    """The household has left the door, on that day; its people are no longer listed there."""
    _write(household, actor, "end", {"ended_on": ended_on, "active": False, "stamp": new_id()}, {})


def close_dwelling(dwelling: Dwelling, actor: str) -> None:
    """The door is gone (torn down, joined to another); refused while a household is registered behind it."""
    if Household.objects.filter(dwelling=dwelling, active=True).exists():
        raise Problem(409, "occupied", "Còn hộ ở căn này. Hãy chuyển hoặc kết thúc các hộ trước.",
                      "Households are still registered here. Move or end them first.")
    _write(dwelling, actor, "close", {"active": False, "stamp": new_id()}, {})


def _write(row: Dwelling | Household | Person, actor: str, verb: str, values: Mapping[str, Any],
           facts: Mapping[str, Any]) -> None:
    """Set these columns, and journal the verb under the record's own kind."""
    for name, value in values.items():
        setattr(row, name, value)
    try:
        with transaction.atomic():
            row.save(update_fields=list(values))
            append(JournalRow(row.ward_id, actor, verb, row._meta.model_name or "", row.id, facts))
    except IntegrityError as error:
        raise _taken(error) from None


def erase_person(person: Person, actor: str) -> None:
    """Delete a person's record (their right): what remains is the journal's row, which names nobody."""
    with transaction.atomic():
        ward_id, key = person.ward_id, person.id
        Person.objects.filter(id=key).delete()
        append(JournalRow(ward_id, actor, "erase", "person", key, {}))


def remove_demo(ward_id: int, actor: str) -> int:
    """Take the synthetic register away, with what was changed in it since; returns how many doors there were."""
    with transaction.atomic():
        doors = Dwelling.objects.filter(ward_id=ward_id, is_demo=True)
        count = doors.count()
        if not count:
            return 0
        behind = Household.objects.filter(Q(is_demo=True) | Q(dwelling__in=doors), ward_id=ward_id)
        Person.objects.filter(Q(is_demo=True) | Q(household__in=behind), ward_id=ward_id).delete()
        Household.objects.filter(merged_into__in=behind).update(merged_into=None)
        behind.delete()
        doors.delete()
        append(JournalRow(ward_id, actor, "remove_demo", "dwelling", None, {"dwellings": count}))
    return count
