"""What this context brings: corrections made at doors, and values on which two people differ."""
from __future__ import annotations

from binhan.casework.field.actions.conflicts import chase_conflict
from binhan.casework.field.api.conflicts import router
from binhan.casework.field.lifecycle import CONFLICT
from binhan.casework.field.phone import PHONE
from binhan.casework.field.urls import urlpatterns
from binhan.commons.clocks.rules import PolicySpec
from binhan.commons.context import Context, Tab
from binhan.kernel.words import Words

CONTEXT = Context(
    app="binhan.casework.field",
    name=Words("Từ thực địa", "From the field"),
    lifecycles=(CONFLICT,),
    routers=(router,),
    urls=urlpatterns,
    clocks={("conflict", "chase"): chase_conflict},
    policies=(
        PolicySpec("conflict.settle_within", "wd",
                   Words("Hai giá trị khác nhau: chọn trong", "Differing values: settle within")),
        PolicySpec("conflict.chase_within", "wd",
                   Words("Hai giá trị khác nhau: nhắc sau", "Differing values: chase after")),
    ),
    tabs=(
        Tab("conflicts", Words("Số liệu khác nhau", "Differing values"),
            Words("Hai người ghi khác nhau: chọn", "Two people wrote different things: choose"), 70, "casework"),
    ),
    phone=PHONE,
    defaults_for_all=frozenset({"casework_notice"}),
)
