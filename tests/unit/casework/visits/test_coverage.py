"""Counting doors, the pace, and hiding what would give somebody away – tried as an attacker would, by solving the sums."""
from __future__ import annotations

import random
from collections.abc import Hashable
from datetime import date

import numpy as np
import pytest

from binhan.casework.visits.rules.coverage import Door, by, count, pace, part_of, weeks
from binhan.casework.visits.rules.suppress import Sum, hidden

DAY = date(2026, 11, 25)


def test_a_door_is_in_one_part() -> None:
    doors = [Door("A", ("A", "x"), "T", (), p, DAY, DAY) for p in ("reached", "refused", "not_yet", "not_yet")]
    assert (count(doors)["not_yet"], sum(count(doors).values())) == (2, 4)
    assert by(doors, lambda d: d.way) == {("A", "x"): count(doors)}
    assert [part_of("not_home", 1), part_of("not_home", 3), part_of("refused", 2)] == [
        "not_home_1", "not_home_2", "refused"]


def test_weeks_count_the_first_time() -> None:
    doors = [Door("A", ("A", ""), "T", (), "reached", date(2026, 11, 20), date(2026, 11, 25)),
             Door("A", ("A", ""), "T", (), "not_home_1", date(2026, 11, 22))]
    assert weeks(doors) == {date(2026, 11, 16): {"approached": 2, "reached": 0},
                            date(2026, 11, 23): {"approached": 0, "reached": 1}}


@pytest.mark.parametrize(("approached", "total", "opened", "done"), [
    (0, 100, None, None), (0, 100, DAY, None), (10, 100, DAY, date(2026, 12, 4)),
    (50, 100, date(2026, 11, 16), date(2026, 12, 5)),
    (100, 100, DAY, DAY), (1, 1_000_000, DAY, None)])
def test_done_at_this_pace(approached: int, total: int, opened: date | None, done: date | None) -> None:
    assert pace(approached, total, opened, date(2026, 12, 31), DAY).done_on == done


def test_what_a_day_must_bring() -> None:
    assert pace(40, 100, DAY, date(2026, 12, 5), DAY).needed_per_day == 6.0
    assert pace(40, 100, DAY, DAY, DAY).needed_per_day is None


def test_a_lone_small_count_takes_another_with_it() -> None:
    cells: dict[Hashable, int] = {"a": 3, "b": 20, "c": 7, "d": 0}
    assert hidden(cells, [Sum(list(cells))]) == {"a", "c"}
    assert hidden({"a": 30, "b": 0}, [Sum(["a", "b"])]) == set()
    assert hidden({"a": 1, "b": 1, "c": 9, "d": 50}, [Sum(["a", "b", "c", "d"])]) == {"a", "b", "c"}
    assert hidden({"x": 2, "y": 2}, [Sum(["x"], "y")]) == {"x", "y"}


def found_out(cells: dict[Hashable, int], sums: list[Sum], gone: set[Hashable]) -> set[Hashable]:
    """The hidden cells whose value the sums leave no doubt about."""
    names = sorted(gone, key=str)
    at = {name: n for n, name in enumerate(names)}
    rows = []
    for s in sums:
        row = np.zeros(len(names))
        for key, sign in [*((p, 1) for p in s.parts), *([(s.total, -1)] if s.total is not None else [])]:
            if key in at:
                row[at[key]] += sign
        rows.append(row)
    _, values, vt = np.linalg.svd(np.array(rows))
    free = vt[(values > 1e-9).sum():]
    return {name for name in names if not len(free) or np.abs(free[:, at[name]]).max() < 1e-9}


@pytest.mark.parametrize("seed", range(100))
def test_nobody_can_solve_the_sums(seed: int) -> None:
    """Khu phố made of ways, teams of khu phố, every line known in total: no hidden count can be computed."""
    rng = random.Random(seed)
    parts, areas = ("reached", "refused", "absent", "not_yet"), range(rng.randint(1, 5))
    cells: dict[Hashable, int] = {}
    sums: list[Sum] = []
    for a in areas:
        ways = range(rng.randint(1, 6))
        for w in ways:
            for p in parts:
                cells[("way", a, w, p)] = rng.choice([0, 0, 1, 2, 3, 8, 12, 30])
            sums.append(Sum([("way", a, w, p) for p in parts]))
        for p in parts:
            cells[("area", a, p)] = cells[("team", a // 2, p)] = 0
            cells[("area", a, p)] = sum(cells[("way", a, w, p)] for w in ways)
            sums.append(Sum([("way", a, w, p) for w in ways], ("area", a, p)))
        sums.append(Sum([("area", a, p) for p in parts]))
    for p in parts:
        for t in {a // 2 for a in areas}:
            cells[("team", t, p)] = sum(cells[("area", a, p)] for a in areas if a // 2 == t)
            sums.append(Sum([("area", a, p) for a in areas if a // 2 == t], ("team", t, p)))
        cells[("all", p)] = sum(cells[("area", a, p)] for a in areas)
        sums.append(Sum([("area", a, p) for a in areas], ("all", p)))
        sums.append(Sum([("team", t, p) for t in {a // 2 for a in areas}], ("all", p)))
    sums += [Sum([("team", t, p) for p in parts]) for t in {a // 2 for a in areas}]
    sums.append(Sum([("all", p) for p in parts]))
    gone = hidden(cells, sums)
    assert all(key in gone for key, n in cells.items() if 0 < n < 5)
    assert found_out(cells, sums, gone) == set()
