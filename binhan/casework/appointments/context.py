"""What this context brings: visits that are agreed, and what is promised to residents."""
from __future__ import annotations

from binhan.casework.appointments.actions import after_visits, chase, expire, forget, miss
from binhan.casework.appointments.actions.digest import LOOK_EVERY_S, look
from binhan.casework.appointments.api import router
from binhan.casework.appointments.lifecycle import APPOINTMENT
from binhan.casework.appointments.phone import PHONE
from binhan.casework.appointments.urls import urlpatterns
from binhan.casework.visits.events import VISITED
from binhan.commons.clocks.rules import PolicySpec
from binhan.commons.clocks.tasks import Paced
from binhan.commons.context import Context, Tab
from binhan.commons.notify.rules import Template
from binhan.kernel.events import Reaction
from binhan.kernel.words import Words

CONTEXT = Context(
    app="binhan.casework.appointments",
    name=Words("Lịch hẹn", "Appointments"),
    lifecycles=(APPOINTMENT,),
    routers=(router,),
    urls=urlpatterns,
    clocks={("appointment", "miss"): miss, ("appointment", "chase"): chase, ("appointment", "expire"): expire,
            ("appointment", "forget"): forget},
    sweeps={"promises": Paced(LOOK_EVERY_S, look)},
    policies=(
        PolicySpec("appointment.answer_within", "wd",
                   Words("Lịch hẹn: hộ dân chọn giờ trong", "Appointment: the household chooses within")),
        PolicySpec("appointment.come_within", "s", Words("Lịch hẹn: tới trễ tối đa", "Appointment: come at most so late")),
        PolicySpec("appointment.mend_within", "wd", Words("Lịch hẹn: tới bù trong", "Appointment: come after all within")),
        PolicySpec("appointment.forget_within", "s",
                   Words("Lịch hẹn: xóa lời không hẹn sau", "Appointment: erase a declined one after")),
        PolicySpec("appointment.ahead", "s", Words("Lịch hẹn: hẹn trước ít nhất", "Appointment: at least so far ahead")),
        PolicySpec("appointment.changes", "n",
                   Words("Lịch hẹn: hộ dân đổi tối đa", "Appointment: changes by the household at most")),
        PolicySpec("appointment.guesses", "n", Words("Phiếu hẹn: số lần gõ mã sai", "Slip: wrong codes at most")),
        PolicySpec("appointment.guess_window", "s", Words("Phiếu hẹn: gõ sai tính trong", "Slip: wrong codes count for")),
        PolicySpec("promise.digest_every", "s",
                   Words("Lời hẹn trễ: báo tin mới cách nhau", "Late promises: tell of new ones every")),
        PolicySpec("promise.remind_every", "s", Words("Lời hẹn trễ: nhắc lại sau", "Late promises: remind after")),
        PolicySpec("promise.quiet_from", "s", Words("Lời hẹn trễ: im lặng từ (giây sau nửa đêm)",
                                                    "Late promises: quiet from (seconds after midnight)")),
        PolicySpec("promise.quiet_to", "s", Words("Lời hẹn trễ: im lặng đến (giây sau nửa đêm)",
                                                  "Late promises: quiet to (seconds after midnight)")),
    ),
    messages={
        "promises_team": Template(
            Words("Lời hẹn với dân đã quá hạn", "Promises to residents are late"),
            Words("{replies} lời hẹn trả lời, {visits} giờ hẹn tới nhà đã qua. Mở danh sách để làm tiếp.",
                  "{replies} replies and {visits} visits are late. Open the list."), "/field", 12 * 3600),
        "promises_board": Template(
            Words("Lời hẹn với dân đã quá hạn", "Promises to residents are late"),
            Words("Cả phường: {replies} lời hẹn trả lời, {visits} giờ hẹn tới nhà đã qua.",
                  "In the ward {replies} replies and {visits} visits are late."), "/office/promises/?late=1", 12 * 3600),
    },
    follows=(Reaction(VISITED, after_visits),),
    phone=PHONE,
    tabs=(Tab("promises", Words("Lời hẹn", "Promises"),
              Words("Trả lời và hẹn lại, quá hạn trước", "Replies and visits, the late ones first"), 30, "casework"),),
    defaults_for_all=frozenset({"casework_visit_hours"}),
)
