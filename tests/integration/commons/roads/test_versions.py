"""The roads that a ward keeps: one version, dated, replaced at once; the table of older installations is the same one."""
from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from binhan.commons.access.scope import ward_scope
from binhan.commons.journal.models import Entry
from binhan.commons.roads.actions import keep_roads
from binhan.commons.roads.imports import read_roads
from binhan.commons.roads.models import RoadNet
from binhan.commons.roads.queries import version_of, walk_distances, walking_graph
from binhan.commons.roads.rules.modes import Mode

pytestmark = pytest.mark.django_db
ALLEYS = Path(__file__).parents[3] / "fixtures" / "alleys.osm"
HOME, NEXT = 25888, 25891
WEST_END, EAST_END = (10.982, 106.671), (10.982, 106.6712)  # of two blind alleys with a canal between


@pytest.fixture(autouse=True)
def _scope() -> Iterator[None]:
    with ward_scope([HOME], "test"):
        yield


def test_imported_again_the_new_roads_count_and_nothing_is_lost_in_packing() -> None:
    graph = read_roads(ALLEYS, Mode.FOOT)
    keep_roads(HOME, "test", graph, "alleys.osm")
    kept, version = walking_graph(HOME), version_of(HOME)
    assert kept is not None
    assert abs(kept.nodes - graph.nodes).max() < 1e-7
    assert (kept.stretches == graph.stretches).all()
    keep_roads(HOME, "test", read_roads(ALLEYS, Mode.FOOT, (10.98, 106.67, 10.981, 106.6711)), "part")
    again = walking_graph(HOME)
    assert again is not None
    assert len(again.stretches) < len(graph.stretches)
    assert RoadNet.objects.get().source == "part"
    assert version is not None
    assert version_of(HOME) > version  # type: ignore[operator]
    assert Entry.objects.filter(ward_id=HOME, verb="import_roads").count() == 2


def test_distances_are_along_the_roads_of_the_ward_or_straight() -> None:
    ends = [WEST_END, EAST_END]
    straight, unreachable = walk_distances(HOME, ends)
    assert (straight.kind, unreachable) == ("straight_line", 0)
    keep_roads(HOME, "test", read_roads(ALLEYS, Mode.FOOT), "alleys.osm")
    along, unreachable = walk_distances(HOME, ends)
    assert (along.kind, unreachable) == ("roads", 0)
    assert along.between(ends)[0, 1] > 15 * straight.between(ends)[0, 1], "the canal is walked round"
    assert walk_distances(HOME, [])[0].kind == "straight_line"


def test_another_wards_roads_are_not_ours() -> None:
    keep_roads(HOME, "test", read_roads(ALLEYS, Mode.FOOT), "alleys.osm")
    with ward_scope([NEXT], "test"):
        assert version_of(HOME) is None


def test_models_and_migrations_say_the_same() -> None:
    call_command("makemigrations", "roads", "visits", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("step", [("roads", "0001"), ("visits", "0005")])
def test_that_the_roads_moved_touches_no_table(step: tuple[str, str]) -> None:
    said = io.StringIO()
    call_command("sqlmigrate", *step, stdout=said)
    lines = [line for line in said.getvalue().splitlines() if line.strip() and not line.startswith("--")]
    assert lines in ([], ["BEGIN;", "COMMIT;"])


def test_the_table_has_the_name_it_always_had() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE conrelid = 'casework_roads'::regclass AND contype = 'c'")
        assert ("casework_roads_some",) in cursor.fetchall()
