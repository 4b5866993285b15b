"""A made-up ward for measuring: houses on both sides of alleys, in khu phố that touch each other."""
from __future__ import annotations

import random
from math import cos, radians

from binhan.casework.visits.rules.doors import Door
from binhan.kernel.geo import M_PER_DEGREE

CORNER = (10.98, 106.67)
STEP_M = 25.0  # alleys begin at the knots of such a grid
MINUTES = (3.0, 5.0, 5.0, 8.0, 12.0)


def alley_doors(count: int, seed: int, size_m: float, group: str = "", at_m: tuple[float, float] = (0.0, 0.0)
                ) -> list[Door]:
    """`count` doors 4–8 m apart along alleys of 40–220 m within a square; the south-west corner lies `at_m` east and
    north of CORNER. Alleys are cut off at random, so that some doors stand alone."""
    rng = random.Random(seed)
    points: list[tuple[float, float]] = []
    while len(points) < count * 1.3:
        x, y = (rng.randrange(int(size_m / STEP_M)) * STEP_M for _ in "xy")
        length, east = rng.uniform(40, 220), rng.random() < 0.5
        along = 0.0
        while along < length:
            points += [(x + along, y + side) if east else (x + side, y + along) for side in (-2.5, 2.5)
                       if rng.random() < 0.85]
            along += rng.uniform(4, 8)
    return [_door(f"{group}#{i:05}", x + at_m[0], y + at_m[1], rng.choice(MINUTES), group)
            for i, (x, y) in enumerate(rng.sample(points, count))]


def scattered_doors(count: int, seed: int, size_m: float) -> list[Door]:
    """Doors anywhere in a square, as farms lie."""
    rng = random.Random(seed)
    return [_door(f"{i:05}", rng.uniform(0, size_m), rng.uniform(0, size_m), 5.0, "") for i in range(count)]


def ward_doors(count: int, groups: int) -> list[Door]:
    """A ward of `count` doors in `groups` khu phố of unequal size, five beside each other."""
    rng = random.Random(groups)
    weights = [rng.uniform(0.6, 1.5) for _ in range(groups)]
    sizes = [int(count * w / sum(weights)) for w in weights]
    sizes[0] += count - sum(sizes)
    return [door for g, size in enumerate(sizes)
            for door in alley_doors(size, g, 500.0, f"Khu phố {g + 1}", (g % 5 * 550.0, g // 5 * 550.0))]


def _door(door_id: str, x: float, y: float, minutes: float, group: str) -> Door:
    lat = CORNER[0] + y / M_PER_DEGREE
    return Door(door_id, round(lat, 7), round(CORNER[1] + x / M_PER_DEGREE / cos(radians(CORNER[0])), 7), minutes, group)
