"""Reading an OpenStreetMap file (.osm, .osm.gz, .osm.pbf …): the stretches of road that may be walked.

Walked: every `highway` but motorways, race tracks, busways and what is not yet or no longer there, unless access or
foot forbids it; alleys, stairs, footways and service roads too. One-way signs do not bind walkers.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import osmium
from numpy.typing import NDArray

from binhan.kernel.geo import Box

NOT_WALKED = {"motorway", "motorway_link", "construction", "proposed", "planned", "abandoned", "razed", "raceway",
              "bus_guideway", "busway", "escape"}
SHUT, OPEN = {"no", "private"}, {"yes", "designated", "permissive", "public"}


class UnreadableRoads(Exception):
    """The file is not there, or not an OpenStreetMap file, or broken."""


@dataclass(frozen=True, slots=True)
class Roads:
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


def read_roads(path: Path, box: Box | None = None) -> Roads:
    """The walkable roads of a file, only stretches that reach into `box` if one is given."""
    number: dict[int, int] = {}
    nodes: list[tuple[float, float]] = []
    stretches: set[tuple[int, int]] = set()
    try:
        for ref_a, a, ref_b, b in _stretches(path):
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
    return Roads(np.array(nodes, dtype=np.float64).reshape(-1, 2),
                 np.array(sorted(stretches), dtype=np.int64).reshape(-1, 2))


def _stretches(path: Path) -> Iterator[tuple[int, tuple[float, float], int, tuple[float, float]]]:
    """Pairs of neighbouring nodes (id and place) of every walkable way; nodes that the file lacks are left out."""
    ways = osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY).with_locations()
    for way in ways.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY)).with_filter(
            osmium.filter.KeyFilter("highway")):
        if not isinstance(way, osmium.osm.Way) or not _walked(way):
            continue
        known = [(n.ref, (n.location.lat, n.location.lon)) if n.location.valid() else None for n in way.nodes]
        for one, other in zip(known, known[1:], strict=False):
            if one and other:
                yield *one, *other


def _walked(way: osmium.osm.Way) -> bool:
    tags = way.tags
    if tags["highway"] in NOT_WALKED or tags.get("foot") in SHUT:
        return False
    return tags.get("access") not in SHUT or tags.get("foot") in OPEN


def _inside(place: tuple[float, float], box: Box) -> bool:
    return box[0] <= place[0] <= box[2] and box[1] <= place[1] <= box[3]
