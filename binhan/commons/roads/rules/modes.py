"""Modes of travel: which roads of an OpenStreetMap file each may use, by the road's tags.

On foot: every `highway` but motorways, race tracks, busways and what is not yet or no longer there, unless access or
foot forbids it; alleys, stairs, footways and service roads too. One-way signs do not bind walkers.
"""
from __future__ import annotations

from enum import StrEnum
from typing import Protocol

NOT_WALKED = {"motorway", "motorway_link", "construction", "proposed", "planned", "abandoned", "razed", "raceway",
              "bus_guideway", "busway", "escape"}
SHUT, OPEN = {"no", "private"}, {"yes", "designated", "permissive", "public"}


class Mode(StrEnum):
    """How somebody travels."""

    FOOT = "foot"


class Tags(Protocol):
    """The tags of a way, by key."""

    def get(self, key: str, default: str | None = None) -> str | None:
        """The tag's value, or the default."""


def may_use(mode: Mode, tags: Tags) -> bool:
    """True if the mode may use a way with these tags."""
    return {Mode.FOOT: _walkable}[mode](tags)


def _walkable(tags: Tags) -> bool:
    highway, foot = tags.get("highway"), tags.get("foot")
    if highway is None or highway in NOT_WALKED or foot in SHUT:
        return False
    return tags.get("access") not in SHUT or foot in OPEN
