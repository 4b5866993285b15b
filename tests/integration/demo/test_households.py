"""The synthetic register: made by its seed alone, visibly made up, inside the ward, and gone when it is taken away."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from shapely.geometry import Point, shape

from binhan.casework.households.actions import Whereabouts, dwelling_of
from binhan.casework.households.imports.columns import map_table
from binhan.casework.households.imports.files import Table
from binhan.casework.households.imports.plan import Terms
from binhan.casework.households.imports.write import import_table
from binhan.casework.households.models import Dwelling, Household, Person
from binhan.casework.households.rules import HOUSEHOLD_KINDS
from binhan.commons.access.scope import ward_scope
from binhan.commons.places.models import Area, Ward, Way
from binhan.demo import households as demo_households
from binhan.kernel.address import parse

pytestmark = pytest.mark.django_db
HOME, COUNT = 25888, 600


@pytest.fixture
def loaded() -> Iterator[dict[str, int]]:
    with ward_scope([HOME], "test"):
        yield demo_households.load(HOME, COUNT)


def rows() -> list[Any]:
    return [sorted(map(str, m._default_manager.filter(is_demo=True).values_list(*fields))) for m, fields in (
        (Dwelling, ("id", "address", "walk_key", "lat", "lon")), (Household, ("id", "kind", "dwelling_id")),
        (Person, ("id", "full_name", "birth_year", "relation")), (Way, ("id", "name", "parent_id")))]


def test_the_seed_decides_all_and_loading_again_changes_nothing(loaded: dict[str, int]) -> None:
    first = rows()
    assert loaded["households"] == COUNT
    assert demo_households.load(HOME, COUNT) == demo_households.load(HOME, 7, seed=9) == loaded
    assert rows() == first
    assert demo_households.unload(HOME) == loaded["dwellings"]
    assert rows() == [[], [], [], []]
    assert not Area.objects.filter(is_demo=True).exists()
    assert demo_households.unload(HOME) == 0
    demo_households.load(HOME, COUNT)
    assert rows() == first
    demo_households.unload(HOME)
    demo_households.load(HOME, COUNT, seed=2)
    assert rows() != first


def test_everything_says_that_it_is_made_up(loaded: dict[str, int]) -> None:
    assert all("Mẫu" in name for name in Person.objects.values_list("full_name", flat=True))
    assert all("Mẫu" in address for address in Dwelling.objects.values_list("address", flat=True))
    assert not Person.objects.exclude(phone=None, id_hash=None, id_last4="").exists()


def test_the_ward_is_plausible(loaded: dict[str, int]) -> None:
    boundary = shape(Ward.objects.get(ward_id=HOME).boundary)
    assert all(boundary.contains(Point(lon, lat)) for lat, lon in Dwelling.objects.values_list("lat", "lon"))
    assert Area.objects.filter(kind="khu_pho").count() >= 14
    assert {"owner", "tenant", "room", "business"} == set(Household.objects.values_list("kind", flat=True))
    assert {"street", "alley"} <= set(Way.objects.values_list("kind", flat=True))
    assert len(Counter(Person.objects.values_list("full_name", flat=True))) > COUNT
    assert any(n.count("/") == 2 for n in Dwelling.objects.values_list("number", flat=True))


def test_its_own_list_imported_again_finds_everybody(loaded: dict[str, int]) -> None:
    people = Person.objects.select_related("household__dwelling__area").order_by("household_id", "id")
    rows = [["Họ tên", "Địa chỉ", "Năm sinh", "Khu phố", "Loại hộ"], *(
        [p.full_name, p.household.dwelling.address, p.birth_year, p.household.dwelling.area.name,
         HOUSEHOLD_KINDS[p.household.kind].vi] for p in people)]
    table = Table("t", list(enumerate(rows, 1)))
    done = import_table(HOME, "test", map_table(table, {}), Terms(), date(2026, 11, 25))
    assert (done.errors, done.created["dwellings"], done.created["people"]) == ([], 0, 0)
    assert len(done.same) == len(people)


def test_its_addresses_read_back_as_the_same_doors(loaded: dict[str, int]) -> None:
    for door in Dwelling.objects.select_related("area", "group", "way"):
        again = dwelling_of(HOME, parse(door.address), Whereabouts(door.way, door.area, door.group))
        assert (again.walk_key, again.door_key, again.number) == (door.walk_key, door.door_key, door.number)
