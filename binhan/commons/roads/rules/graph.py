"""The road graph: points, and the stretches of road between two of them."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from binhan.kernel.geo import Box


@dataclass(frozen=True, slots=True)
class RoadGraph:
    """Nodes (lat, lon in degrees, n × 2) and stretches between two of them (node numbers, m × 2), each once."""

    nodes: NDArray[np.float64]
    stretches: NDArray[np.int64]

    @property
    def box(self) -> Box | None:
        """South, west, north, east; None without roads."""
        if not len(self.nodes):
            return None
        (south, west), (north, east) = self.nodes.min(axis=0).tolist(), self.nodes.max(axis=0).tolist()
        return south, west, north, east
