"""Where a door is taken to stand when the register does not say: beside the nearest located door of its way."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from binhan.kernel.geo import haversine_m

Spot = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Standing:
    """A door in walking order of its way: its id, its way, its khu phố and where it stands, if known."""

    door_id: str
    way: str
    group: str
    spot: Spot | None


def spots(doors: Sequence[Standing], middle: Spot) -> dict[str, Spot]:
    """A place for every door: its own, that of the door before it on its way (else the first located one there), the
    middle of its khu phố, or `middle`."""
    by_way: dict[str, list[Standing]] = {}
    by_group: dict[str, list[Spot]] = {}
    for door in doors:
        by_way.setdefault(door.way, []).append(door)
        if door.spot:
            by_group.setdefault(door.group, []).append(door.spot)
    found: dict[str, Spot] = {}
    for way, members in by_way.items():
        last = next((d.spot for d in members if d.spot), None) if way else None
        for door in members:
            last = (door.spot or last) if way else None
            found[door.door_id] = door.spot or last or _mean(by_group.get(door.group, ())) or middle
    return found


def _mean(places: Iterable[Spot]) -> Spot | None:
    rows = list(places)
    return (sum(p[0] for p in rows) / len(rows), sum(p[1] for p in rows) / len(rows)) if rows else None


def walk_m(places: Sequence[Spot | None]) -> float:
    """Metres of an open walk in a straight line from place to place; unknown ones are passed over."""
    known = [p for p in places if p]
    return sum(haversine_m(*a, *b) for a, b in zip(known, known[1:], strict=False))


def cheapest_place(walk: Sequence[Spot | None], new: Spot | None) -> int:
    """Where in the walk (0 … its length) one more door lengthens it least; its end if nobody knows where it is."""
    if new is None:
        return len(walk)
    return min(range(len(walk), -1, -1), key=lambda i: walk_m([*walk[:i], new, *walk[i:]]))


def share_out(minutes: Sequence[float], groups: int) -> list[int]:
    """Which of the team's groups (1 … `groups`) takes each turf: in walking order, always the one with least to do."""
    load = [0.0] * groups
    taken = []
    for length in minutes:
        least = load.index(min(load))
        load[least] += length
        taken.append(least + 1)
    return taken
