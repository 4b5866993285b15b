"""Reading an OpenStreetMap file (.osm, .osm.gz, .osm.pbf …) into the road graph of a mode of travel."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import osmium

from binhan.commons.roads.rules.graph import RoadGraph
from binhan.commons.roads.rules.modes import Mode, may_use
from binhan.kernel.geo import Box

AROUND_M = 2000.0  # roads so far beyond a ward's own box are kept too: the shortest way may lead outside


class UnreadableRoads(Exception):
    """The file is not there, or not an OpenStreetMap file, or broken."""


def read_roads(path: Path, mode: Mode, box: Box | None = None) -> RoadGraph:
    """The roads of a file that the mode may use, only stretches that reach into `box` if one is given.
    Raises UnreadableRoads."""
    number: dict[int, int] = {}
    nodes: list[tuple[float, float]] = []
    stretches: set[tuple[int, int]] = set()
    try:
        for ref_a, a, ref_b, b in _stretches(path, mode):
            if ref_a == ref_b or (box and not _inside(a, box) and not _inside(b, box)):
                continue
            for ref, place in ((ref_a, a), (ref_b, b)):
                if ref not in number:
                    number[ref] = len(nodes)
                    nodes.append(place)
            one, other = number[ref_a], number[ref_b]
            stretches.add((one, other) if one < other else (other, one))
    except (RuntimeError, OSError) as error:
        raise UnreadableRoads(str(error)) from error
    return RoadGraph(np.array(nodes, dtype=np.float64).reshape(-1, 2),
                     np.array(sorted(stretches), dtype=np.int64).reshape(-1, 2))


def _stretches(path: Path, mode: Mode) -> Iterator[tuple[int, tuple[float, float], int, tuple[float, float]]]:
    """Pairs of neighbouring nodes (id and place) of every way for the mode; nodes that the file lacks are left out."""
    ways = osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY).with_locations()
    for way in ways.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY)).with_filter(
            osmium.filter.KeyFilter("highway")):
        if not isinstance(way, osmium.osm.Way) or not may_use(mode, way.tags):
            continue
        known = [(n.ref, (n.location.lat, n.location.lon)) if n.location.valid() else None for n in way.nodes]
        for one, other in zip(known, known[1:], strict=False):
            if one and other:
                yield *one, *other


def _inside(place: tuple[float, float], box: Box) -> bool:
    return box[0] <= place[0] <= box[2] and box[1] <= place[1] <= box[3]
