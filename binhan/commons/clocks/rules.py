"""What a clock runs on, and what a dated policy is called and counted in; its amounts are rows, never here."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple
from uuid import UUID

from binhan.kernel.words import Words

Unit = Literal["s", "wh", "wd", "n"]  # seconds, working hours, working days, how many


class Subject(NamedTuple):
    """The record that a clock runs on, with the name of its lifecycle."""

    ward_id: int
    kind: str
    id: UUID


class Tier(NamedTuple):
    """Which of a policy's rows holds for a case: that of its legal track, that of its priority."""

    track: str = ""
    priority: str = ""


ANY_CASE = Tier()


@dataclass(frozen=True, slots=True)
class PolicySpec:
    """A policy that somebody asks for: its name in the rows, the unit of its row for all wards, what people call it.
    `day_and_night`: it never waits for office hours, so a ward may set it in seconds only."""

    name: str
    unit: Unit
    words: Words
    day_and_night: bool = False
