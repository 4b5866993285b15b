"""What this context brings: rounds from door to door, their turfs, and what happened at each door."""
from __future__ import annotations

from binhan.casework.visits.actions.rounds import follow, remind
from binhan.casework.visits.api import routers
from binhan.casework.visits.lifecycle import ROUND
from binhan.casework.visits.phone import PHONE
from binhan.casework.visits.queries.files import SUBJECT
from binhan.casework.visits.urls import urlpatterns
from binhan.commons.clocks.rules import PolicySpec
from binhan.commons.context import Context, Tab
from binhan.kernel.words import Words

CONTEXT = Context(
    app="binhan.casework.visits",
    name=Words("Đi từng nhà", "Door to door"),
    lifecycles=(ROUND,),
    routers=routers,
    urls=urlpatterns,
    clocks={("round", "remind"): remind, ("round", "follow"): follow},
    policies=(
        PolicySpec("round.plan_within", "wd", Words("Đợt thăm: chia cụm trong", "Round: plan within")),
        PolicySpec("round.open_within", "wd", Words("Đợt thăm: mở trong", "Round: open within")),
        PolicySpec("round.close_within", "wd", Words("Đợt thăm: kết thúc trong", "Round: close within")),
        PolicySpec("round.resume_within", "wd", Words("Đợt thăm: đi tiếp trong", "Round: resume within")),
        PolicySpec("round.repeat_within", "s", Words("Đợt thăm: đợt sau cách", "Round: the next one after")),
    ),
    file_subjects={"visit": SUBJECT},
    phone=PHONE,
    tabs=(Tab("rounds", Words("Đợt đi từng nhà", "Rounds"),
              Words("Lập đợt, chia cụm, độ phủ", "Draft, cut into turfs, coverage"), 10, "casework"),),
    defaults_for_all=frozenset({"casework_topic"}),
)
