"""The next visit at a door: from the offer until the team has come, or the household would rather not. Declining is
normal: it ends the waiting, and after a while nothing is left that leads back to the door."""
from __future__ import annotations

from enum import StrEnum

from binhan.kernel.lifecycle import Clock, Lifecycle, Move, Names
from binhan.kernel.words import Words


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

NAMES = Names(
    noun=Words("lịch hẹn này", "appointment"),
    states={
        OFFERED: Words("chờ hộ dân chọn giờ", "waiting for the household to choose"), BOOKED: Words("đã hẹn", "agreed"),
        MISSED: Words("đã qua giờ hẹn, tổ chưa tới", "past, nobody came yet"),
        DECLINED: Words("không hẹn", "no visit wanted"), KEPT: Words("tổ đã tới", "the team came"),
        EXPIRED: Words("hết hạn", "expired"), DROPPED: Words("đã bỏ", "dropped"), FORGOTTEN: Words("đã xóa", "erased")},
    verbs={
        "book": Words("Hẹn giờ", "Book"), "move": Words("Đổi giờ", "Move"), "decline": Words("Không hẹn", "Decline"),
        "keep": Words("Tổ đã tới", "The team came"), "miss": Words("Tổ chưa tới", "Nobody came"),
        "drop": Words("Bỏ lịch hẹn", "Drop")},
    needs={"from_at": Words("Từ", "From"), "to_at": Words("Đến", "Until"), "reason": Words("Lý do", "Reason")})

APPOINTMENT = Lifecycle(
    name="appointment",
    table="casework_appointment",
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
    names=NAMES,
)
