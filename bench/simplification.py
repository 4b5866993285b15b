"""python -m bench.simplification: the share of points that the packaged, simplified boundaries put into another ward
than the full-detail ones do, over the 168 wards of Hồ Chí Minh City."""
from __future__ import annotations

import random
from statistics import mean

from shapely.geometry import shape

from bench.ground import city, packaged, points_in
from binhan.kernel.geo import WardIndex

PER_WARD = 1000


def main() -> None:
    """Print the figures."""
    boundaries = city()
    full = WardIndex(boundaries)
    simple = WardIndex(packaged(list(boundaries)))
    rng = random.Random(168)
    wrong: dict[int, float] = {}
    depths: list[float] = []
    area: dict[int, float] = {}
    for ward, outline in full.shapes.items():
        misses = [p for p in points_in(full, ward, PER_WARD, rng) if _ward(simple, p) != _ward(full, p)]
        wrong[ward] = len(misses) / PER_WARD
        depths += [outline.distance_m(*p) for p in misses]
        area[ward] = shape(boundaries[ward]).area
    weighted = sum(wrong[w] * area[w] for w in wrong) / sum(area.values())
    worst = max(wrong, key=lambda w: wrong[w])
    depths.sort()
    print(f"points: {PER_WARD} in each of {len(wrong)} wards")
    print(f"in the wrong ward, every ward alike: {mean(wrong.values()):.2%}")
    print(f"in the wrong ward, every square metre alike: {weighted:.2%}")
    print(f"worst ward: {worst:05d} with {wrong[worst]:.1%}; Tân Uyên (25888): {wrong[25888]:.1%}")
    print(f"how far the misplaced points lie from their ward's edge: median {depths[len(depths) // 2]:.0f} m, "
          f"99 % within {depths[len(depths) * 99 // 100]:.0f} m, furthest {depths[-1]:.0f} m")


def _ward(index: WardIndex, point: tuple[float, float]) -> int:
    found = index.locate(*point)
    return found.ward_id if found else 0


if __name__ == "__main__":
    main()
