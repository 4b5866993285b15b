"""The next visit at a door: from the offer until the team has come, or the household would rather not. Declining is
normal: it ends the waiting, and after a while nothing is left that leads back to the door."""
from __future__ import annotations

from enum import StrEnum

from binhan.kernel.lifecycle import Clock, Lifecycle, Move


class By(StrEnum):
    """Who moves an appointment: the household with its code, the team of the door, those who plan, or the clock."""

    RESIDENT = "resident"
    TEAM = "team"
    OFFICE = "office"
    CLOCK = "clock"


class State(StrEnum):
    """Whose turn it is."""

    OFFERED = "offered"  # the household may choose
    BOOKED = "booked"  # the team must come
    MISSED = "missed"  # nobody came: the team must come after all, or agree on another time
    DECLINED = "declined"  # nobody needs to come; the household may change its mind
    KEPT = "kept"
    EXPIRED = "expired"
    DROPPED = "dropped"
    FORGOTTEN = "forgotten"  # was declined; door and times are erased


OFFERED, BOOKED, MISSED, DECLINED, KEPT, EXPIRED, DROPPED, FORGOTTEN = State
LIVE = (OFFERED, BOOKED, MISSED, DECLINED)
OWED = (BOOKED, MISSED)
TIMES = ("from_at", "to_at")

APPOINTMENT = Lifecycle(
    name="appointment",
    states=State,
    start=OFFERED,
    moves=(
        #    verb       from                        to         by           needs
        *(Move("book",    (OFFERED, MISSED, DECLINED), BOOKED,  by, TIMES) for by in (By.RESIDENT, By.TEAM, By.OFFICE)),
        *(Move("move",    (BOOKED,),                   BOOKED,  by, TIMES) for by in (By.RESIDENT, By.TEAM, By.OFFICE)),
        *(Move("decline", (OFFERED, BOOKED, MISSED),   DECLINED, by) for by in (By.RESIDENT, By.TEAM, By.OFFICE)),
        Move("keep",    LIVE,                       KEPT,      By.TEAM),
        Move("keep",    LIVE,                       KEPT,      By.OFFICE),
        Move("miss",    (BOOKED,),                  MISSED,    By.TEAM),
        Move("miss",    (BOOKED,),                  MISSED,    By.CLOCK),
        Move("drop",    (OFFERED, BOOKED, MISSED),  DROPPED,   By.OFFICE, ("reason",)),
        Move("chase",   (MISSED,),                  MISSED,    By.CLOCK),
        Move("expire",  (OFFERED, BOOKED, MISSED),  EXPIRED,   By.CLOCK),  # the other two only when the round is over
        Move("forget",  (DECLINED,),                FORGOTTEN, By.CLOCK),
    ),
    clocks=(
        #     while in   for longer than               the clock itself will
        Clock(OFFERED,   "appointment.answer_within",  "expire"),
        Clock(BOOKED,    "appointment.come_within",    "miss"),  # counted from the end of what was agreed
        Clock(MISSED,    "appointment.mend_within",    "chase"),
        Clock(DECLINED,  "appointment.forget_within",  "forget"),
    ),
)
STATE_VI = {OFFERED: "chờ hộ dân chọn giờ", BOOKED: "đã hẹn", MISSED: "đã qua giờ hẹn, tổ chưa tới", DECLINED: "không hẹn",
            KEPT: "tổ đã tới", EXPIRED: "hết hạn", DROPPED: "đã bỏ", FORGOTTEN: "đã xóa"}
STATE_EN = {OFFERED: "waiting for the household to choose", BOOKED: "agreed", MISSED: "past, nobody came yet",
            DECLINED: "no visit wanted", KEPT: "the team came", EXPIRED: "expired", DROPPED: "dropped", FORGOTTEN: "erased"}
