"""Metres on foot: from a point straight to the nearest road, along the roads, and straight to the other point.

A point is reachable if a road lies within REACH_M and is joined to the net on which most points lie; between points of
which one is not reachable, the straight line counts.
"""
from __future__ import annotations

from collections.abc import Sequence
from math import cos, radians
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from binhan.commons.roads.rules.distances import Distances, Metres, Point, StraightLine, straight_m
from binhan.commons.roads.rules.graph import RoadGraph
from binhan.kernel.geo import M_PER_DEGREE, Box

if TYPE_CHECKING:
    from scipy.sparse import csr_array  # type: ignore[import-untyped]

REACH_M = 300.0
AROUND_M = 1000.0  # roads so far around some points are looked at first; all of them only if that does not join them
STEP_M = 20.0  # between the points by which the nearest road is looked up
CANDIDATES = 16
AT_ONCE = 128  # points whose ways are searched together


def distances_on_foot(graph: RoadGraph, points: Sequence[Point]) -> tuple[Distances, int]:
    """Distances between these points, and how many of them no road reaches; straight lines where none is reached."""
    along = WalkDistances(graph, points)
    return (StraightLine() if along.unreachable == len(points) else along), along.unreachable


def around(points: Sequence[Point]) -> Box:
    """The box of road around some points that matters to walks between them."""
    lats, lons = zip(*points, strict=True)
    high = 2 * AROUND_M / M_PER_DEGREE
    wide = high / max(0.1, cos(radians(max(map(abs, lats)))))
    return min(lats) - high, min(lons) - wide, max(lats) + high, max(lons) + wide


class WalkDistances:
    """Distances on foot along the road graph for a fixed set of points; see Distances. A spot is one of them, once."""

    kind = "roads"

    def __init__(self, graph: RoadGraph, points: Sequence[Point]) -> None:
        self.spots = list(dict.fromkeys(points))
        self._number = {point: i for i, point in enumerate(self.spots)}
        self.stretches = graph.stretches
        self.origin = graph.nodes.mean(axis=0) if len(graph.nodes) else np.zeros(2)
        self.nodes = self._flat(graph.nodes)
        self.lengths = np.maximum(np.hypot(*(self.nodes[self.stretches[:, 0]] - self.nodes[self.stretches[:, 1]]).T), 1e-3)
        self._attach(self._flat(np.array(self.spots, dtype=np.float64).reshape(-1, 2)))
        self.unreachable = sum(not self.reached[self._number[point]] for point in points)

    def _flat(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Degrees to metres on a plane around the roads' middle (x, y)."""
        lat, lon = (points - self.origin).T
        return np.column_stack((lon * cos(radians(float(self.origin[0]))), lat)) * M_PER_DEGREE

    def _attach(self, spots: NDArray[np.float64]) -> None:
        """For each spot the nearest stretch, how far along it (0…1), how far off it, and whether it is reached."""
        count = len(spots)
        self.on, self.along = np.zeros(count, dtype=np.int64), np.zeros(count)
        self.off, self.reached = np.full(count, np.inf), np.zeros(count, dtype=bool)
        if not len(self.stretches) or not count:
            return
        from scipy.sparse.csgraph import connected_components  # type: ignore[import-untyped]  # noqa: PLC0415 - takes its time to load
        from scipy.spatial import cKDTree  # type: ignore[import-untyped]  # noqa: PLC0415 - as above
        samples, owner = self._samples()
        _, near = cKDTree(samples).query(spots, k=min(CANDIDATES, len(samples)))
        candidates = owner[near.reshape(count, -1)]
        start = self.nodes[self.stretches[candidates, 0]]
        run = self.nodes[self.stretches[candidates, 1]] - start
        squared = np.maximum((run ** 2).sum(axis=2), 1e-6)
        along = np.clip(((spots[:, None] - start) * run).sum(axis=2) / squared, 0.0, 1.0)
        off = np.hypot(*(spots[:, None] - start - along[:, :, None] * run).transpose(2, 0, 1))
        pick = off.argmin(axis=1)
        rows = np.arange(count)
        self.on, self.along, self.off = candidates[rows, pick], along[rows, pick], off[rows, pick]
        self.reached = self.off <= REACH_M
        _, net_of_node = connected_components(self._matrix(self.stretches, self.lengths, len(self.nodes)), directed=False)
        net = net_of_node[self.stretches[self.on, 0]]
        if self.reached.any():
            self.reached &= net == np.bincount(net[self.reached]).argmax()

    def _samples(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Points at most STEP_M apart on every stretch, and the stretch of each."""
        pieces = np.ceil(self.lengths / STEP_M).astype(np.int64)
        owner = np.repeat(np.arange(len(pieces)), pieces)
        first = np.repeat(np.cumsum(pieces) - pieces, pieces)
        share = ((np.arange(len(owner)) - first + 0.5) / pieces[owner])[:, None]
        a, b = self.nodes[self.stretches[owner, 0]], self.nodes[self.stretches[owner, 1]]
        return a + (b - a) * share, owner

    @staticmethod
    def _matrix(ends: NDArray[np.int64], lengths: NDArray[np.float64], size: int) -> csr_array:
        from scipy.sparse import csr_array  # noqa: PLC0415 - takes its time to load
        return csr_array((lengths, (ends[:, 0], ends[:, 1])), shape=(size, size))

    def between(self, points: Sequence[Point]) -> Metres:
        """Metres on foot between all of the points, which must be among those given at first (KeyError if not)."""
        spots, back = np.unique([self._number[point] for point in points], return_inverse=True)
        metres = straight_m([self.spots[s] for s in spots])
        walkers = np.flatnonzero(self.reached[spots])
        if len(walkers) > 1:
            ways = self._ways(spots[walkers])
            metres[np.ix_(walkers, walkers)] = ways
        np.fill_diagonal(metres, 0.0)
        result: Metres = metres[np.ix_(back, back)]
        return result

    def _ways(self, spots: NDArray[np.int64]) -> Metres:
        """Between reachable spots; first with the roads around them, then, if these leave gaps, with all."""
        ends = self.nodes[self.stretches[self.on[spots]]].reshape(-1, 2)
        low, high = ends.min(axis=0) - AROUND_M, ends.max(axis=0) + AROUND_M
        inside = ((self.nodes >= low) & (self.nodes <= high)).all(axis=1)
        ways = self._search(spots, np.flatnonzero(inside[self.stretches].all(axis=1)))
        if np.isinf(ways).any():
            ways = self._search(spots, np.arange(len(self.stretches)))
        return ways

    def _search(self, spots: NDArray[np.int64], chosen: NDArray[np.int64]) -> Metres:
        """Shortest ways over the chosen stretches, each cut where a spot lies on it."""
        from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415 - takes its time to load
        nodes, ends = np.unique(self.stretches[chosen], return_inverse=True)
        ends, lengths = self._cut(ends.reshape(-1, 2), chosen, spots, len(nodes))
        graph = self._matrix(ends, lengths, len(nodes) + len(spots))
        targets = np.arange(len(nodes), len(nodes) + len(spots))
        ways = np.vstack([dijkstra(graph, directed=False, indices=targets[i:i + AT_ONCE])[:, targets]
                          for i in range(0, len(targets), AT_ONCE)])
        ways += self.off[spots][:, None] + self.off[spots]
        shorter: Metres = np.minimum(ways, ways.T)
        return shorter

    def _cut(self, ends: NDArray[np.int64], chosen: NDArray[np.int64], spots: NDArray[np.int64], first: int
             ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Ends and lengths of the stretches after spot i has become node `first + i`."""
        lengths = self.lengths[chosen]
        number = {int(stretch): i for i, stretch in enumerate(chosen)}
        cut: dict[int, list[tuple[float, int]]] = {}
        for i, spot in enumerate(spots.tolist()):
            cut.setdefault(number[int(self.on[spot])], []).append((float(self.along[spot]), first + i))
        whole = np.ones(len(ends), dtype=bool)
        new_ends: list[tuple[int, int]] = []
        new_lengths: list[float] = []
        for i, knots in cut.items():
            whole[i] = False
            chain = [(0.0, int(ends[i, 0])), *sorted(knots), (1.0, int(ends[i, 1]))]
            for (share, node), (next_share, next_node) in zip(chain, chain[1:], strict=False):
                new_ends.append((node, next_node))
                new_lengths.append(max((next_share - share) * float(lengths[i]), 1e-6))
        return (np.vstack((ends[whole], np.array(new_ends, dtype=np.int64).reshape(-1, 2))),
                np.concatenate((lengths[whole], new_lengths)))
