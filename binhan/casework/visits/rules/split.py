"""Cutting one long walk into turfs: the cheapest cuts that keep every turf within its bounds."""
from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, inf

from binhan.casework.visits.rules.door_graph import DoorGraph

DOORS_BAND = 0.2  # a turf may have so much fewer or more doors than the mean of its block
MINUTES_BAND = 0.12  # and so many more minutes
METRES_PER_MINUTE = 1000.0 * 4 / 60  # walking from door to door: 4 km/h
OVERTIME_M = 300.0  # a minute beyond the band counts like so many metres of walking


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many doors a turf may have (`fewest`…`most`), and the minutes beyond which it is too long a day."""

    turfs: int
    fewest: int
    most: int
    minutes: float


def bounds_for(count: int, turfs: int, max_doors: int) -> tuple[int, int]:
    """Fewest and most doors of each of `turfs` turfs that share `count` doors; the even shares are always allowed."""
    mean = count / turfs
    fewest = max(1, min(floor(mean), ceil(mean * (1 - DOORS_BAND))))
    return fewest, min(max_doors, max(ceil(mean), floor(mean * (1 + DOORS_BAND))))


def overtime_m(minutes: float, bounds: Bounds) -> float:
    """What minutes beyond the bound cost, in metres."""
    return OVERTIME_M * (minutes - bounds.minutes) if minutes > bounds.minutes else 0.0


def split(graph: DoorGraph, walk: list[int], bounds: Bounds) -> list[list[int]]:
    """The walk in `bounds.turfs` pieces with the least walking and overtime together (dynamic programming)."""
    count, metres = len(walk), graph.metres
    far, long = [0.0], [0.0]  # metres and minutes at the doors up to each place of the walk
    for i, door in enumerate(walk):
        far.append(far[-1] + (metres[walk[i - 1]][door] if i else 0.0))
        long.append(long[-1] + graph.minutes[door])
    best: dict[int, float] = {0: 0.0}  # doors already cut off → cost
    trail: list[dict[int, int]] = []
    for turf in range(1, bounds.turfs + 1):
        left = bounds.turfs - turf
        now: dict[int, float] = {}
        back: dict[int, int] = {}
        for start, cost in best.items():
            for end in range(max(start + bounds.fewest, count - left * bounds.most),
                             min(start + bounds.most, count - left * bounds.fewest) + 1):
                metre = far[end] - far[start + 1]
                total = cost + metre + overtime_m(long[end] - long[start] + metre / METRES_PER_MINUTE, bounds)
                if total < now.get(end, inf):
                    now[end], back[end] = total, start
        best = now
        trail.append(back)
    return _pieces(walk, trail)


def _pieces(walk: list[int], trail: list[dict[int, int]]) -> list[list[int]]:
    end, pieces = len(walk), []
    for back in reversed(trail):
        pieces.append(walk[back[end]:end])
        end = back[end]
    return pieces[::-1]
