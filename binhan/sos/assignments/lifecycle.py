"""A unit's task on an incident, from the offer to its end."""
from __future__ import annotations

from enum import StrEnum

from binhan.kernel.lifecycle import Clock, Lifecycle, Move, Names
from binhan.kernel.words import Words


class By(StrEnum):
    """Who moves an assignment: the crew of the unit, the duty desk, or the clock."""

    CREW = "crew"
    DESK = "desk"
    CLOCK = "clock"


class State(StrEnum):
    """Whose turn it is."""

    OFFERED = "offered"  # the crew must accept or decline
    ACCEPTED = "accepted"  # the crew must set off
    EN_ROUTE = "en_route"  # the crew must arrive
    ON_SCENE = "on_scene"  # the crew must finish
    DONE = "done"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


OFFERED, ACCEPTED, EN_ROUTE, ON_SCENE, DONE, DECLINED, WITHDRAWN = State
ACTIVE = (OFFERED, ACCEPTED, EN_ROUTE, ON_SCENE)
TAKEN = (ACCEPTED, EN_ROUTE, ON_SCENE)

NAMES = Names(
    noun=Words("nhiệm vụ này", "assignment"),
    states={
        OFFERED: Words("đang mời", "offered"), ACCEPTED: Words("đã nhận", "accepted"),
        EN_ROUTE: Words("đang đi", "en route"), ON_SCENE: Words("đã tới", "on scene"), DONE: Words("đã xong", "done"),
        DECLINED: Words("đã từ chối", "declined"), WITHDRAWN: Words("đã rút", "withdrawn")},
    verbs={
        "accept": Words("Nhận", "Accept"), "decline": Words("Từ chối", "Decline"), "depart": Words("Đang đi", "En route"),
        "arrive": Words("Tới nơi", "On scene"), "finish": Words("Xong việc", "Finished"),
        "withdraw": Words("Rút tổ", "Withdraw")},
    needs={"reason": Words("Lý do", "Reason")})

ASSIGNMENT = Lifecycle(
    name="assignment",
    table="sos_assignment",
    states=State,
    start=OFFERED,
    moves=(
        #    verb        from                           to         by        needs
        Move("accept",   (OFFERED,),                    ACCEPTED,  By.CREW),
        Move("decline",  (OFFERED, ACCEPTED, EN_ROUTE), DECLINED,  By.CREW,  ("reason",)),
        Move("depart",   (OFFERED, ACCEPTED),           EN_ROUTE,  By.CREW),
        Move("arrive",   (ACCEPTED, EN_ROUTE),          ON_SCENE,  By.CREW),
        Move("finish",   (ON_SCENE,),                   DONE,      By.CREW),
        Move("withdraw", ACTIVE,                        WITHDRAWN, By.DESK,  ("reason",)),
        Move("pass_on",  (OFFERED,),                    OFFERED,   By.CLOCK),
        Move("chase",    (ACCEPTED,),                   ACCEPTED,  By.CLOCK),
        Move("chase",    (EN_ROUTE,),                   EN_ROUTE,  By.CLOCK),
        Move("chase",    (ON_SCENE,),                   ON_SCENE,  By.CLOCK),
    ),
    clocks=(
        #     while in  for longer than              the clock itself will
        Clock(OFFERED,  "assignment.accept_within",  "pass_on"),
        Clock(ACCEPTED, "assignment.depart_within",  "chase"),
        Clock(EN_ROUTE, "assignment.arrive_within",  "chase"),
        Clock(ON_SCENE, "assignment.finish_within",  "chase"),
    ),
    names=NAMES,
)
