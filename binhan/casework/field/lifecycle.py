"""Two values for one field of a door, until somebody decides."""
from __future__ import annotations

from enum import StrEnum

from binhan.kernel.lifecycle import Clock, Lifecycle, Move, Names
from binhan.kernel.words import Words


class By(StrEnum):
    """Who moves a conflict: a team that walks there, the ward's office, the clock."""

    TEAM = "team"
    OFFICE = "office"
    CLOCK = "clock"


class ConflictState(StrEnum):
    """Whose turn it is."""

    OPEN = "open"  # the team or the office must say which value stands
    SETTLED = "settled"


OPEN, SETTLED = ConflictState

NAMES = Names(
    noun=Words("số liệu khác nhau này", "conflict"),
    states={OPEN: Words("chờ chọn", "open"), SETTLED: Words("đã chọn", "settled")},
    verbs={"settle": Words("Chọn", "Settle")},
    needs={"keep": Words("Giữ giá trị nào", "Which value stands")})

CONFLICT = Lifecycle(
    name="conflict",
    table="casework_conflict",
    states=ConflictState,
    start=OPEN,
    moves=(
        #    verb      from     to        by          needs
        Move("settle", (OPEN,), SETTLED,  By.TEAM,    ("keep",)),
        Move("settle", (OPEN,), SETTLED,  By.OFFICE,  ("keep",)),
        Move("chase",  (OPEN,), OPEN,     By.CLOCK),
    ),
    clocks=(
        #     while in  for longer than             the clock itself will
        Clock(OPEN,     "conflict.settle_within",   "chase"),
    ),
    names=NAMES,
)
