"""Blocks: doors near each other and few enough to be searched as one, and the search itself."""
from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians

from binhan.casework.visits.rules.door_graph import DoorGraph, door_graph
from binhan.casework.visits.rules.exchange import exchange
from binhan.casework.visits.rules.split import METRES_PER_MINUTE, MINUTES_BAND, Bounds, bounds_for, overtime_m, split
from binhan.casework.visits.rules.walk import length_m, nearest_first, shorten
from binhan.commons.roads.rules.distances import Metres

BLOCK = 800  # doors, at most, unless it is a single turf
STEPS_PER_DOOR = 8  # of the exchange between turfs
KICKS, LAST_KICKS = 6, 1  # for each door of a turf alone, and of each turf after the exchange
FEWEST_KICKS = 80
TRIES = 2  # from different first walks; the best is taken
SEED = 2025


@dataclass(frozen=True, slots=True)
class Block:
    """Doors to be cut into `turfs` turfs: metres between them and minutes at each."""

    metres: Metres
    minutes: list[float]
    turfs: int
    max_doors: int


@dataclass(frozen=True, slots=True)
class Walk:
    """One turf of a block: its doors' numbers in walking order, and the walk's metres."""

    doors: list[int]
    length_m: float


def divide(places: list[tuple[float, float]], doors: list[int], turfs: int) -> list[tuple[list[int], int]]:
    """(doors, turfs) of each block: halved across the longer side, each half with its share of turfs, until small."""
    if len(doors) <= BLOCK or turfs == 1:
        return [(doors, turfs)]
    lats, lons = [places[d][0] for d in doors], [places[d][1] for d in doors]
    tall = max(lats) - min(lats) > (max(lons) - min(lons)) * cos(radians(lats[0]))
    order = sorted(doors, key=lambda d: (places[d], d) if tall else (places[d][::-1], d))
    cut = len(doors) * (turfs // 2) // turfs
    return [*divide(places, sorted(order[:cut]), turfs // 2),
            *divide(places, sorted(order[cut:]), turfs - turfs // 2)]


def solve(block: Block) -> list[Walk]:
    """The block's turfs. Depends on nothing but the block, so that blocks may be solved in any process."""
    graph = door_graph(block.metres, block.minutes)
    if block.turfs == 1:
        turfs = [order(graph)]
    else:
        tries = (_cut_and_exchange(graph, block, SEED + number) for number in range(TRIES))
        turfs = min(tries, key=lambda tried: tried[0])[1]
    return [Walk(turf, length_m(graph, turf)) for turf in turfs]


def order(graph: DoorGraph) -> list[int]:
    """All doors of the graph as one walk: the ordering step."""
    doors = list(range(graph.outside))
    return shorten(graph, nearest_first(graph, doors), max(FEWEST_KICKS, KICKS * len(doors)), SEED)


def _cut_and_exchange(graph: DoorGraph, block: Block, seed: int) -> tuple[float, list[list[int]]]:
    """One long walk, cut where it costs least, then doors exchanged between the pieces: turfs and what they cost."""
    doors = list(range(graph.outside))
    first = seed % len(doors)
    giant = shorten(graph, nearest_first(graph, doors[first:] + doors[:first]), len(doors) // 4, seed)
    bounds = _bounds(graph, giant, block)
    turfs = exchange(graph, split(graph, giant, bounds), bounds, STEPS_PER_DOOR * len(doors), seed)
    turfs = [shorten(graph, turf, max(FEWEST_KICKS, LAST_KICKS * len(turf)), seed) for turf in turfs]
    cost = 0.0
    for turf in turfs:
        metres = length_m(graph, turf)
        minutes = sum(graph.minutes[door] for door in turf) + metres / METRES_PER_MINUTE
        cost += metres + overtime_m(minutes, bounds)
    return cost, turfs


def _bounds(graph: DoorGraph, giant: list[int], block: Block) -> Bounds:
    fewest, most = bounds_for(len(giant), block.turfs, block.max_doors)
    whole = sum(block.minutes) + length_m(graph, giant) / METRES_PER_MINUTE
    return Bounds(block.turfs, fewest, most, (1 + MINUTES_BAND) * whole / block.turfs)
