"""Cutting into turfs: what holds for every list of doors."""
from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from binhan.casework.visits.rules.doors import Door
from binhan.casework.visits.rules.split import METRES_PER_MINUTE, bounds_for
from binhan.casework.visits.rules.turfs import MOST_DOORS, Turf, balance, group_order, plan
from binhan.commons.roads.imports import read_roads
from binhan.commons.roads.rules.distances import StraightLine
from binhan.commons.roads.rules.modes import Mode
from binhan.commons.roads.rules.walking import WalkDistances, around
from binhan.kernel.geo import haversine_m
from tests.unit.casework.visits.ward import alleys

ROADS = Path(__file__).parents[3] / "fixtures" / "alleys.osm"
# a coarse grid, so that many doors share a spot, and a few places far away
STEP = st.integers(0, 12).map(lambda i: i * 0.0002)
PLACES = st.tuples(STEP.map(10.98.__add__), STEP.map(106.67.__add__)) | st.tuples(
    st.floats(8.6, 23.3), st.floats(102.2, 109.4))
DOOR = st.tuples(PLACES, st.floats(0, 480), st.sampled_from(["Khu phố 2", "Khu phố 10", ""]), st.integers(1, 3))


def doors_of(rows: list[tuple[tuple[float, float], float, str, int]]) -> list[Door]:
    return [Door(f"d{i}", *place, minutes, group, priority) for i, (place, minutes, group, priority) in enumerate(rows)]


def metres(door_ids: tuple[str, ...], doors: list[Door]) -> float:
    at = {d.door_id: d for d in doors}
    return sum(haversine_m(at[a].lat, at[a].lon, at[b].lat, at[b].lon) for a, b in pairwise(door_ids))


def check(turfs: list[Turf], doors: list[Door], max_doors: int) -> None:
    """Every promise of the plan."""
    known = {d.door_id: d for d in doors}
    assert sorted(d for t in turfs for d in t.doors) == sorted(known)
    assert [t.turf for t in turfs] == list(range(1, len(turfs) + 1))
    places = [(t.priority, group_order(t.group)) for t in turfs]
    assert places == sorted(places), "priority first, then group"
    for turf in turfs:
        assert 1 <= len(turf.doors) <= max_doors
        assert {(known[d].group, known[d].priority) for d in turf.doors} == {(turf.group, turf.priority)}
        assert turf.length_m == pytest.approx(metres(turf.doors, doors), abs=0.06, rel=1e-9)
        spent = sum(known[d].minutes for d in turf.doors) + turf.length_m / METRES_PER_MINUTE
        assert turf.minutes == pytest.approx(spent, abs=0.06)
    for cls in {(t.group, t.priority) for t in turfs}:
        sizes = [len(t.doors) for t in turfs if (t.group, t.priority) == cls]
        assert len(sizes) == -(-sum(sizes) // max_doors), "as few turfs as max_doors allows"
        low, high = bounds_for(sum(sizes), len(sizes), max_doors)
        assert low <= min(sizes)
        assert max(sizes) <= high


@settings(max_examples=60, deadline=None)
@given(st.lists(DOOR, max_size=70), st.integers(1, 12), st.randoms(use_true_random=False))
def test_every_list_of_doors(rows: list[tuple[tuple[float, float], float, str, int]], max_doors: int,
                             rng: random.Random) -> None:
    doors = doors_of(rows)
    turfs = plan(doors, max_doors, StraightLine())
    check(turfs, doors, max_doors)
    shuffled = doors[:]
    rng.shuffle(shuffled)
    assert plan(shuffled, max_doors, StraightLine()) == turfs, "the order of the rows changes nothing"


@pytest.mark.parametrize(("count", "sizes"), [(0, []), (1, [1]), (60, [60]), (61, [30, 31]), (120, [60, 60])])
def test_sizes(count: int, sizes: list[int]) -> None:
    doors = alleys(count, 1)
    turfs = plan(doors, 60, StraightLine())
    check(turfs, doors, 60)
    if count == 61:
        assert min(len(t.doors) for t in turfs) >= 26, "no leftover"
    else:
        assert sorted(len(t.doors) for t in turfs) == sizes


def test_a_ward() -> None:
    doors = [d for g in range(4) for p, n in ((1, 70), (2, 190)) for d in alleys(n, g, f"Khu phố {g * 4}", p)]
    turfs = plan(doors, 60, StraightLine())
    check(turfs, doors, 60)
    assert [t.group for t in turfs if t.priority == 1] == [f"Khu phố {g * 4}" for g in range(4) for _ in range(2)]
    found = balance(turfs)
    assert found["doors_within_group"] <= 1.21
    assert found["minutes_within_group"] <= 1.25
    with ThreadPoolExecutor(2) as pool:
        assert plan(doors, 60, StraightLine(), pool.map) == turfs, "however the work is spread"


def test_near_to_far_from_the_middle_of_the_group() -> None:
    doors = alleys(300, 5)
    middle = sum(d.lat for d in doors) / 300, sum(d.lon for d in doors) / 300
    at = {d.door_id: haversine_m(*middle, d.lat, d.lon) for d in doors}
    turfs = plan(doors, 60, StraightLine())
    starts = [at[t.doors[0]] for t in turfs]
    assert starts == sorted(starts)
    assert all(at[t.doors[0]] <= at[t.doors[-1]] for t in turfs)


def test_a_block_of_flats_and_its_street() -> None:
    flats = [Door(f"flat{i:03}", 10.98, 106.67) for i in range(300)]
    turfs = plan(flats, 60, StraightLine())
    assert [(len(t.doors), t.length_m, t.minutes) for t in turfs] == [(60, 0.0, 300.0)] * 5
    doors = flats + [Door(f"street{i:03}", 10.98, 106.6701 + i * 0.0001) for i in range(60)]
    turfs = plan(doors, 60, StraightLine())
    check(turfs, doors, 60)
    assert sum(t.length_m for t in turfs) < 60 * 11 * 1.2


def test_a_group_larger_than_one_search() -> None:
    doors = alleys(1900, 3)
    turfs = plan(doors, 60, StraightLine())
    check(turfs, doors, 60)
    assert len(turfs) == 32


def test_minutes_are_balanced_too() -> None:
    doors = [Door(f"d{i:03}", 10.98 + (i % 12) * 0.0001, 106.67 + (i // 12) * 0.0001, 15.0 if i % 5 == 0 else 3.0)
             for i in range(240)]
    assert balance(plan(doors, 60, StraightLine()))["minutes"] <= 1.2


def test_no_turf_can_be_too_large_to_walk() -> None:
    with pytest.raises(ValueError, match="max_doors"):
        plan([], MOST_DOORS + 1, StraightLine())
    with pytest.raises(ValueError, match="max_doors"):
        plan([], 0, StraightLine())


def test_group_order() -> None:
    assert sorted(["Khu phố 10", "khu phố 2", "", "Ấp 3"], key=group_order) == ["", "khu phố 2", "Khu phố 10", "Ấp 3"]


def test_a_plan_does_not_jump_over_the_canal() -> None:
    doors = [Door(f"{side}{i:02}", 10.9801 + i * 0.0001, lon) for side, lon in (("west", 106.671), ("east", 106.6712))
             for i in range(19)]
    places = [(d.lat, d.lon) for d in doors]
    turfs = plan(doors, 20, WalkDistances(read_roads(ROADS, Mode.FOOT, around(places)), places))
    assert [{d[:4] for d in t.doors} for t in turfs] in ([{"west"}, {"east"}], [{"east"}, {"west"}])


@pytest.mark.parametrize("name", ["monaco.osm.gz", "andorra.osm.pbf"])
def test_every_door_is_planned_along_real_roads(shared: Path, name: str) -> None:
    nodes = read_roads(shared / "osm" / name, Mode.FOOT).nodes
    doors = [Door(f"d{i}", float(lat), float(lon)) for i, (lat, lon) in enumerate(nodes[:400:4])]
    places = [(d.lat, d.lon) for d in doors]
    turfs = plan(doors, 60, WalkDistances(read_roads(shared / "osm" / name, Mode.FOOT, around(places)), places))
    assert sorted(d for t in turfs for d in t.doors) == sorted(d.door_id for d in doors)
