"""Why a file, a row or a cell cannot be taken in, or should be looked at: in words for people, by a code for programs."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """A code, a sentence in each language that says what to do, and the fields (columns.FIELDS) it is about, if any."""

    code: str
    vi: str
    en: str
    fields: tuple[str, ...] = ()

    def __str__(self) -> str:
        """For the command line and sheets to send back: both languages, after the fields."""
        text = f"{self.vi} / {self.en}"
        return f"{', '.join(self.fields)}: {text}" if self.fields else text


class Unusable(ValueError):
    """What was given cannot be taken in, with every reason."""

    def __init__(self, *reasons: Reason) -> None:
        super().__init__(joined(reasons))
        self.reasons = reasons


class Unmapped(Unusable):
    """The table can be read, but not yet what its columns mean: somebody must say it."""


def unusable(code: str, vi: str, en: str) -> Unusable:
    """The exception for a single reason."""
    return Unusable(Reason(code, vi, en))


@dataclass(frozen=True, slots=True)
class Notice:
    """What was noticed of a row, by its number in the file. `held`: so alike somebody known that it was not taken in."""

    row: int
    reasons: tuple[Reason, ...]
    held: bool = False

    @property
    def why(self) -> str:
        """The reasons as one line."""
        return joined(self.reasons)


def joined(reasons: Sequence[Reason]) -> str:
    """Reasons as one line, in both languages."""
    return "; ".join(map(str, reasons))
