"""What this context brings: things that were found."""
from __future__ import annotations

from binhan.commons.clocks.rules import PolicySpec
from binhan.commons.context import Context, Tab
from binhan.commons.notify.rules import Template
from binhan.kernel.words import Words
from tests.nouns.finds.actions import chase
from tests.nouns.finds.api import router
from tests.nouns.finds.lifecycle import FIND
from tests.nouns.finds.urls import urlpatterns

CONTEXT = Context(
    app="tests.nouns.finds",
    name=Words("Đồ nhặt được", "Finds"),
    lifecycles=(FIND,),
    routers=(router,),
    urls=urlpatterns,
    clocks={("find", "chase"): chase},
    policies=(PolicySpec("find.return_within", "wd", Words("Đồ nhặt được: trả trong", "Find: return within")),),
    messages={"find_kept": Template(Words("Đồ nhặt được chưa ai nhận", "A find is still here"),
                                    Words("Hãy tìm chủ của đồ đang giữ.", "Find the owner of what is kept."),
                                    "/office/finds/", 86_400)},
    purposes={"finds": frozenset({"leadership", "petition_desk"})},
    tabs=(Tab("finds", Words("Đồ nhặt được", "Finds"), Words("Nhận, trả", "Hand in, give back"), 200, purpose="finds"),),
)
