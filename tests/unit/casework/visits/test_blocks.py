"""A large piece of ground is halved until each part can be searched; no door is lost and none is walked twice."""
from __future__ import annotations

import numpy as np
import pytest

from binhan.casework.visits.rules.blocks import BLOCK, Block, divide, order, solve
from binhan.casework.visits.rules.door_graph import door_graph


def street(count: int, step: float = 0.0001) -> list[tuple[float, float]]:
    """Doors along one street, west to east."""
    return [(11.0, 106.7 + n * step) for n in range(count)]


@pytest.mark.parametrize(("count", "turfs"), [(BLOCK, 40), (BLOCK + 1, 41), (4 * BLOCK + 7, 90), (3 * BLOCK, 1)])
def test_every_door_is_in_one_block_and_the_turfs_are_shared_out(count: int, turfs: int) -> None:
    blocks = divide(street(count), list(range(count)), turfs)
    assert sorted(door for doors, _ in blocks for door in doors) == list(range(count))
    assert sum(number for _, number in blocks) == turfs
    assert all(len(doors) <= BLOCK or number == 1 for doors, number in blocks)
    for doors, _ in blocks:
        assert doors == list(range(doors[0], doors[-1] + 1)), "cut across the street, never along it"


def test_a_block_is_walked_door_after_door() -> None:
    at = np.arange(12, dtype=np.float64) * 10
    metres = np.abs(at[:, None] - at)
    (alone,) = solve(Block(metres, [5.0] * 12, 1, 20))
    assert alone.doors in ([*range(12)], [*range(11, -1, -1)])
    assert alone.length_m == 110
    assert order(door_graph(metres, [5.0] * 12)) == alone.doors
    two = solve(Block(metres, [5.0] * 12, 2, 6))
    assert sorted(d for walk in two for d in walk.doors) == list(range(12))
    assert sorted(walk.length_m for walk in two) == [50, 50]
