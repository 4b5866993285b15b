"""What this context brings: the tasks of units on incidents."""
from __future__ import annotations

from binhan.commons.clocks.rules import PolicySpec
from binhan.commons.context import Context
from binhan.commons.notify.rules import Template, Urgency
from binhan.kernel.words import Words
from binhan.sos.assignments.actions import chase, pass_on
from binhan.sos.assignments.lifecycle import ASSIGNMENT

CONTEXT = Context(
    app="binhan.sos.assignments",
    name=Words("Nhiệm vụ", "Assignments"),
    lifecycles=(ASSIGNMENT,),
    clocks={("assignment", "pass_on"): pass_on, ("assignment", "chase"): chase},
    policies=(
        PolicySpec("assignment.accept_within", "s", Words("Nhiệm vụ: nhận trong", "Assignment: accept within"), True),
        PolicySpec("assignment.depart_within", "s", Words("Nhiệm vụ: xuất phát trong", "Assignment: set off within"), True),
        PolicySpec("assignment.arrive_within", "s", Words("Nhiệm vụ: tới nơi trong", "Assignment: arrive within"), True),
        PolicySpec("assignment.finish_within", "s", Words("Nhiệm vụ: xong trong", "Assignment: finish within"), True),
    ),
    messages={
        "sos_offer": Template(
            Words("Có nhiệm vụ mới", "New task"),
            Words("Mở trang tuần tra để nhận hoặc từ chối.", "Open the patrol page to accept or decline."),
            "/patrol", 300, Urgency.CALL),
        "sos_chase": Template(
            Words("Nhiệm vụ đang chờ", "Task waiting"),
            Words("Đội đã đi hay đã tới chưa? Cập nhật ở trang tuần tra.",
                  "On the way, or there? Say so on the patrol page."), "/patrol", 300, Urgency.CALL),
        "sos_withdrawn": Template(
            Words("Nhiệm vụ đã kết thúc", "Task ended"),
            Words("Tổ không cần tới nữa. Mở trang tuần tra để xem.",
                  "The unit is no longer needed. Open the patrol page."), "/patrol", 600, Urgency.CALL),
        "sos_backup": Template(
            Words("Đồng đội cần chi viện", "A crew calls for backup"),
            Words("Mở bàn trực ngay.", "Open the desk now."), "/desk", 600, Urgency.CALL),
    },
    desk_events=frozenset({"assignment"}),
)
