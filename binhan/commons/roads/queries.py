"""Distances in a ward: along its roads where they were imported, else straight."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from binhan.commons.roads.models import RoadNet
from binhan.commons.roads.rules.distances import Distances, Point, StraightLine
from binhan.commons.roads.rules.graph import RoadGraph
from binhan.commons.roads.rules.packed import unpack
from binhan.commons.roads.rules.walking import distances_on_foot


def version_of(ward_id: int) -> datetime | None:
    """When the ward's roads of now were imported; None where there are none (1 query)."""
    return RoadNet.objects.filter(ward_id=ward_id).values_list("imported_at", flat=True).first()


def walking_graph(ward_id: int) -> RoadGraph | None:
    """The ward's walkable roads (1 query, and their bytes only when they are new to this process)."""
    version = version_of(ward_id)
    return _read(ward_id, version) if version else None


@lru_cache(maxsize=4)
def _read(ward_id: int, version: datetime) -> RoadGraph:
    row = RoadNet.objects.get(ward_id=ward_id)
    return unpack(bytes(row.nodes), bytes(row.stretches))


def walk_distances(ward_id: int, points: Sequence[Point]) -> tuple[Distances, int]:
    """Distances on foot for these points of the ward, and how many of them no road reaches (1–2 queries)."""
    graph = walking_graph(ward_id) if points else None
    return (StraightLine(), 0) if graph is None else distances_on_foot(graph, points)
