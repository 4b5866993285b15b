"""A unit's task on an incident, from the offer to its end."""
from __future__ import annotations

from enum import StrEnum

from binhan.kernel.lifecycle import Clock, Lifecycle, Move


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

ASSIGNMENT = Lifecycle(
    name="assignment",
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
)
