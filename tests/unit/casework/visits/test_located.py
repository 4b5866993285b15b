"""Doors whose place nobody wrote down, hand-made walks, and turfs shared out to groups."""
from __future__ import annotations

import pytest

from binhan.casework.visits.rules.located import Standing, cheapest_place, share_out, spots, walk_m


def test_a_door_without_a_place_stands_beside_its_neighbour() -> None:
    doors = [Standing("1", "w", "KP", None), Standing("2", "w", "KP", (11.0, 107.0)), Standing("3", "w", "KP", None),
             Standing("4", "", "KP", None), Standing("5", "v", "KP 9", None), Standing("6", "", "KP", (11.2, 107.0))]
    found = spots(doors, (10.0, 106.0))
    assert found["1"] == found["2"] == found["3"] == (11.0, 107.0)
    assert found["4"] == pytest.approx((11.1, 107.0))
    assert found["5"] == (10.0, 106.0) and found["6"] == (11.2, 107.0)


def test_a_walk_passes_over_unknown_places() -> None:
    assert walk_m([(11.0, 107.0), None, (11.001, 107.0)]) == pytest.approx(111.2, abs=0.2)
    assert walk_m([]) == walk_m([None]) == 0


def test_one_more_door_goes_where_it_costs_least() -> None:
    walk = [(11.0, 107.0), (11.001, 107.0), (11.003, 107.0)]
    assert cheapest_place(walk, (11.002, 107.0)) == 2
    assert cheapest_place(walk, (11.004, 107.0)) == 3
    assert cheapest_place(walk, (10.999, 107.0)) == 0
    assert cheapest_place(walk, None) == 3
    assert cheapest_place([], (11.0, 107.0)) == 0


def test_each_turf_goes_to_the_group_with_least_to_do() -> None:
    assert share_out([30, 10, 10, 10, 10], 2) == [1, 2, 2, 2, 1]
    assert share_out([], 3) == []
