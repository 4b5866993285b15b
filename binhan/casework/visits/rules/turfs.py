"""A round cut into turfs: which doors are walked together, in which order, and which turf comes first.

A turf never crosses a group's line and has one priority only, so that no door waits for one of lower priority. Each
(group, priority) is cut into as few turfs as `max_doors` allows, about equal in doors and minutes and short to walk.
Turfs are numbered in the order to be walked: priority, then group, then near to far from the middle of the group.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from binhan.casework.visits.rules.blocks import Block, Walk, divide, solve
from binhan.casework.visits.rules.doors import Door
from binhan.casework.visits.rules.split import METRES_PER_MINUTE
from binhan.commons.roads.rules.distances import Distances
from binhan.kernel.geo import haversine_m

MOST_DOORS = 500  # more in one turf is no walk, and its distances would fill the memory
SolveAll = Callable[[Callable[[Block], list[Walk]], Iterable[Block]], Iterable[list[Walk]]]


@dataclass(frozen=True, slots=True)
class Turf:
    """Doors in walking order; the walk from the first to the last door in metres; minutes at doors and on the way."""

    turf: int
    group: str
    priority: int
    doors: tuple[str, ...]
    length_m: float
    minutes: float


@dataclass(frozen=True, slots=True)
class _Cut:
    """A turf before it has its number. `start_m`: from the middle of its group to its first door."""

    doors: list[Door]
    length_m: float
    start_m: float

    @property
    def place(self) -> tuple[object, ...]:
        """Where it comes in the order to be walked."""
        first = self.doors[0]
        return first.priority, group_order(first.group), self.start_m, first.door_id


def plan(doors: Sequence[Door], max_doors: int, distances: Distances, solve_all: SolveAll = map) -> list[Turf]:
    """Every door in exactly one turf of at most `max_doors` (1…MOST_DOORS) doors; the same doors in another order give
    the same turfs. `solve_all` is `map` or a pool's map that keeps the order. Raises ValueError for another `max_doors`."""
    if not 1 <= max_doors <= MOST_DOORS:
        raise ValueError(f"max_doors must be 1…{MOST_DOORS}, not {max_doors}")
    ordered = sorted(doors, key=lambda d: (d.group, d.priority, d.door_id))
    pieces = list(_pieces(ordered, max_doors))
    blocks = (Block(distances.between([(d.lat, d.lon) for d in piece]), [d.minutes for d in piece], turfs, max_doors)
              for piece, turfs in pieces)
    middles = _middles(ordered)
    cuts = [_cut([piece[i] for i in walk.doors], walk.length_m, middles[piece[0].group])
            for (piece, _), walks in zip(pieces, solve_all(solve, blocks), strict=True) for walk in walks]
    cuts.sort(key=lambda cut: cut.place)
    return [_turf(number, cut) for number, cut in enumerate(cuts, 1)]


def group_order(group: str) -> tuple[object, ...]:
    """Khu phố 2 before Khu phố 10."""
    parts = re.split(r"([0-9]+)", group)
    return (*(int(p) if i % 2 else p.casefold() for i, p in enumerate(parts)), group)


def balance(turfs: Sequence[Turf]) -> dict[str, float]:
    """Largest turf to mean turf, in doors and in minutes, over all turfs and in the worst (group, priority); {} for
    no turfs."""
    if not turfs:
        return {}
    classes: dict[tuple[str, int], list[Turf]] = {}
    for turf in turfs:
        classes.setdefault((turf.group, turf.priority), []).append(turf)

    def worst(sets: Iterable[Sequence[Turf]], size: Callable[[Turf], float]) -> float:
        return round(max(max(map(size, s)) * len(s) / (sum(map(size, s)) or 1.0) for s in sets), 3)
    doors, minutes = (lambda t: len(t.doors)), (lambda t: t.minutes)
    return {"doors": worst([turfs], doors), "minutes": worst([turfs], minutes),
            "doors_within_group": worst(classes.values(), doors), "minutes_within_group": worst(classes.values(), minutes)}


def _pieces(ordered: list[Door], max_doors: int) -> Iterator[tuple[list[Door], int]]:
    """The doors of each block, and into how many turfs it is cut."""
    classes: dict[tuple[str, int], list[Door]] = {}
    for door in ordered:
        classes.setdefault((door.group, door.priority), []).append(door)
    for members in classes.values():
        places = [(d.lat, d.lon) for d in members]
        for numbers, turfs in divide(places, list(range(len(members))), -(-len(members) // max_doors)):
            yield [members[i] for i in numbers], turfs


def _middles(ordered: list[Door]) -> dict[str, tuple[float, float]]:
    """Each group's mean position: where its team is taken to set out."""
    groups: dict[str, list[Door]] = {}
    for door in ordered:
        groups.setdefault(door.group, []).append(door)
    return {group: (sum(d.lat for d in members) / len(members), sum(d.lon for d in members) / len(members))
            for group, members in groups.items()}


def _cut(doors: list[Door], length: float, middle: tuple[float, float]) -> _Cut:
    """The walk begins at its end that is nearer to the middle."""
    first, last = ((haversine_m(*middle, d.lat, d.lon), d.door_id) for d in (doors[0], doors[-1]))
    return _Cut(doors if first <= last else doors[::-1], length, min(first, last)[0])


def _turf(number: int, cut: _Cut) -> Turf:
    first = cut.doors[0]
    minutes = sum(d.minutes for d in cut.doors) + cut.length_m / METRES_PER_MINUTE
    return Turf(number, first.group, first.priority, tuple(d.door_id for d in cut.doors),
                round(cut.length_m, 1), round(minutes, 1))
