"""How far it is from point to point: the protocol that planning asks, and the straight line."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from binhan.kernel.geo import EARTH_M

Metres = NDArray[np.float64]  # n × n, symmetric, 0 on the diagonal
Point = tuple[float, float]  # lat, lon in degrees


class Distances(Protocol):
    """Distances between points on the ground. `kind`: along what they are measured, a code for screens and files."""

    kind: str

    def between(self, points: Sequence[Point]) -> Metres:
        """Metres between all of the points: a symmetric matrix, 0 on the diagonal and between equal points."""


class StraightLine:
    """As the crow flies: great-circle (haversine) metres."""

    kind = "straight_line"

    def between(self, points: Sequence[Point]) -> Metres:
        """See Distances."""
        return straight_m(points)


def straight_m(points: Sequence[Point]) -> Metres:
    """The haversine matrix of the points."""
    lat, lon = np.radians(np.asarray(points, dtype=np.float64).reshape(-1, 2)).T
    a = np.sin((lat[:, None] - lat) / 2) ** 2
    a += np.cos(lat)[:, None] * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
    metres: Metres = 2 * EARTH_M * np.arcsin(np.minimum(1.0, np.sqrt(a)))
    return metres
