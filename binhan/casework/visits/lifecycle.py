"""A round (đợt): from the first draft to the next round. Closed is not the end: the cadence's clock drafts the next one."""
from __future__ import annotations

from enum import StrEnum

from binhan.kernel.lifecycle import Clock, Lifecycle, Move, Names
from binhan.kernel.words import Words


class By(StrEnum):
    """Who moves a round: those who plan it, or the clock."""

    PLANNER = "planner"
    CLOCK = "clock"


class State(StrEnum):
    """Whose turn it is."""

    DRAFT = "draft"  # the planner must have it cut into turfs
    PLANNED = "planned"  # the planner must open it
    OPEN = "open"  # the teams walk; the planner must close it after its last day
    PAUSED = "paused"  # the planner must let it go on
    CLOSED = "closed"  # the planner, or the cadence, must draft the next one
    DONE = "done"
    CANCELLED = "cancelled"


DRAFT, PLANNED, OPEN, PAUSED, CLOSED, DONE, CANCELLED = State
RUNNING = (DRAFT, PLANNED, OPEN, PAUSED)

NAMES = Names(
    noun=Words("đợt này", "round"),
    states={
        DRAFT: Words("bản nháp", "draft"), PLANNED: Words("đã chia cụm", "planned"), OPEN: Words("đang đi", "open"),
        PAUSED: Words("tạm dừng", "paused"), CLOSED: Words("đã kết thúc", "closed"), DONE: Words("đã xong", "done"),
        CANCELLED: Words("đã hủy", "cancelled")},
    verbs={
        "plan": Words("Chia cụm", "Cut into turfs"), "open": Words("Mở đợt", "Open"), "pause": Words("Tạm dừng", "Pause"),
        "resume": Words("Đi tiếp", "Resume"), "close": Words("Kết thúc đợt", "Close"), "cancel": Words("Hủy đợt", "Cancel"),
        "follow": Words("Lập đợt sau", "Draft the next round"),
        "finish": Words("Kết thúc hẳn, không có đợt sau", "Finish, no next round")},
    needs={"reason": Words("Lý do", "Reason")})

ROUND = Lifecycle(
    name="round",
    table="casework_round",
    states=State,
    start=DRAFT,
    moves=(
        #    verb      from              to         by          needs
        Move("plan",   (DRAFT, PLANNED), PLANNED,   By.PLANNER),
        Move("plan",   (OPEN,),          OPEN,      By.PLANNER),
        Move("plan",   (PAUSED,),        PAUSED,    By.PLANNER),
        Move("open",   (PLANNED,),       OPEN,      By.PLANNER),
        Move("pause",  (OPEN,),          PAUSED,    By.PLANNER, ("reason",)),
        Move("resume", (PAUSED,),        OPEN,      By.PLANNER),
        Move("close",  (OPEN, PAUSED),   CLOSED,    By.PLANNER),
        Move("cancel", RUNNING,          CANCELLED, By.PLANNER, ("reason",)),
        Move("follow", (CLOSED,),        DONE,      By.PLANNER),
        Move("follow", (CLOSED,),        DONE,      By.CLOCK),
        Move("finish", (CLOSED,),        DONE,      By.PLANNER, ("reason",)),
        Move("remind", (DRAFT,),         DRAFT,     By.CLOCK),
        Move("remind", (PLANNED,),       PLANNED,   By.CLOCK),
        Move("remind", (OPEN,),          OPEN,      By.CLOCK),
        Move("remind", (PAUSED,),        PAUSED,    By.CLOCK),
    ),
    clocks=(
        #     while in  for longer than         the clock itself will
        Clock(DRAFT,    "round.plan_within",    "remind"),
        Clock(PLANNED,  "round.open_within",    "remind"),
        Clock(OPEN,     "round.close_within",   "remind"),  # counted from the last day
        Clock(PAUSED,   "round.resume_within",  "remind"),
        Clock(CLOSED,   "round.repeat_within",  "follow"),  # the cadence, counted from the first day
    ),
    names=NAMES,
)
