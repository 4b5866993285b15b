"""What stands on the paper, as plain values."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A door as it is walked: `code` and `url` are for its slip."""

    place: int
    address: str
    landmark: str
    first: bool
    state: str
    code: str
    url: str


@dataclass(frozen=True, slots=True)
class Walk:
    """What stands in the head of every page, and the doors."""

    ward: str
    area: str
    round: str
    purpose: str
    days: str
    turf: int
    group: int
    team: str
    printed: str
    demo: bool
    numbers: Sequence[str]
    lines: Sequence[Line]
