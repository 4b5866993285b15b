"""The walking order beside the best there is, where that can be counted out."""
from __future__ import annotations

import random
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from binhan.casework.visits.rules.door_graph import NEAR, PER_SPOT, DoorGraph, door_graph
from binhan.casework.visits.rules.exchange import exchange
from binhan.casework.visits.rules.split import Bounds, bounds_for, split
from binhan.casework.visits.rules.walk import length_m, nearest_first, shorten


def graph(points: list[tuple[float, float]], minutes: float = 5.0) -> DoorGraph:
    at = np.array(points, dtype=np.float64)
    return door_graph(np.hypot(*(at[:, None] - at).transpose(2, 0, 1)), [minutes] * len(points))


POINTS = st.lists(st.tuples(st.integers(0, 30).map(float), st.integers(0, 30).map(float)), min_size=1, max_size=7)


@settings(max_examples=40, deadline=None)
@given(POINTS)
def test_few_doors_are_walked_the_shortest_way(points: list[tuple[float, float]]) -> None:
    here = graph(points)
    doors = list(range(len(points)))
    walk = shorten(here, nearest_first(here, doors), 100, 1)
    assert sorted(walk) == doors
    best = min(length_m(here, list(order)) for order in permutations(doors))
    assert length_m(here, walk) == pytest.approx(best)


@pytest.mark.parametrize("count", [2, 3, 30, 100])
def test_a_straight_alley_is_walked_from_end_to_end(count: int) -> None:
    doors = list(range(count))
    places = doors[:]
    random.Random(count).shuffle(places)
    here = graph([(6.0 * p, 0.0) for p in places])
    assert length_m(here, shorten(here, nearest_first(here, doors), 100, 1)) == pytest.approx(6.0 * (count - 1))


def test_never_longer_and_always_the_same() -> None:
    rng = random.Random(4)
    here = graph([(rng.random() * 300, rng.random() * 300) for _ in range(90)])
    start = list(range(90))
    walk = shorten(here, start, 150, 7)
    assert length_m(here, walk) < 0.5 * length_m(here, start)
    assert walk == shorten(here, start, 150, 7)
    some = start[::3]
    assert sorted(shorten(here, some, 50, 7)) == some, "of some doors only these"


def test_neighbours_see_past_a_block_of_flats() -> None:
    here = graph([(0.0, 0.0)] * 40 + [(10.0 * i, 0.0) for i in range(1, 20)])
    assert all(len(near) == NEAR for near in here.near)
    assert sum(b < 40 for b in here.near[0]) == PER_SPOT


def test_split_is_the_best_split() -> None:
    rng = random.Random(2)
    here = graph([(rng.random() * 100, 0.0) for _ in range(11)])
    walk = list(range(11))
    bounds = Bounds(3, 3, 5, 1e9)
    pieces = split(here, walk, bounds)
    assert [d for p in pieces for d in p] == walk
    every = [[walk[:i], walk[i:j], walk[j:]] for i in range(3, 6) for j in range(i + 3, i + 6) if 3 <= 11 - j <= 5]
    assert sum(length_m(here, p) for p in pieces) == pytest.approx(
        min(sum(length_m(here, p) for p in cut) for cut in every))


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 400), st.integers(1, 60))
def test_bounds_always_leave_a_way(count: int, max_doors: int) -> None:
    turfs = -(-count // max_doors)
    fewest, most = bounds_for(count, turfs, max_doors)
    assert 1 <= fewest <= most <= max_doors
    assert turfs * fewest <= count <= turfs * most


def test_exchange_mends_a_bad_cut() -> None:
    """Two rows of doors, each cut in the middle and paired crosswise: exchange gives each turf its own row."""
    here = graph([(6.0 * i, y) for y in (0.0, 500.0) for i in range(20)])
    crossed = [[*range(10), *range(30, 40)], [*range(10, 20), *range(20, 30)]]
    turfs = exchange(here, crossed, Bounds(2, 17, 23, 1e9), 3000, 1)
    assert sorted(sorted(t) for t in turfs) == [list(range(20)), list(range(20, 40))]
    assert sum(length_m(here, t) for t in turfs) == pytest.approx(2 * 19 * 6.0)
