"""Time as a value that is passed in: rules never read the wall clock themselves."""
from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Whatever can say what time it is; tests pass one that they move."""

    def now(self) -> datetime:
        """The present moment, aware, UTC."""


class WallClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present moment, aware, UTC."""
        return datetime.now(UTC)


class SteppedClock:
    """A clock that moves only when told: for tests and replays."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        """The moment it was last moved to."""
        return self._now

    def forward(self, **step: float) -> datetime:
        """Move by a timedelta given as keywords (seconds=15) and return the new moment."""
        self._now += timedelta(**step)
        return self._now
