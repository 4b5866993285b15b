"""By which distances the walks of a ward are planned: along its roads where they were imported, else straight."""
from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from binhan.casework.visits.models import RoadNet
from binhan.casework.visits.roads.osm import Roads
from binhan.casework.visits.roads.packed import unpack
from binhan.casework.visits.roads.walking import OnFoot
from binhan.casework.visits.rules.measure import Measure, StraightLine
from binhan.commons.places.models import Ward
from binhan.kernel.geo import M_PER_DEGREE, Box

AROUND_M = 2000  # roads so far beyond the ward's own box are kept too: the shortest way may lead outside


def roads_of(ward_id: int) -> Roads | None:
    """The ward's roads (1 query, and their bytes only when they are new to this process)."""
    at = RoadNet.objects.filter(ward_id=ward_id).values_list("imported_at", flat=True).first()
    return _read(ward_id, at.isoformat()) if at else None


@lru_cache(maxsize=4)
def _read(ward_id: int, at: str) -> Roads:
    row = RoadNet.objects.get(ward_id=ward_id)
    return unpack(bytes(row.nodes), bytes(row.stretches))


def measure_for(ward_id: int, places: Sequence[tuple[float, float]]) -> tuple[Measure, int]:
    """Distances for these places (lat, lon), and how many of them no road reaches; straight where none does."""
    roads = roads_of(ward_id) if places else None
    if roads is None:
        return StraightLine(), 0
    on_foot = OnFoot(roads, places)
    return (StraightLine(), len(places)) if on_foot.unreachable == len(places) else (on_foot, on_foot.unreachable)


def ground_box(ward_id: int) -> Box | None:
    """South, west, north, east around the ward's boundary; None without a boundary (1 query)."""
    boundary = Ward.objects.filter(ward_id=ward_id).values_list("boundary", flat=True).first()
    places = list(_corners(boundary["coordinates"])) if boundary else []
    if not places:
        return None
    wide = AROUND_M / M_PER_DEGREE * 1.1  # a degree of longitude is a little shorter here
    lons, lats = zip(*places, strict=True)
    return min(lats) - wide, min(lons) - wide, max(lats) + wide, max(lons) + wide


def _corners(rings: object) -> Sequence[tuple[float, float]]:
    if not isinstance(rings, list) or not rings:
        return []
    if isinstance(rings[0], int | float):
        return [(float(rings[0]), float(rings[1]))]
    return [corner for ring in rings for corner in _corners(ring)]
