"""Distances on foot along a road file: a small one made by hand, and real ones where they are at hand."""
from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from binhan.commons.roads.imports import read_roads
from binhan.commons.roads.rules.distances import straight_m
from binhan.commons.roads.rules.modes import Mode
from binhan.commons.roads.rules.walking import WalkDistances, around, distances_on_foot
from binhan.kernel.geo import haversine_m

SMALL = Path(__file__).parents[3] / "fixtures" / "alleys.osm"
WEST_END, EAST_END = (10.982, 106.671), (10.982, 106.6712)  # of the two blind alleys
WEST_STREET, EAST_STREET = (10.98, 106.671), (10.98, 106.6712)


def test_a_canal_is_walked_round() -> None:
    on_foot = WalkDistances(read_roads(SMALL, Mode.FOOT), [WEST_END, EAST_END, WEST_STREET])
    metres = on_foot.between([WEST_END, EAST_END, WEST_STREET])
    down = haversine_m(*WEST_END, *WEST_STREET)
    across = haversine_m(*WEST_STREET, *EAST_STREET)
    assert metres[0, 2] == pytest.approx(down, rel=1e-3)
    assert metres[0, 1] == pytest.approx(2 * down + across, rel=1e-3)
    assert (metres == metres.T).all()
    assert np.diag(metres).tolist() == [0, 0, 0]


def test_from_the_door_to_the_road_and_between_two_doors_of_one_stretch() -> None:
    one, other = (10.9805, 106.67091), (10.9810, 106.67091)  # 9.8 m west of the alley, 55.6 m apart
    metres = WalkDistances(read_roads(SMALL, Mode.FOOT), [one, other, one]).between([one, other, one])
    off = haversine_m(*one, one[0], 106.671)
    assert metres[0, 1] == pytest.approx(2 * off + haversine_m(*one, *other), rel=1e-3)
    assert metres[0, 2] == 0, "the same spot"


def test_doors_that_no_road_reaches_fall_back_to_the_straight_line() -> None:
    island, field = (10.99, 106.6711), (10.98, 106.69)
    places = [WEST_END, EAST_END, island, field, field]
    on_foot = WalkDistances(read_roads(SMALL, Mode.FOOT), places)
    assert on_foot.unreachable == 3, "one on a piece of road joined to nothing, two far from any road"
    metres, straight = on_foot.between(places), straight_m(places)
    assert metres[0, 1] > 20 * straight[0, 1]
    assert metres[0, 2] == straight[0, 2]
    assert metres[0, 3] == straight[0, 3]
    assert WalkDistances(read_roads(SMALL, Mode.FOOT, (1.0, 1.0, 2.0, 2.0)), places).unreachable == 5


def test_where_no_point_is_reached_the_straight_line_is_the_measure_and_says_so() -> None:
    graph, far = read_roads(SMALL, Mode.FOOT), [(11.5, 107.0), (11.6, 107.0)]
    kinds = [(distances.kind, unreachable) for distances, unreachable in (
        distances_on_foot(graph, far), distances_on_foot(graph, [*far, WEST_END]))]
    assert kinds == [("straight_line", 2), ("roads", 2)]


def test_a_detour_beyond_the_neighbourhood_is_still_found(tmp_path: Path) -> None:
    """Two ends of a horseshoe whose bend lies more than AROUND_M away."""
    far = tmp_path / "horseshoe.osm"
    nodes = [(10.98, 106.67), (11.00, 106.67), (11.00, 106.6702), (10.98, 106.6702)]
    far.write_text('<osm version="0.6">' + "".join(f'<node id="{i}" lat="{a}" lon="{o}" version="1"/>'
                   for i, (a, o) in enumerate(nodes, 1)) + '<way id="1" version="1">' + "".join(
                   f'<nd ref="{i}"/>' for i in range(1, 5)) + '<tag k="highway" v="path"/></way></osm>', encoding="utf-8")
    metres = WalkDistances(read_roads(far, Mode.FOOT), [nodes[0], nodes[3]]).between([nodes[0], nodes[3]])
    assert metres[0, 1] == pytest.approx(2 * haversine_m(*nodes[0], *nodes[1]) + 21.8, abs=3)


@pytest.mark.parametrize("name", ["monaco.osm.gz", "andorra.osm.pbf"])
def test_real_roads(shared: Path, name: str) -> None:
    roads = read_roads(shared / "osm" / name, Mode.FOOT)
    middle = roads.nodes[np.hypot(*(roads.nodes - np.median(roads.nodes, axis=0)).T).argsort()[:400]]
    rng = random.Random(1)
    points = [(float(lat) + rng.gauss(0, 5e-5), float(lon) + rng.gauss(0, 5e-5)) for lat, lon in middle[::4]]
    on_foot = WalkDistances(read_roads(shared / "osm" / name, Mode.FOOT, around(points)), points)
    metres, straight = on_foot.between(points), straight_m(points)
    assert on_foot.unreachable < 10
    assert np.isfinite(metres).all()
    assert (metres >= straight * 0.999 - 0.01).all(), "no way is shorter than the straight line"
