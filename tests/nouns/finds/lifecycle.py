"""A thing that was found: from the counter until its owner has it, or another office."""
from __future__ import annotations

from enum import StrEnum

from binhan.kernel.lifecycle import Clock, Lifecycle, Move, Names
from binhan.kernel.words import Words


class By(StrEnum):
    """Who moves it: the ward's office, or the clock."""

    OFFICE = "office"
    CLOCK = "clock"


class State(StrEnum):
    """Whose turn it is."""

    KEPT = "kept"  # the office must find the owner
    RETURNED = "returned"
    PASSED_ON = "passed_on"


KEPT, RETURNED, PASSED_ON = State
NAMES = Names(
    noun=Words("đồ nhặt được này", "find"),
    states={KEPT: Words("đang giữ", "kept"), RETURNED: Words("đã trả", "returned"),
            PASSED_ON: Words("đã chuyển", "passed on")},
    verbs={"give_back": Words("Trả cho chủ", "Give back"), "pass_on": Words("Chuyển nơi khác", "Pass on")},
    needs={"receipt": Words("Biên nhận", "Receipt"), "reason": Words("Lý do", "Reason")})

FIND = Lifecycle(
    name="find",
    table="test_find",
    states=State,
    start=KEPT,
    moves=(
        #    verb         from      to          by          needs
        Move("give_back", (KEPT,),  RETURNED,   By.OFFICE,  ("receipt",)),
        Move("pass_on",   (KEPT,),  PASSED_ON,  By.OFFICE,  ("reason",)),
        Move("chase",     (KEPT,),  KEPT,       By.CLOCK),
    ),
    clocks=(
        #     while in  for longer than        the clock itself will
        Clock(KEPT,     "find.return_within",  "chase"),
    ),
    names=NAMES,
)
