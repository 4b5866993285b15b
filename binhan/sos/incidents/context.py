"""What this context brings: SOS incidents with their ladder, desk shifts, and the wall around all of SOS."""
from __future__ import annotations

from binhan.commons.access.rules import DESK, SOS_READERS
from binhan.commons.clocks.rules import PolicySpec
from binhan.commons.clocks.tasks import WhenDue
from binhan.commons.context import Context
from binhan.commons.notify.rules import Template, Urgency
from binhan.kernel.words import Words
from binhan.sos.incidents.lifecycle import INCIDENT
from binhan.sos.incidents.tasks import Ladder, Unwatched

CONTEXT = Context(
    app="binhan.sos.incidents",
    name=Words("Bàn trực", "Duty desk"),
    lifecycles=(INCIDENT,),
    # The ladder climbs whole sets at once: a thousand rungs due together take a fraction of a second.
    sweeps={"incident": WhenDue("incident", Ladder()), "unwatched": Unwatched()},
    policies=(
        PolicySpec("sos.ack_within", "s", Words("SOS: tiếp nhận trong", "SOS: acknowledge within"), True),
        PolicySpec("sos.repeat_within", "s", Words("SOS: nhắc lại sau", "SOS: ring again after"), True),
        PolicySpec("sos.dispatch_within", "s", Words("SOS: cử lực lượng trong", "SOS: send a unit within"), True),
        PolicySpec("sos.arrive_within", "s", Words("SOS: tới nơi trong", "SOS: arrive within"), True),
        PolicySpec("sos.close_within", "s", Words("SOS: kết thúc hồ sơ trong", "SOS: close within"), True),
    ),
    messages={
        "sos_escalate": Template(
            Words("SOS chưa ai tiếp nhận", "SOS not acknowledged"),
            Words("Có tin SOS đang chờ. Mở bàn trực ngay.", "An SOS is waiting. Open the desk now."), "/desk", 600,
            Urgency.ALARM),
        "sos_overdue": Template(
            Words("Vụ SOS quá hạn xử lý", "SOS overdue"),
            Words("Một vụ đã tiếp nhận đang chờ bước tiếp theo. Mở bàn trực ngay.",
                  "An acknowledged SOS waits for its next step. Open the desk now."), "/desk", 600,
            Urgency.ALARM),
        "sos_remind": Template(
            Words("Vụ việc chờ kết thúc", "Incident to close"),
            Words("Một vụ đã xử lý xong chưa ghi kết quả.", "A resolved incident has no outcome yet."), "/desk", 3600),
        "sos_many": Template(
            Words("Nhiều SOS chưa ai tiếp nhận", "Many SOS not acknowledged"),
            Words("{n} vụ chưa tiếp nhận. Mở bàn trực ngay.", "{n} incidents are not acknowledged. Open the desk now."),
            "/desk", 600, Urgency.ALARM),
        "sos_many_late": Template(
            Words("Nhiều vụ SOS quá hạn xử lý", "Many SOS overdue"),
            Words("{n} vụ đã tiếp nhận còn mở, có vụ đã quá giờ. Mở bàn trực.",
                  "{n} acknowledged incidents are open, and some are late. Open the desk."), "/desk", 600, Urgency.ALARM),
    },
    purposes={"sos": SOS_READERS, "desk": DESK},
    desk_events=frozenset({"incident", "incident_list", "desk_shift", "ladder"}),
    defaults_for_all=frozenset({"sos_rung"}),
    hot_only=frozenset({"live_facts", "live_forget_sources", "live_messages", "live_rendered", "live_status",
                        "sos_apply_fact", "sos_count_sources", "sos_device_incident", "sos_incident_of",
                        "sos_keep_collapsed", "sos_open_crowds", "sos_own_presses", "sos_posts",
                        "sos_press_answers", "sos_rehome", "sos_thin_trace", "sos_unreached"}),
)
