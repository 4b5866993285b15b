"""Search: ways, doors and people that have every word."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, NamedTuple, NotRequired
from uuid import UUID

from django.db import connection
from pydantic import Field
from typing_extensions import TypedDict

from binhan.casework.households.models import Dwelling, Person
from binhan.casework.households.queries.doors import RegisteredDoor, dwelling_json
from binhan.casework.households.queries.reach import Reach
from binhan.casework.households.rules import search_query
from binhan.commons.places.models import Unit, Ward, Way
from binhan.commons.places.rules import name_of, way_name
from binhan.commons.wire import Id
from binhan.kernel.address import parse, search_fold
from binhan.kernel.cursors import as_cursor, from_cursor
from binhan.kernel.text import fold


class Position(NamedTuple):
    """Where a page of a search begins: after this row. `rank` says how close it is, its last digit what it is: 1 way,
    2 door, 3 person."""

    rank: int
    sort: str
    id: UUID


START = Position(0, "", UUID(int=0))


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


class FoundLine(TypedDict):
    """A way, a door or a person that a search found; the rest by its kind."""

    kind: Literal["way", "dwelling", "person"]
    id: Id
    title: str
    detail: str
    way_kind: NotRequired[str]
    dwelling: NotRequired[RegisteredDoor]
    birth_year: NotRequired[int | None]
    household_id: NotRequired[Id]
    dwelling_id: NotRequired[Id]


class FoundPage(TypedDict):
    """A part of what was found, the closest first."""

    items: list[FoundLine]
    next: str | None
    results: Annotated[list[FoundLine], Field(deprecated=True)]  # `items`: until version 2 (docs/adr/0017)


def found_json(lines: list[FoundLine], more: str) -> FoundPage:
    """A part of what was found, and where the next begins."""
    return {"items": lines, "next": more or None, "results": lines}


def results_json(found: Sequence[tuple[int, UUID]]) -> tuple[list[FoundLine], list[UUID]]:
    """Search results as lines to show, and the ids of the people among them (3 queries)."""
    ids = {rank: [key for r, key in found if r == rank] for rank in (1, 2, 3)}
    ways = Way.objects.select_related("parent").in_bulk(ids[1])
    doors = Dwelling.objects.select_related("way", "area", "group").in_bulk(ids[2])
    people = Person.objects.select_related("household__dwelling").in_bulk(ids[3])
    lines: list[FoundLine] = []
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
