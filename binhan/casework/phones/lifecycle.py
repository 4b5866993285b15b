"""A team's phone, from the day it is registered until it is wiped or retired."""
from __future__ import annotations

from enum import StrEnum

from binhan.kernel.lifecycle import Clock, Lifecycle, Move, Names
from binhan.kernel.words import Words


class By(StrEnum):
    """Who moves a phone: the member whose phone it is, the ward's office, the phone itself, the clock."""

    OWNER = "owner"
    OFFICE = "office"
    PHONE = "phone"
    CLOCK = "clock"


class DeviceState(StrEnum):
    """Whose turn it is."""

    ACTIVE = "active"  # the phone works and is heard of
    WIPING = "wiping"  # the phone must erase what it carries, and say so
    WIPED = "wiped"
    RETIRED = "retired"


ACTIVE, WIPING, WIPED, RETIRED = DeviceState

NAMES = Names(
    noun=Words("máy này", "phone"),
    states={ACTIVE: Words("đang dùng", "in use"), WIPING: Words("chờ máy tự xóa", "waits to be wiped"),
            WIPED: Words("đã xóa", "wiped"), RETIRED: Words("đã thôi dùng", "retired")},
    verbs={"wipe": Words("Xóa từ xa", "Wipe"), "wiped": Words("Máy đã tự xóa", "The phone is wiped"),
           "retire": Words("Thôi dùng máy này", "Retire this phone")},
    needs={"reason": Words("Lý do", "Reason")})

DEVICE = Lifecycle(
    name="device",
    table="casework_device",
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
    names=NAMES,
)
