"""How far a round has come, counted from its doors; the share of all, the pace, and when it will be done at this pace.

Every door is in exactly one of PARTS. What a door's state is, see record.door_state.
"""
from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

K = TypeVar("K")
PARTS = ("reached", "refused", "come_back", "not_home_1", "not_home_2", "vacant", "not_yet")


@dataclass(frozen=True, slots=True)
class Door:
    """A door of the round, or `doors` that are alike. `way` is named inside its khu phố; `approached_on`, `reached_on`: the
    first such day, or one of its week."""

    area: str
    way: tuple[str, str]
    team: str
    priorities: tuple[str, ...]
    part: str
    approached_on: date | None = None
    reached_on: date | None = None
    doors: int = 1


def part_of(state: str, absent: int) -> str:
    """Which part a door counts in: nobody home once, or more often."""
    return state if state != "not_home" else "not_home_1" if absent <= 1 else "not_home_2"


def count(doors: Iterable[Door]) -> dict[str, int]:
    """The parts of these doors."""
    found = dict.fromkeys(PARTS, 0)
    for door in doors:
        found[door.part] += door.doors
    return found


def by(doors: Iterable[Door], key: Callable[[Door], K]) -> dict[K, dict[str, int]]:
    """The parts of each group, in the order of the keys."""
    groups: dict[K, list[Door]] = {}
    for door in doors:
        groups.setdefault(key(door), []).append(door)
    return {name: count(members) for name, members in sorted(groups.items(), key=lambda g: str(g[0]))}


def weeks(doors: Sequence[Door]) -> dict[date, dict[str, int]]:
    """Doors first approached and first reached in each week (its Monday)."""
    found: dict[date, dict[str, int]] = {}
    for door in doors:
        for name, day in (("approached", door.approached_on), ("reached", door.reached_on)):
            if day is not None:
                monday = day - timedelta(days=day.weekday())
                found.setdefault(monday, {"approached": 0, "reached": 0})[name] += door.doors
    return dict(sorted(found.items()))


@dataclass(frozen=True, slots=True)
class Pace:
    """Doors approached a day so far, what a day must bring to end in time, and the day when it ends at this pace."""

    per_day: float
    needed_per_day: float | None
    done_on: date | None


def pace(approached: int, total: int, opened_on: date | None, to_on: date, today: date) -> Pace:
    """Counted over all days since the first, today among them."""
    days = max((today - opened_on).days + 1, 1) if opened_on else 0
    per_day = approached / days if days else 0.0
    left = total - approached
    days_left = (to_on - today).days
    needed = round(left / days_left, 1) if days_left > 0 else None
    done = None
    if left <= 0 and total:
        done = today
    elif per_day > 0 and math.ceil(left / per_day) < 3660:
        done = today + timedelta(days=math.ceil(left / per_day))
    return Pace(round(per_day, 1), needed, done)
