"""A team's phone, from the day it is registered until it is wiped or retired; and two values for one field, until somebody
decides."""
from __future__ import annotations

from enum import StrEnum

from binhan.kernel.lifecycle import Clock, Lifecycle, Move


class By(StrEnum):
    """Who moves a phone or a conflict: the member whose phone it is, the ward's office, the phone itself, a team, the
    clock."""

    OWNER = "owner"
    OFFICE = "office"
    PHONE = "phone"
    TEAM = "team"
    CLOCK = "clock"


class DeviceState(StrEnum):
    """Whose turn it is."""

    ACTIVE = "active"  # the phone works and is heard of
    WIPING = "wiping"  # the phone must erase what it carries, and say so
    WIPED = "wiped"
    RETIRED = "retired"


class ConflictState(StrEnum):
    """Whose turn it is."""

    OPEN = "open"  # the team or the office must say which value stands
    SETTLED = "settled"


ACTIVE, WIPING, WIPED, RETIRED = DeviceState
OPEN, SETTLED = ConflictState

DEVICE = Lifecycle(
    name="device",
    states=DeviceState,
    start=ACTIVE,
    moves=(
        #    verb      from        to        by          needs
        Move("wipe",   (ACTIVE,),  WIPING,   By.OFFICE,  ("reason",)),
        Move("wipe",   (ACTIVE,),  WIPING,   By.OWNER,   ("reason",)),
        Move("wiped",  (WIPING,),  WIPED,    By.PHONE),
        Move("retire", (ACTIVE,),  RETIRED,  By.OFFICE),
        Move("retire", (ACTIVE,),  RETIRED,  By.OWNER),
        Move("miss",   (ACTIVE,),  ACTIVE,   By.CLOCK),
        Move("chase",  (WIPING,),  WIPING,   By.CLOCK),
    ),
    clocks=(
        #     while in  for longer than          the clock itself will
        Clock(ACTIVE,   "field.unheard_within",  "miss"),  # counted from when it was last heard of
        Clock(WIPING,   "field.wipe_within",     "chase"),
    ),
)
CONFLICT = Lifecycle(
    name="conflict",
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
)
DEVICE_VI = {ACTIVE: "đang dùng", WIPING: "chờ máy tự xóa", WIPED: "đã xóa", RETIRED: "đã thôi dùng"}
CONFLICT_VI = {OPEN: "chờ chọn", SETTLED: "đã chọn"}
