"""What a resident said, from the door until they have been told. Nothing waits without a clock."""
from __future__ import annotations

from enum import StrEnum

from binhan.kernel.lifecycle import Clock, Lifecycle, Move, Names
from binhan.kernel.words import Words


class By(StrEnum):
    """Who moves a record: the team that heard it, the ward's office, or the clock."""

    TEAM = "team"
    OFFICE = "office"
    CLOCK = "clock"


class State(StrEnum):
    """Whose turn it is."""

    RECEIVED = "received"  # the office must name an owner
    WITH_OWNER = "with_owner"  # the named unit must answer
    ANSWERED = "answered"  # the team, or the office, must tell the resident
    PASSED_ON = "passed_on"  # the office must have the other agency's receipt
    AT_DOOR = "answered_at_door"
    TOLD = "told"
    NOTED = "noted"
    HANDED_OVER = "handed_over"
    ROUTED_OUT = "routed_out"
    WITHDRAWN = "withdrawn"


RECEIVED, WITH_OWNER, ANSWERED, PASSED_ON, AT_DOOR, TOLD, NOTED, HANDED_OVER, ROUTED_OUT, WITHDRAWN = State
WAITING = (RECEIVED, WITH_OWNER, ANSWERED, PASSED_ON)

NAMES = Names(
    noun=Words("nội dung này", "issue"),
    states={
        RECEIVED: Words("mới nhận", "received"), WITH_OWNER: Words("đang giải quyết", "with its unit"),
        ANSWERED: Words("đã có trả lời, chờ báo dân", "answered, resident not told yet"),
        PASSED_ON: Words("đã chuyển, chờ biên nhận", "passed on, no receipt yet"),
        AT_DOOR: Words("đã trả lời tại cửa", "answered at the door"), TOLD: Words("đã báo dân", "resident told"),
        NOTED: Words("đã ghi nhận", "noted"), HANDED_OVER: Words("nơi khác đã nhận", "taken over elsewhere"),
        ROUTED_OUT: Words("đã hướng dẫn tới đúng nơi", "routed out"), WITHDRAWN: Words("dân đã rút", "withdrawn")},
    verbs={
        "answer_at_door": Words("Trả lời tại cửa", "Answered at the door"),
        "note": Words("Ghi nhận, không cần trả lời", "Note it, no answer needed"),
        "route_out": Words("Hướng dẫn tới nơi khác, xóa lời ghi", "Route out, erase what was written"),
        "assign": Words("Giao đơn vị", "Assign to a unit"),
        "reassign": Words("Giao lại đơn vị khác", "Assign to another unit"),
        "answer": Words("Trả lời", "Answer"), "reopen": Words("Giải quyết lại", "Reopen"),
        "tell": Words("Đã báo người dân", "Resident told"), "pass_on": Words("Chuyển nơi khác", "Pass on"),
        "take_back": Words("Nhận lại", "Take back"), "confirm": Words("Đã có biên nhận", "Receipt is there"),
        "withdraw": Words("Người dân rút", "Resident withdrew it")},
    needs={
        "unit": Words("Đơn vị", "Unit"), "agency": Words("Nơi nhận", "Passed on to"), "kind": Words("Loại", "Kind"),
        "channel": Words("Báo bằng cách nào", "Told how"), "answer": Words("Nội dung trả lời", "Answer"),
        "receipt": Words("Số hoặc nội dung biên nhận", "Receipt (number or text)"), "reason": Words("Lý do", "Reason")})

ISSUE = Lifecycle(
    name="issue",
    table="casework_issue",
    states=State,
    start=RECEIVED,
    moves=(
        #    verb              from                     to           by          needs
        Move("answer_at_door", (RECEIVED,),             AT_DOOR,     By.TEAM,    ("answer",)),
        Move("note",           (RECEIVED,),             NOTED,       By.TEAM),
        Move("note",           (RECEIVED,),             NOTED,       By.OFFICE),
        Move("route_out",      (RECEIVED,),             ROUTED_OUT,  By.TEAM,    ("kind",)),
        Move("route_out",      (RECEIVED, WITH_OWNER),  ROUTED_OUT,  By.OFFICE,  ("kind",)),
        Move("assign",         (RECEIVED,),             WITH_OWNER,  By.OFFICE,  ("unit",)),
        Move("reassign",       (WITH_OWNER,),           WITH_OWNER,  By.OFFICE,  ("unit", "reason")),
        Move("answer",         (WITH_OWNER,),           ANSWERED,    By.OFFICE,  ("answer",)),
        Move("reopen",         (ANSWERED,),             WITH_OWNER,  By.OFFICE,  ("reason",)),
        Move("tell",           (ANSWERED,),             TOLD,        By.TEAM,    ("channel",)),
        Move("tell",           (ANSWERED,),             TOLD,        By.OFFICE,  ("channel",)),
        Move("pass_on",        (RECEIVED, WITH_OWNER),  PASSED_ON,   By.OFFICE,  ("agency", "reason")),
        Move("take_back",      (PASSED_ON,),            WITH_OWNER,  By.OFFICE,  ("unit", "reason")),
        Move("confirm",        (PASSED_ON,),            HANDED_OVER, By.OFFICE,  ("receipt",)),
        Move("withdraw",       WAITING,                 WITHDRAWN,   By.TEAM),
        Move("withdraw",       WAITING,                 WITHDRAWN,   By.OFFICE),
        Move("chase",          (RECEIVED,),             RECEIVED,    By.CLOCK),
        Move("chase",          (WITH_OWNER,),           WITH_OWNER,  By.CLOCK),
        Move("chase",          (ANSWERED,),             ANSWERED,    By.CLOCK),
        Move("chase",          (PASSED_ON,),            PASSED_ON,   By.CLOCK),
    ),
    clocks=(
        #     while in     for longer than           the clock itself will
        Clock(RECEIVED,    "issue.assign_within",    "chase"),
        Clock(WITH_OWNER,  "issue.answer_within",    "chase"),
        Clock(ANSWERED,    "issue.tell_within",      "chase"),
        Clock(PASSED_ON,   "issue.confirm_within",   "chase"),
    ),
    names=NAMES,
)
