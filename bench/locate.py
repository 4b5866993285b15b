"""python -m bench.locate: how long it takes to build the index of wards, and to find a point's ward."""
from __future__ import annotations

import random
import time
from collections.abc import Mapping
from typing import Any

from bench.ground import city, packaged, points_in
from binhan.kernel.geo import WardIndex, rings_of

ROUNDS = 5
Point = tuple[float, float]


def build_ms(boundaries: Mapping[int, Any]) -> float:
    """Milliseconds to build the index, the best of a few."""
    return min(_ms(lambda: WardIndex(boundaries)) for _ in range(ROUNDS))


def query_us(boundaries: Mapping[int, Any], points: list[Point]) -> float:
    """Microseconds per query, the best of a few rounds; the first round fills the index's memory."""
    index = WardIndex(boundaries)

    def all_points() -> None:
        for lat, lon in points:
            index.locate(lat, lon)
    return min(_ms(all_points) for _ in range(ROUNDS)) * 1000 / len(points)


def _ms(work: Any) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def near_edges(boundaries: Mapping[int, Any], rng: random.Random, count: int) -> list[Point]:
    """Points within some 50 m of a corner of a boundary: the slow ones."""
    corners = [corner for g in boundaries.values() for ring in rings_of(g) for corner in ring]
    return [(y + rng.gauss(0, 2e-4), x + rng.gauss(0, 2e-4)) for x, y in rng.choices(corners, k=count)]


def main() -> None:
    """Print the table."""
    rng = random.Random(11)
    sample = packaged([25888, 25891, 25920], detailed=True)
    whole = city()
    index = WardIndex(whole)
    gaps = [p for p in near_edges(whole, rng, 60_000) if (at := index.locate(*p)) and at.how == "gap"]
    print("| wards | points of the boundaries | build | inside | near an edge | in a gap |\n|---|---|---|---|---|---|")
    for name, boundaries in (("3 sample wards", sample), ("168 wards of the city", whole)):
        own = WardIndex(boundaries)
        inside = [p for w in boundaries for p in points_in(own, w, 20_000 // len(boundaries), rng)]
        edge = near_edges(boundaries, rng, 20_000)
        lost = [p for p in gaps if (at := own.locate(*p)) and at.how == "gap"][:5000]
        corners = sum(len(ring) for g in boundaries.values() for ring in rings_of(g))
        print(f"| {name} | {corners:,} | {build_ms(boundaries):.0f} ms | {query_us(boundaries, inside):.1f} µs "
              f"| {query_us(boundaries, edge):.1f} µs | {query_us(boundaries, lost):.0f} µs |")


if __name__ == "__main__":
    main()
