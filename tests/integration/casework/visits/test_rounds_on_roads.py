"""A round planned along the ward's imported roads: a canal between two alleys is walked round, not crossed."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from binhan.commons.access.scope import ward_scope
from binhan.commons.roads.actions import keep_roads
from binhan.commons.roads.imports import read_roads
from binhan.commons.roads.rules.modes import Mode
from tests.integration.casework.visits.ground import HOME, call, client, khu_pho, round_body

pytestmark = pytest.mark.django_db
ALLEYS = Path(__file__).parents[3] / "fixtures" / "alleys.osm"


@pytest.fixture(autouse=True)
def _scope() -> Iterator[None]:
    with ward_scope([HOME], "test"):
        yield


def two_alleys() -> str:
    """A planned round of ten doors on the two blind alleys of the fixture, 22 m apart across a canal; its id."""
    area, doors = khu_pho("KP Thử 1", 10)
    for n, door in enumerate(doors):
        door.lat, door.lon = 10.9802 + (n // 2) * 0.0004, 106.6710 + (n % 2) * 0.0002
        door.save(update_fields=["lat", "lon"])
    return str(call(client("leadership"), "post", "/rounds", round_body(area), 201)["id"])


def test_without_roads_it_says_so_and_with_them_it_walks_round_the_canal() -> None:
    row, planner = two_alleys(), client("leadership")
    straight = call(planner, "post", f"/rounds/{row}/plan")["planned"]
    assert (straight["distance"], straight["unreachable"]) == ("straight_line", 0)
    keep_roads(HOME, "test", read_roads(ALLEYS, Mode.FOOT), "alleys.osm")
    planned = call(planner, "post", f"/rounds/{row}/plan")["planned"]
    assert (planned["distance"], planned["unreachable"]) == ("roads", 0)
    # Straight, the walk zigzags: 4 × 44 m up and down at most, and 22 m across. On foot: down one alley, up the other.
    assert straight["total_length_m"] < 400
    assert planned["total_length_m"] == pytest.approx(2 * 222.4 - 2 * 22 + 22, rel=0.25)
    turf = call(planner, "get", f"/rounds/{row}/turfs")["items"][0]
    walk = call(planner, "get", f"/turfs/{turf['id']}")["doors"]
    alleys = [d["lon"] for d in walk]
    assert sum(a != b for a, b in zip(alleys, alleys[1:], strict=False)) == 1  # the canal is walked round once
    # Another order by hand is measured along the roads too: to and fro between the alleys is long.
    zigzag = [d["dwelling"] for pair in zip(walk[:5], walk[:4:-1], strict=True) for d in pair]
    assert call(planner, "post", f"/turfs/{turf['id']}/reorder", {"dwellings": zigzag})["length_m"] > 1500


def test_roads_that_reach_no_door_are_said_and_not_used() -> None:
    area, _ = khu_pho("KP Thử 1", 6)  # kilometres away from the fixture's alleys
    keep_roads(HOME, "test", read_roads(ALLEYS, Mode.FOOT), "alleys.osm")
    planner = client("leadership")
    row = call(planner, "post", "/rounds", round_body(area), 201)["id"]
    planned = call(planner, "post", f"/rounds/{row}/plan")["planned"]
    assert (planned["distance"], planned["unreachable"]) == ("straight_line", 6)
