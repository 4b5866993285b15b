"""Made-up doors for the tests of planning."""
from __future__ import annotations

import random

from binhan.casework.visits.rules.doors import Door


def alleys(count: int, seed: int, group: str = "Khu phố 1", priority: int = 2) -> list[Door]:
    """Doors 6 m apart on both sides of crossing alleys, their order shuffled."""
    rng = random.Random(seed)
    doors: list[Door] = []
    while len(doors) < count:
        lat, lon = 10.98 + rng.randrange(12) * 0.0003, 106.67 + rng.randrange(12) * 0.0003
        along = rng.random() < 0.5
        for i in range(rng.randrange(6, 25)):
            side = 0.00002 * (1 if i % 2 else -1)
            place = (lat + side, lon + i * 0.00003) if along else (lat + i * 0.00003, lon + side)
            minutes = rng.choice((3.0, 5.0, 5.0, 8.0, 12.0))
            doors.append(Door(f"{group}-{priority}-{len(doors):05}", *place, minutes, group, priority))
    doors = doors[:count]
    rng.shuffle(doors)
    return doors
