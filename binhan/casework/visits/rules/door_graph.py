"""The doors of a block as a search sees them: walking metres between any two, which are near each, minutes at each."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NEAR = 12  # neighbours a search looks at
PER_SPOT = 3  # of those, at most so many at one and the same spot: a block of flats must not hide the street


@dataclass(frozen=True, slots=True)
class DoorGraph:
    """`metres[a][b]` for doors 0…n-1 and, as n, OUTSIDE, 0 m from everything; `near[a]` nearest first;
    `minutes[a]` at door a, 0 for OUTSIDE."""

    metres: list[list[float]]
    near: list[list[int]]
    minutes: list[float]

    @property
    def outside(self) -> int:
        """The number of OUTSIDE, which is also the number of doors."""
        return len(self.near)


def door_graph(metres: NDArray[np.float64], minutes: list[float]) -> DoorGraph:
    """The graph of a symmetric matrix of metres and each door's minutes."""
    count = len(metres)
    wide = np.zeros((count + 1, count + 1))
    wide[:count, :count] = metres
    return DoorGraph(wide.tolist(), neighbours(metres), [*minutes, 0.0])


def neighbours(metres: NDArray[np.float64]) -> list[list[int]]:
    """For each door the NEAR nearest others, nearest first, equals in the doors' order."""
    order = np.argsort(metres, axis=1, kind="stable")
    same = metres <= 0.0
    if same.sum() == len(metres):
        return [[b for b in row if b != a][:NEAR] for a, row in enumerate(order[:, :NEAR + 1].tolist())]
    spot = same.argmax(axis=1).tolist()  # the first door at the same place stands for it
    return [_spread(a, row, spot) for a, row in enumerate(order.tolist())]


def _spread(a: int, row: list[int], spot: list[int]) -> list[int]:
    seen: dict[int, int] = {}
    found: list[int] = []
    for b in row:
        if b != a and seen.get(spot[b], 0) < PER_SPOT:
            seen[spot[b]] = seen.get(spot[b], 0) + 1
            found.append(b)
            if len(found) == NEAR:
                break
    return found
