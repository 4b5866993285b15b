"""Points and polygons on the ground: distances, and which ward a point lies in.

A grid over all wards answers most queries from one dictionary look-up; near a boundary only the edges that
cross the point's own latitude band are tested. Degrees are WGS 84, distances metres.

Which ward has a point: the one that contains it; where several do (boundaries drawn by different hands overlap),
the one in which it lies deepest; where none does (a gap, or a little out at sea), the one whose boundary is
nearest, up to `gap_m`. Equal claims go to the lower code, so that the same point always has the same answer.
"""
from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

EARTH_M = 6_371_008.8
M_PER_DEGREE = EARTH_M * math.pi / 180
Ring = list[tuple[float, float]]  # (lon, lat), closed
Edge = tuple[float, float, float, float]  # lon1, lat1, lon2, lat2
Box = tuple[float, float, float, float]  # south, west, north, east
# Viet Nam with its seas: Hoàng Sa and Trường Sa lie inside.
VIETNAM_BOX = (6.0, 101.5, 24.0, 118.0)  # south, west, north, east
# Its outline within that box as (lon, lat): every ward we ship with at least 11 km around it, and the sea out to Hoàng
# Sa and Trường Sa. The box alone would also hold Phnôm Pênh, Viêng Chăn, Nam Ninh and Hải Nam.
OUTLINE = (
    (101.9, 22.3), (101.9, 22.6), (102.3, 23.0), (103.0, 22.9), (103.3, 23.1), (103.9, 23.0), (104.5, 23.1), (104.6, 23.3),
    (105.3, 23.7), (105.9, 23.3), (106.8, 23.2), (107.1, 22.9), (107.0, 22.3), (107.6, 21.9), (108.0, 21.9), (108.4, 21.6),
    (108.3, 21.1), (108.0, 20.8), (108.4, 17.7), (113.2, 17.6), (114.1, 15.2), (118.0, 12.2), (118.0, 11.2), (118.1, 10.8),
    (118.0, 10.5), (117.9, 6.5), (104.0, 6.5), (102.5, 8.4), (102.9, 9.6), (103.5, 10.3), (103.6, 10.6), (104.0, 10.7),
    (104.2, 10.6), (104.7, 10.8), (105.0, 11.2), (105.6, 11.3), (105.5, 11.7), (105.7, 11.9), (107.3, 12.6), (107.2, 13.0),
    (107.3, 13.5), (107.0, 14.1), (107.3, 15.2), (107.0, 15.6), (107.0, 16.0), (106.5, 16.3), (106.1, 17.0), (105.0, 18.1),
    (104.8, 18.5), (103.6, 19.2), (103.6, 19.4), (103.9, 19.9), (104.5, 20.0), (104.1, 20.3), (104.1, 20.6), (103.7, 20.4),
    (103.0, 20.7), (102.6, 21.1), (102.4, 21.7))
RUN = 24  # edges that share one box when the nearest is looked for


def haversine_m(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance in metres."""
    p1, p2 = math.radians(lat1), math.radians(lat2)
    a = math.sin((p2 - p1) / 2) ** 2 + math.cos(p1) * math.cos(p2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_M * math.asin(min(1.0, math.sqrt(a)))


def rings_of(geometry: Mapping[str, Any]) -> Iterator[Ring]:
    """Every ring, outer and inner, of a GeoJSON Polygon or MultiPolygon."""
    if geometry["type"] == "Polygon":
        polygons = [geometry["coordinates"]]
    elif geometry["type"] == "MultiPolygon":
        polygons = geometry["coordinates"]
    else:
        raise ValueError(f"a boundary must be a Polygon or MultiPolygon, not {geometry['type']}")
    for polygon in polygons:
        for ring in polygon:
            yield [(float(x), float(y)) for x, y, *_ in ring]


@dataclass(frozen=True, slots=True)
class Located:
    """A point's ward. `how`: inside; overlap (several wards claim it, this one most deeply); gap (none claims
    it, this one's boundary is nearest, `distance_m` away); outside (as gap, but further away than a gap is wide)."""

    ward_id: int
    how: str
    distance_m: float = 0.0


def box_of(edges: list[Edge]) -> Box:
    """The smallest box around some edges: south, west, north, east."""
    lons = [x for e in edges for x in (e[0], e[2])]
    lats = [y for e in edges for y in (e[1], e[3])]
    return (min(lats), min(lons), max(lats), max(lons))


def box_distance_m(box: Box, lat: float, lon: float) -> float:
    """Metres from a point to a box; 0 within it. Flat-earth approximation around the point, as everywhere here."""
    dy = max(box[0] - lat, 0.0, lat - box[2])
    dx = max(box[1] - lon, 0.0, lon - box[3]) * math.cos(math.radians(lat))
    return math.hypot(dx, dy) * M_PER_DEGREE


class Shape:
    """One ward's boundary: its edges sorted into latitude bands, and in runs of neighbours with a box each."""

    def __init__(self, geometry: Mapping[str, Any], band: float) -> None:
        self.band = band
        self.edges: list[Edge] = []
        self.bands: dict[int, list[Edge]] = {}
        for ring in rings_of(geometry):
            for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
                if (x1, y1) != (x2, y2):  # always from south to north: neighbours then do the same arithmetic
                    self._add((x1, y1, x2, y2) if y1 <= y2 else (x2, y2, x1, y1))
        if not self.edges:
            raise ValueError("a boundary without edges")
        self.box = box_of(self.edges)
        runs = [self.edges[i:i + RUN] for i in range(0, len(self.edges), RUN)]
        self.runs = [(box_of(run), run) for run in runs]

    def _add(self, edge: Edge) -> None:
        self.edges.append(edge)
        for i in range(math.floor(edge[1] / self.band), math.floor(edge[3] / self.band) + 1):
            self.bands.setdefault(i, []).append(edge)

    def contains(self, lat: float, lon: float) -> bool:
        """Even-odd rule; a half-open edge test, so that a shared boundary belongs to exactly one side."""
        inside = False
        for x1, y1, x2, y2 in self.bands.get(math.floor(lat / self.band), ()):
            if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
                inside = not inside
        return inside

    def distance_m(self, lat: float, lon: float) -> float:
        """Metres from the point to the boundary, from inside or outside."""
        best = math.inf
        for away, i in sorted((box_distance_m(box, lat, lon), i) for i, (box, _) in enumerate(self.runs)):
            if away > best:
                break
            best = min(best, edges_distance_m(self.runs[i][1], lat, lon))
        return best


def edges_distance_m(edges: Iterable[Edge], lat: float, lon: float) -> float:
    """Metres from a point to the nearest of some edges."""
    kx = math.cos(math.radians(lat))
    best = math.inf
    for x1, y1, x2, y2 in edges:
        ax, ay, bx, by = (x1 - lon) * kx, y1 - lat, (x2 - lon) * kx, y2 - lat
        dx, dy = bx - ax, by - ay
        squared = dx * dx + dy * dy
        t = max(0.0, min(1.0, -(ax * dx + ay * dy) / squared)) if squared else 0.0
        best = min(best, (ax + t * dx) ** 2 + (ay + t * dy) ** 2)
    return math.sqrt(best) * M_PER_DEGREE


VIETNAM = Shape({"type": "Polygon", "coordinates": [OUTLINE]}, 1.0)


def in_vietnam(lat: float, lon: float) -> bool:
    """True for a finite coordinate in Viet Nam, its seas, or close by; (0, 0) and NaN are not."""
    south, west, north, east = VIETNAM_BOX
    return south <= lat <= north and west <= lon <= east and VIETNAM.contains(lat, lon)


class WardIndex:
    """Point → ward. Built once from {ward_id: GeoJSON geometry}; what queries add is only a memory of answers."""

    def __init__(self, boundaries: Mapping[int, Mapping[str, Any]], cell: float = 0.005, gap_m: float = 2000.0) -> None:
        self.cell, self.gap_m = cell, gap_m
        self.shapes = {ward: Shape(geometry, cell) for ward, geometry in sorted(boundaries.items())}
        self._edge_cells: dict[tuple[int, int], list[int]] = {}
        self._whole: dict[tuple[int, int], tuple[int, ...]] = {}
        for ward, shape in self.shapes.items():
            for key in self._cells_on_boundary(shape.edges):
                self._edge_cells.setdefault(key, []).append(ward)

    def _cells_on_boundary(self, edges: Iterable[Edge]) -> set[tuple[int, int]]:
        cells: set[tuple[int, int]] = set()
        c = self.cell
        for x1, y1, x2, y2 in edges:
            i1, i2 = sorted((math.floor(y1 / c), math.floor(y2 / c)))
            j1, j2 = sorted((math.floor(x1 / c), math.floor(x2 / c)))
            cells.update((i, j) for i in range(i1, i2 + 1) for j in range(j1, j2 + 1))
        return cells

    def locate(self, lat: float, lon: float) -> Located | None:
        """The ward of a point; None when it is further than `gap_m` from every ward."""
        key = (math.floor(lat / self.cell), math.floor(lon / self.cell))
        claims = self._claims(key, lat, lon)
        if len(claims) == 1:
            return Located(claims[0], "inside")
        if claims:
            deep = max(claims, key=lambda w: (self.shapes[w].distance_m(lat, lon), -w))
            return Located(deep, "overlap")
        near = self.nearest(lat, lon, self.gap_m)
        return Located(near[0], "gap", near[1]) if near and near[1] <= self.gap_m else None

    def take(self, lat: float, lon: float) -> Located | None:
        """The ward that takes a point in any case: its own, else the nearest however far it is; None without wards."""
        found = self.locate(lat, lon)
        if found is not None:
            return found
        near = self.nearest(lat, lon)
        return Located(near[0], "outside", near[1]) if near else None

    def _claims(self, key: tuple[int, int], lat: float, lon: float) -> tuple[int, ...]:
        """Wards that contain the point. Away from boundaries the whole cell has one answer, kept once known."""
        on_edge = self._edge_cells.get(key)
        whole = self._whole.get(key)
        if whole is None:
            skip = set(on_edge or ())
            whole = tuple(w for w, s in self.shapes.items() if w not in skip and s.box[0] <= lat <= s.box[2]
                          and s.box[1] <= lon <= s.box[3] and s.contains(lat, lon))
            if whole or on_edge:  # cells far from every ward are not kept: anybody could ask for millions of them
                self._whole[key] = whole
        if not on_edge:
            return whole
        return whole + tuple(w for w in on_edge if self.shapes[w].contains(lat, lon))

    def nearest(self, lat: float, lon: float, within_m: float = math.inf) -> tuple[int, float] | None:
        """(ward, metres to its boundary) of the ward whose boundary is nearest; wards whose box lies further away
        than `within_m` or than the best so far are not looked at."""
        best: tuple[float, int] | None = None
        for away, ward in sorted((box_distance_m(s.box, lat, lon), w) for w, s in self.shapes.items()):
            if away > min(within_m, best[0] if best else math.inf):
                break
            claim = (self.shapes[ward].distance_m(lat, lon), ward)
            best = min(best, claim) if best else claim
        return (best[1], best[0]) if best else None
