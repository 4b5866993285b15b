"""How far it is from door to door: the protocol that planning asks, and its straight-line answer."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from binhan.kernel.geo import EARTH_M

Metres = NDArray[np.float64]


class Measure(Protocol):
    """Distances between places on the ground."""

    word: str

    def between(self, places: Sequence[tuple[float, float]]) -> Metres:
        """Metres on foot between all (lat, lon): a symmetric matrix, 0 on the diagonal and between equal places."""


class StraightLine:
    """As the crow flies: great-circle (haversine) metres."""

    word = "straight_line"

    def between(self, places: Sequence[tuple[float, float]]) -> Metres:
        """See Measure."""
        return straight_m(places)


def straight_m(places: Sequence[tuple[float, float]]) -> Metres:
    """The haversine matrix of (lat, lon) in degrees."""
    lat, lon = np.radians(np.asarray(places, dtype=np.float64).reshape(-1, 2)).T
    a = np.sin((lat[:, None] - lat) / 2) ** 2
    a += np.cos(lat)[:, None] * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
    metres: Metres = 2 * EARTH_M * np.arcsin(np.minimum(1.0, np.sqrt(a)))
    return metres
