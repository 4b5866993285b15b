"""Reads of the register: what an account may see of it, search, doors in walking order, one door with its people."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, QuerySet

from binhan.casework.households.models import Change, Dwelling, Household, Person
from binhan.casework.households.rules import (
    DOOR_KINDS,
    HOUSEHOLD_KINDS,
    REGISTRARS,
    RELATIONS,
    RESIDENCES,
    search_query,
)
from binhan.commons.access.queries import Rights, areas_as
from binhan.commons.access.rules import CASEWORKERS
from binhan.commons.places.models import Unit, Ward, Way
from binhan.commons.places.rules import name_of, way_name
from binhan.commons.wire import name_in
from binhan.kernel.address import parse, search_fold
from binhan.kernel.cursors import as_cursor, from_cursor, offset_of
from binhan.kernel.errors import forbidden, not_found
from binhan.kernel.text import fold

PAGE_MAX = 100


class Position(NamedTuple):
    """Where a page of a search begins: after this row. `rank` says how close it is, its last digit what it is: 1 way,
    2 door, 3 person."""

    rank: int
    sort: str
    id: UUID


START = Position(0, "", UUID(int=0))


@dataclass(frozen=True, slots=True)
class Reach:
    """What of a ward's register an account may see: all of it (`areas` None), or these khu phố."""

    ward_id: int
    areas: frozenset[UUID] | None

    def holds(self, area_id: UUID | None) -> bool:
        """True if that khu phố lies within it."""
        return self.areas is None or area_id in self.areas

    def of(self, rows: QuerySet[Any], area: str) -> QuerySet[Any]:
        """The rows of the ward within it; `area` is the path to the khu phố."""
        of_ward = rows.filter(ward_id=self.ward_id)
        return of_ward if self.areas is None else of_ward.filter(**{f"{area}__in": self.areas})


def reach(rights: Rights, ward_id: int, write: bool = False) -> Reach:
    """What the account may see of the ward's register, or change; 403 when nothing (1 query). A grant for a khu phố
    opens that khu phố only."""
    areas = areas_as(rights, ward_id, *(REGISTRARS if write else CASEWORKERS))
    if areas is not None and not areas:
        raise forbidden("Vai trò của bạn không mở được sổ hộ của phường này.",
                        "Your role does not open this ward's household register.")
    return Reach(ward_id, areas)


def search(scope: Reach, text: str, limit: int, cursor: str = "") -> tuple[list[tuple[int, UUID]], str]:
    """(1 way, 2 door, 3 person; id) of what has every word, the closest first, and where the next page begins. When nothing
    has them all, names of the ward and of its province, present and former, are taken out of the question."""
    text = text[:200]
    if cursor:
        relaxed, rank, sort, last = from_cursor(cursor, 4)
        text = without_place(scope.ward_id, text) if relaxed else text
        rows = _search(scope, text, Position(int(rank), str(sort), UUID(last)), limit)
    else:
        relaxed, rows = 0, _search(scope, text, START, limit)
        if not rows and (shorter := without_place(scope.ward_id, text)) != text:
            relaxed, text = 1, shorter
            rows = _search(scope, text, START, limit)
    more = as_cursor(relaxed, *rows[limit - 1]) if len(rows) > limit else ""
    return [(row.rank % 10, row.id) for row in rows[:limit]], more


def _search(scope: Reach, text: str, after: Position, limit: int) -> list[Position]:
    """The rows that have every word of the text, the closest first, and one more than `limit` if there are more."""
    words = search_query(text)
    if not words:
        return []
    address = parse(text)
    name = address.building or address.street or text
    areas = None if scope.areas is None else list(scope.areas)
    with connection.cursor() as cursor:
        cursor.execute("SELECT rank, sort, id FROM households_search(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                       [scope.ward_id, words, search_fold(name), way_name(name), address.path, areas, *after, limit + 1])
        return [Position(int(rank), str(sort), key) for rank, sort, key in cursor.fetchall()]


_UNIT_WORDS = ("phuong", "xa", "thi tran", "thi xa", "quan", "huien", "thanh pho", "tinh", "p", "q", "tp", "tx", "tt", "")


def without_place(ward_id: int, text: str) -> str:
    """The question without the names of the ward and its province, present and former, if anything remains of it."""
    ward = Ward.objects.filter(ward_id=ward_id).first()
    codes = [ward.code, ward.province_code] if ward else []
    names = {name for key in Unit.objects.filter(code__in=codes).values_list("search_key", flat=True)
             for name in key.strip("|").split("|")} | ({name_of(ward.name)} if ward else set())
    names |= {"hcm", "hcmc", "tphcm"} if "ho chi minh" in names else set()
    tokens = text.split()
    words = [(word, n) for n, token in enumerate(tokens) for word in fold(token).split()]
    gone: set[int] = set()
    for name in sorted(filter(None, names), key=len, reverse=True):
        for unit in _UNIT_WORDS:
            run = [*unit.split(), *name.split()]
            for at in range(len(words) - len(run) + 1):
                if [w for w, _ in words[at:at + len(run)]] == run:
                    gone |= {n for _, n in words[at:at + len(run)]}
    return " ".join(token for n, token in enumerate(tokens) if n not in gone) or text


def doors_of(scope: Reach, way: UUID | None, area: UUID | None, limit: int, cursor: str = "") -> tuple[list[Dwelling], str]:
    """The doors of a way or a khu phố in walking order: ways by name, each from its first door to its last (1 query)."""
    rows = scope.of(Dwelling.objects.filter(active=True), "area_id").select_related("way", "area", "group")
    if way is not None:
        rows = rows.filter(_along(scope.ward_id, way))
    if area is not None:
        rows = rows.filter(Q(area_id=area) | Q(group_id=area))
    rows = rows.annotate(along=F("way__search_key")).order_by(F("way__search_key").asc(nulls_last=True), "walk_key", "id")
    start = offset_of(cursor)
    page = list(rows[start:start + limit + 1])
    return page[:limit], as_cursor(start + limit, page[limit].id) if len(page) > limit else ""


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


def ward_of(model: type[Dwelling] | type[Household] | type[Person] | type[Change], key: UUID, noun: tuple[str, str]) -> int:
    """The ward of a record that the scope of the request holds; raises a 404 Problem for any other (1 query)."""
    ward = model._default_manager.filter(id=key).values_list("ward_id", flat=True).first()
    if ward is None:
        raise not_found(*noun)
    return int(ward)


def check_reach(scope: Reach, households: Iterable[UUID] = (), people: Iterable[UUID] = (),
                dwellings: Iterable[UUID] = ()) -> None:
    """404 unless every one of these records lies within reach (up to 3 queries)."""
    for model, area, ids, noun in ((Household, "dwelling__area_id", set(households), ("hộ này", "household")),
                                   (Person, "household__dwelling__area_id", set(people), ("người này", "person")),
                                   (Dwelling, "area_id", set(dwellings), ("căn này", "dwelling"))):
        if ids and scope.of(model._default_manager.filter(id__in=ids), area).count() != len(ids):
            raise not_found(*noun)


def check_change(scope: Reach, change_id: UUID) -> None:
    """404 unless the change and all it touched lie within reach."""
    change = Change.objects.filter(ward_id=scope.ward_id, id=change_id).first()
    if change is None:
        raise not_found("thay đổi này", "change")
    if scope.areas is not None:
        check_reach(scope, households=[UUID(r["id"]) for r in change.rows if r["table"] == "household"])


def latest_changes(scope: Reach, count: int) -> list[Change]:
    """The latest merges, splits and moves within reach, newest first."""
    rows = list(Change.objects.filter(ward_id=scope.ward_id).order_by("-at", "-id")[:count])
    if scope.areas is None:
        return rows
    touched = {c.id: {UUID(r["id"]) for r in c.rows if r["table"] == "household"} for c in rows}
    within = set(scope.of(Household.objects.filter(id__in=set().union(*touched.values())), "dwelling__area_id")
               .values_list("id", flat=True))
    return [c for c in rows if touched[c.id] <= within]


def dwelling_json(door: Dwelling) -> dict[str, Any]:
    """A door, without its people."""
    return {"id": str(door.id), "ward_id": door.ward_id, "address": door.address, "number": door.number,
            "landmark": door.landmark, "kind": door.kind, "kind_name": name_in(DOOR_KINDS, door.kind), "lat": door.lat,
            "lon": door.lon, "active": door.active, "way": _named(door.way), "area": _named(door.area),
            "group": _named(door.group)}


def _named(row: Any) -> dict[str, str] | None:
    return {"id": str(row.id), "name": row.name} if row is not None else None


def households_json(door: Dwelling) -> tuple[list[dict[str, Any]], list[UUID]]:
    """The households behind a door with their people, and the ids of the people shown (2 queries)."""
    people = list(Person.objects.filter(household__dwelling=door, household__active=True, active=True).order_by("name_key"))
    shown = [{
        "id": str(h.id), "kind": h.kind, "kind_name": name_in(HOUSEHOLD_KINDS, h.kind), "name": h.name, "code": h.code,
        "started_on": h.started_on, "ended_on": h.ended_on,
        "people": [person_json(p) for p in people if p.household_id == h.id],
    } for h in Household.objects.filter(dwelling=door, active=True).order_by("started_on", "id")]
    return shown, [p.id for p in people]


def person_json(p: Person) -> dict[str, Any]:
    """A person as the register shows them; of the national id the last four digits."""
    return {"id": str(p.id), "full_name": p.full_name, "birth_year": p.birth_year, "phone": p.phone,
            "relation": p.relation, "relation_name": name_in(RELATIONS, p.relation), "residence": p.residence,
            "residence_name": name_in(RESIDENCES, p.residence), "id_last4": p.id_last4, "purpose": p.purpose,
            "legal_basis": p.legal_basis}


def results_json(found: Sequence[tuple[int, UUID]]) -> tuple[list[dict[str, Any]], list[UUID]]:
    """Search results as lines to show, and the ids of the people among them (3 queries)."""
    ids = {rank: [key for r, key in found if r == rank] for rank in (1, 2, 3)}
    ways = Way.objects.select_related("parent").in_bulk(ids[1])
    doors = Dwelling.objects.select_related("way", "area", "group").in_bulk(ids[2])
    people = Person.objects.select_related("household__dwelling").in_bulk(ids[3])
    lines: list[dict[str, Any]] = []
    for rank, key in found:
        if rank == 1 and key in ways:
            way = ways[key]
            lines.append({"kind": "way", "id": str(key), "title": way.name, "way_kind": way.kind,
                          "detail": way.parent.name if way.parent else way.aliases})
        elif rank == 2 and key in doors:
            lines.append({"kind": "dwelling", "title": doors[key].address, "detail": doors[key].landmark,
                          "id": str(key), "dwelling": dwelling_json(doors[key])})
        elif key in people:
            person = people[key]
            lines.append({"kind": "person", "id": str(key), "title": person.full_name,
                          "detail": person.household.dwelling.address, "birth_year": person.birth_year,
                          "household_id": str(person.household_id), "dwelling_id": str(person.household.dwelling_id)})
    return lines, list(people)
