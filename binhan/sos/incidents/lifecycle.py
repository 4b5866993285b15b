"""The whole life of an SOS incident. A state says who must act next; everything else is a fact.

Escalation is a level, not a state. A reporter's cancel is a fact, not an end: only a person closes.
A false alarm is an outcome at close.
"""
from __future__ import annotations

from enum import StrEnum

from binhan.kernel.lifecycle import Clock, Lifecycle, Move, Names
from binhan.kernel.words import Words


class By(StrEnum):
    """Who moves an incident: the duty desk, the crew sent, or the clock."""

    DESK = "desk"
    CREW = "crew"
    CLOCK = "clock"


class State(StrEnum):
    """Whose turn it is."""

    RECEIVED = "received"  # the desk must acknowledge
    ACKNOWLEDGED = "acknowledged"  # the desk must send someone
    RESPONDING = "responding"  # the crew must reach the scene and act
    RESOLVED = "resolved"  # the desk must record the outcome and tell the reporter
    CLOSED = "closed"
    DUPLICATE = "duplicate"
    TRANSFERRED = "transferred"


RECEIVED, ACKNOWLEDGED, RESPONDING, RESOLVED, CLOSED, DUPLICATE, TRANSFERRED = State
OPEN = (RECEIVED, ACKNOWLEDGED, RESPONDING)
UNDECIDED = (*OPEN, RESOLVED)

NAMES = Names(
    noun=Words("vụ việc này", "incident"),
    states={
        RECEIVED: Words("mới nhận", "new"), ACKNOWLEDGED: Words("đã tiếp nhận", "acknowledged"),
        RESPONDING: Words("đang xử lý", "responding"),
        RESOLVED: Words("đã xử lý, chờ kết thúc", "resolved, to be closed"), CLOSED: Words("đã kết thúc", "closed"),
        DUPLICATE: Words("đã gộp", "merged"), TRANSFERRED: Words("đã chuyển", "transferred")},
    verbs={
        "acknowledge": Words("Tiếp nhận", "Acknowledge"), "dispatch": Words("Cử tổ", "Send a unit"),
        "reinforce": Words("Cử thêm tổ", "Send another unit"), "stand_down": Words("Rút lực lượng", "Stand down"),
        "resolve": Words("Đã xử lý xong", "Resolve"), "reopen": Words("Mở lại", "Reopen"),
        "close": Words("Kết thúc", "Close"), "merge": Words("Gộp", "Merge"),
        "transfer": Words("Chuyển nơi khác", "Transfer"), "triage": Words("Phân loại", "Triage")},
    needs={
        "unit": Words("Tổ", "Unit"), "reason": Words("Lý do", "Reason"), "outcome": Words("Kết quả", "Outcome"),
        "original": Words("Vụ gốc", "Original incident"), "agency": Words("Nơi nhận", "Agency")})

INCIDENT = Lifecycle(
    name="incident",
    table="sos_incident",
    states=State,
    start=RECEIVED,
    moves=(
        #    verb           from                         to            by        needs
        Move("acknowledge", (RECEIVED,),                 ACKNOWLEDGED, By.DESK),
        Move("dispatch",    (RECEIVED, ACKNOWLEDGED),    RESPONDING,   By.DESK,  ("unit",)),
        Move("reinforce",   (RESPONDING,),               RESPONDING,   By.DESK,  ("unit",)),
        Move("reinforce",   (RESPONDING,),               RESPONDING,   By.CREW,  ("unit",)),
        Move("reinforce",   (RESPONDING,),               RESPONDING,   By.CLOCK, ("unit",)),
        Move("stand_down",  (RESPONDING,),               ACKNOWLEDGED, By.DESK,  ("reason",)),
        Move("stand_down",  (RESPONDING,),               ACKNOWLEDGED, By.CREW,  ("reason",)),
        Move("resolve",     (RESPONDING,),               RESOLVED,     By.CREW),
        Move("resolve",     OPEN,                        RESOLVED,     By.DESK,  ("reason",)),
        Move("reopen",      (RESOLVED,),                 ACKNOWLEDGED, By.DESK,  ("reason",)),
        Move("close",       (RESOLVED,),                 CLOSED,       By.DESK,  ("outcome",)),
        Move("merge",       OPEN,                        DUPLICATE,    By.DESK,  ("original",)),
        Move("transfer",    OPEN,                        TRANSFERRED,  By.DESK,  ("agency",)),
        Move("triage",      (RECEIVED,),                 RECEIVED,     By.DESK),
        Move("triage",      (ACKNOWLEDGED,),             ACKNOWLEDGED, By.DESK),
        Move("triage",      (RESPONDING,),               RESPONDING,   By.DESK),
        Move("escalate",    (RECEIVED,),                 RECEIVED,     By.CLOCK),
        Move("escalate",    (ACKNOWLEDGED,),             ACKNOWLEDGED, By.CLOCK),
        Move("escalate",    (RESPONDING,),               RESPONDING,   By.CLOCK),
        Move("remind",      (RESOLVED,),                 RESOLVED,     By.CLOCK),
    ),
    clocks=(
        #     while in      for longer than        the clock itself will
        Clock(RECEIVED,     "sos.ack_within",      "escalate"),
        Clock(ACKNOWLEDGED, "sos.dispatch_within", "escalate"),
        Clock(RESPONDING,   "sos.arrive_within",   "escalate"),
        Clock(RESOLVED,     "sos.close_within",    "remind"),
    ),
    names=NAMES,
)
