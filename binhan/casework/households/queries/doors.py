"""Doors in walking order, and one with its households and their people."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Collate
from pydantic import Field
from typing_extensions import TypedDict

from binhan.casework.households.models import Dwelling, Household, Person
from binhan.casework.households.queries.reach import Reach
from binhan.casework.households.rules import BASES, DOOR_KINDS, HOUSEHOLD_KINDS, PURPOSES, RELATIONS, RESIDENCES
from binhan.commons.keyset import BY_ID, Key, key_id, rows_after, text, values_of
from binhan.commons.places.models import Way
from binhan.commons.wire import Id, name_in
from binhan.kernel.address import parse
from binhan.kernel.cursors import as_cursor, from_cursor
from binhan.kernel.errors import not_found

PAGE_MAX = 100


class Reference(TypedDict):
    """A record by its id, with its name."""

    id: Id
    name: str


class RegisteredDoor(TypedDict):
    """A door as the register has it, without its people."""

    id: Id
    ward_id: int
    address: str
    number: str
    landmark: str
    kind: str
    kind_name: str
    lat: float | None
    lon: float | None
    active: bool
    way: Reference | None
    area: Reference | None
    group: Reference | None


class RegisteredPerson(TypedDict):
    """A person as the register shows them; of the national id the last four digits."""

    id: Id
    full_name: str
    birth_year: int | None
    phone: str | None
    relation: str
    relation_name: str
    residence: str
    residence_name: str
    id_last4: str
    purpose: str
    purpose_name: str
    legal_basis: str
    legal_basis_name: str


class HouseholdAtDoor(TypedDict):
    """A household with its people."""

    id: Id
    kind: str
    kind_name: str
    name: str
    code: str
    started_on: date | None
    ended_on: date | None
    people: list[RegisteredPerson]


class DoorDetail(RegisteredDoor):
    """A door with the households behind it."""

    households: list[HouseholdAtDoor]


class DoorPage(TypedDict):
    """A part of the doors, in walking order."""

    items: list[RegisteredDoor]
    next: str | None
    dwellings: Annotated[list[RegisteredDoor], Field(deprecated=True)]  # `items`: until version 2 (docs/adr/0017)


ON_WAYS = (Key("along", text), Key("way_id", key_id), Key("walk_key", text), BY_ID)  # as they are walked
WAYLESS = (Key("walk_key", text), BY_ID)


def doors_of(scope: Reach, way: UUID | None, area: UUID | None, limit: int, cursor: str = "") -> tuple[list[Dwelling], str]:
    """The doors of a way or a khu phố in walking order: ways by name, each from its first door to its last, then the doors
    on no way (up to 3 queries)."""
    rows = scope.of(Dwelling.objects.filter(active=True), "area_id").select_related("way", "area", "group")
    if way is not None:
        rows = rows.filter(_along(scope.ward_id, way))
    if area is not None:
        rows = rows.filter(Q(area_id=area) | Q(group_id=area))
    begin = from_cursor(cursor, len(ON_WAYS)) if cursor else None
    found: list[Dwelling] = []
    wayless = begin is not None and begin[0] is None and begin[1] is None
    if not wayless:
        # The ward of the way is said too: by it and the way's name an index leads to the first way of the page.
        along = rows.filter(way__ward_id=scope.ward_id).annotate(along=Collate("way__search_key", "C"))
        found = list(rows_after(along, ON_WAYS, values_of(ON_WAYS, begin) if begin else None)[:limit + 1])
    if len(found) <= limit:
        after = values_of(WAYLESS, begin[2:]) if begin and wayless else None
        found += rows_after(rows.filter(way=None), WAYLESS, after)[:limit + 1 - len(found)]
    return found[:limit], _cursor(found[limit - 1]) if len(found) > limit else ""


def _cursor(door: Dwelling) -> str:
    """Where the page after this door begins."""
    return as_cursor(door.way.search_key if door.way else None, door.way_id, door.walk_key, door.id)


def _along(ward_id: int, way_id: UUID) -> Q:
    """The doors of a way. Those of an alley are the street's, by their number: 123/… for alley 123."""
    way = Way.objects.filter(ward_id=ward_id, id=way_id).first()
    path = parse(way.name).path if way is not None and way.kind == Way.Kind.ALLEY and way.parent_id else ""
    if way is None or not path.endswith("/"):
        return Q(way_id=way_id)
    return Q(way_id=way_id) | Q(way_id=way.parent_id, number__startswith=path)


def dwelling_in(scope: Reach, dwelling_id: UUID) -> Dwelling:
    """The door, if it lies within reach; 404 otherwise (1 query)."""
    found = scope.of(Dwelling.objects.select_related("way", "area", "group"), "area_id").filter(id=dwelling_id).first()
    if found is None:
        raise not_found("căn này", "dwelling")
    return found  # type: ignore[no-any-return]


def doors_json(doors: Sequence[Dwelling], more: str) -> DoorPage:
    """A part of the doors, and where the next begins."""
    rows = [dwelling_json(d) for d in doors]
    return {"items": rows, "next": more or None, "dwellings": rows}


def dwelling_json(door: Dwelling) -> RegisteredDoor:
    """A door, without its people."""
    return {"id": str(door.id), "ward_id": door.ward_id, "address": door.address, "number": door.number,
            "landmark": door.landmark, "kind": door.kind, "kind_name": name_in(DOOR_KINDS, door.kind), "lat": door.lat,
            "lon": door.lon, "active": door.active, "way": _named(door.way), "area": _named(door.area),
            "group": _named(door.group)}


def _named(row: Any) -> Reference | None:
    return {"id": str(row.id), "name": row.name} if row is not None else None


def households_json(door: Dwelling) -> tuple[list[HouseholdAtDoor], list[UUID]]:
    """The households behind a door with their people, and the ids of the people shown (2 queries)."""
    people = list(Person.objects.filter(household__dwelling=door, household__active=True, active=True).order_by("name_key"))
    shown: list[HouseholdAtDoor] = [{
        "id": str(h.id), "kind": h.kind, "kind_name": name_in(HOUSEHOLD_KINDS, h.kind), "name": h.name, "code": h.code,
        "started_on": h.started_on, "ended_on": h.ended_on,
        "people": [person_json(p) for p in people if p.household_id == h.id],
    } for h in Household.objects.filter(dwelling=door, active=True).order_by("started_on", "id")]
    return shown, [p.id for p in people]


def person_json(p: Person) -> RegisteredPerson:
    """A person as the register shows them; of the national id the last four digits."""
    return {"id": str(p.id), "full_name": p.full_name, "birth_year": p.birth_year, "phone": p.phone,
            "relation": p.relation, "relation_name": name_in(RELATIONS, p.relation), "residence": p.residence,
            "residence_name": name_in(RESIDENCES, p.residence), "id_last4": p.id_last4, "purpose": p.purpose,
            "purpose_name": name_in(PURPOSES, p.purpose), "legal_basis": p.legal_basis,
            "legal_basis_name": name_in(BASES, p.legal_basis)}
