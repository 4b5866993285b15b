"""What this context brings: what residents said, until they have been told."""
from __future__ import annotations

from binhan.casework.listening.actions import chase
from binhan.casework.listening.api import router
from binhan.casework.listening.lifecycle import ISSUE
from binhan.casework.listening.phone import PHONE
from binhan.casework.listening.queries.issues import SUBJECT
from binhan.casework.listening.urls import urlpatterns
from binhan.commons.clocks.rules import PolicySpec
from binhan.commons.context import Context, Tab
from binhan.kernel.words import Words

CONTEXT = Context(
    app="binhan.casework.listening",
    name=Words("Ý kiến người dân", "What residents said"),
    lifecycles=(ISSUE,),
    routers=(router,),
    urls=urlpatterns,
    clocks={("issue", "chase"): chase},
    policies=(
        PolicySpec("issue.assign_within", "wd", Words("Ý kiến: giao đơn vị trong", "Issue: assign within")),
        PolicySpec("issue.answer_within", "wd", Words("Ý kiến: trả lời trong", "Issue: answer within")),
        PolicySpec("issue.tell_within", "wd", Words("Ý kiến: báo người dân trong", "Issue: tell the resident within")),
        PolicySpec("issue.confirm_within", "wd", Words("Ý kiến: có biên nhận trong", "Issue: have the receipt within")),
        PolicySpec("issue.chase_within", "wd", Words("Ý kiến: nhắc lại sau", "Issue: chase again after")),
        PolicySpec("issue.reply_within", "wd", Words("Ý kiến: hẹn dân trả lời trong", "Issue: promised reply within")),
    ),
    file_subjects={"issue": SUBJECT},
    phone=PHONE,
    tabs=(Tab("issues", Words("Ý kiến người dân", "What residents said"),
              Words("Giao đơn vị, trả lời, báo dân", "Assign, answer, tell the resident"), 20, "casework"),),
)
