"""What this context brings: the register of doors, households and people, and the wall around casework."""
from __future__ import annotations

from binhan.casework.households.actions.uploads import forget_upload
from binhan.casework.households.api import router
from binhan.casework.households.urls import urlpatterns
from binhan.commons.access.rules import CASEWORKERS
from binhan.commons.clocks.rules import PolicySpec
from binhan.commons.context import Context, Tab
from binhan.kernel.words import Words

CONTEXT = Context(
    app="binhan.casework.households",
    name=Words("Sổ hộ", "Household register"),
    routers=(router,),
    urls=urlpatterns,
    clocks={("upload", "forget"): forget_upload},
    policies=(PolicySpec("import.keep_within", "s",
                         Words("Nhập sổ hộ: giữ tệp chưa nhập trong", "Import: keep a file that is not imported for")),),
    purposes={"casework": CASEWORKERS},
    tabs=(
        Tab("households", Words("Sổ hộ", "Households"),
            Words("Tìm, gộp, tách, chuyển hộ", "Find, merge, split, move"), 40, "casework"),
        Tab("ways", Words("Tuyến và tổ", "Ways and groups"), Words("Thêm, đổi tên", "Add, rename"), 60, "casework"),
    ),
)
