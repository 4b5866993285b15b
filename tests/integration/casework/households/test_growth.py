"""A large register: a search finds what a plain reading of the whole table finds, in the same order, page by page; the
pages of doors hold every door once."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, connections, transaction
from pytest_django import DjangoDbBlocker

from binhan.casework.households.models import Dwelling
from binhan.casework.households.queries.doors import doors_of
from binhan.casework.households.queries.reach import Reach
from binhan.casework.households.queries.search import search
from binhan.casework.households.rules import search_query
from binhan.commons.access.scope import ward_scope
from binhan.commons.places.models import Area
from binhan.commons.places.rules import way_name
from binhan.demo import households as demo
from binhan.kernel.address import parse, search_fold
from binhan.site.environment import Environment
from tests.integration.casework.households.ground import HOME
from tests.support.databases import copied

ALL = Reach(HOME, None)
# The search as one plain statement: every match ranked, sorted and counted through.
PLAIN = """
SELECT rank %% 10, id FROM (
  SELECT CASE WHEN %(way)s <> '' AND y.search_key LIKE '%%|' || %(way)s || '|%%' THEN 1
              WHEN households_has(translate(y.search_key, '|', ' '), %(way)s) THEN 11 ELSE 31 END AS rank,
         y.search_key COLLATE "C" AS sort, y.id, y.area_id FROM places_way y
  WHERE y.active AND households_way_words(y.ward_id, y.kind, y.search_key) @@ to_tsquery('simple', %(words)s)
  UNION ALL
  SELECT CASE WHEN households_has(d.search_key, %(phrase)s) THEN 2 ELSE 22 END
         + CASE WHEN %(door)s = '' OR d.number = %(door)s THEN 0 ELSE 10 END,
         (coalesce(y.search_key, '~') || ' ' || d.walk_key) COLLATE "C", d.id, d.area_id
  FROM casework_dwelling d LEFT JOIN places_way y ON y.id = d.way_id
  WHERE d.active AND to_tsvector('simple', d.search_key) @@ to_tsquery('simple', %(words)s)
  UNION ALL
  SELECT CASE WHEN households_has(p.name_fold, %(phrase)s) THEN 3 ELSE 23 END, p.name_key, p.id, d.area_id
  FROM casework_person p JOIN casework_household h ON h.id = p.household_id JOIN casework_dwelling d ON d.id = h.dwelling_id
  WHERE p.active AND to_tsvector('simple', p.name_fold) @@ to_tsquery('simple', %(words)s)) x
WHERE %(areas)s::uuid[] IS NULL OR area_id = ANY (%(areas)s) ORDER BY rank, sort COLLATE "C", id"""
QUESTIONS = ["mẫu", "mau", "ma", "le", "thị", "nguyen thi", "thi nguyen", "đường mẫu", "mau duong", "hẻm", "nha tro",
             "to 3", "12", "7/2", "12 đường mẫu 3", "3 duong mau", "an mau", "mau an", "lô b1", "khu pho mau 2",
             "khong co ai"]


@pytest.fixture(scope="module", autouse=True)
def _large(server: Environment, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Some thousands of doors and people, in a database of their own; what is written here on top is taken back."""
    with django_db_blocker.unblock(), copied(server):
        demo.load(HOME, 2600, areas=3)
        yield


@pytest.fixture(autouse=True)
def _scope(_large: None) -> Iterator[None]:
    with ward_scope([HOME], "test"):
        yield
        transaction.set_rollback(True)


def plain(text: str, areas: list[UUID] | None) -> list[tuple[int, UUID]]:
    """What the plain statement says."""
    address = parse(text)
    name = address.building or address.street or text
    with connection.cursor() as cursor:
        cursor.execute(PLAIN, {"words": search_query(text), "phrase": search_fold(name), "way": way_name(name),
                               "door": address.path, "areas": areas})
        return [tuple(row) for row in cursor.fetchall()]


def pages(scope: Reach, text: str, limit: int, most: int) -> list[tuple[int, UUID]]:
    """So many pages of the search, one after the other."""
    found, cursor = search(scope, text, limit)
    for _ in range(most - 1):
        if not cursor:
            break
        page, cursor = search(scope, text, limit, cursor)
        found += page
    return found


@pytest.mark.parametrize("within", [False, True], ids=["ward", "khu phố"])
def test_a_search_finds_what_reading_everything_finds(within: bool) -> None:
    areas = [Area.objects.get(ward_id=HOME, name="Khu phố Mẫu 2").id] if within else None
    scope = Reach(HOME, None if areas is None else frozenset(areas))
    for text in QUESTIONS:
        wanted = plain(text, areas)
        assert pages(scope, text, 20, 3) == wanted[:60], text
        if len(wanted) <= 1500:  # to the end, through every rank
            assert pages(scope, text, 100, 16) == wanted, text


def test_what_many_have_is_known_once_the_register_was_filled() -> None:
    with connections["owner"].cursor() as cursor:  # whose statistics row-level security does not hide
        for words, many in (("mau", True), ("mau:* & w25888", True), ("mau & khong", False), ("khong", False)):
            cursor.execute("SELECT households_many('casework_person_words', %s, to_tsquery('simple', %s))", [HOME, words])
            assert cursor.fetchone() == (many,)


def doors_by_pages(limit: int, **asked: Any) -> Iterator[list[Dwelling]]:
    """The pages of doors."""
    cursor = None
    while cursor != "":
        page, cursor = doors_of(ALL, asked.get("way"), asked.get("area"), limit, cursor or "")
        yield page


def test_pages_of_doors_hold_every_door_once_in_walking_order() -> None:
    area = Area.objects.get(ward_id=HOME, name="Khu phố Mẫu 1")
    for chosen, rows in (({}, Dwelling.objects.filter(ward_id=HOME, active=True)),
                         ({"area": area.id}, Dwelling.objects.filter(ward_id=HOME, active=True, area=area))):
        seen = [d for page in doors_by_pages(97, **chosen) for d in page]
        assert [d.id for d in seen] == [d.id for d in sorted(rows.select_related("way"), key=_walked)]


def _walked(d: Dwelling) -> tuple[object, ...]:
    return (d.way is None, d.way.search_key if d.way else "", d.way_id or d.id, d.walk_key, d.id)
