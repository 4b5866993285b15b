"""What this context brings: questionnaires (XLSForm) and the answers given at doors."""
from __future__ import annotations

from binhan.casework.forms.api import router
from binhan.casework.forms.phone import PHONE
from binhan.casework.forms.urls import urlpatterns
from binhan.commons.context import Context, Tab
from binhan.kernel.words import Words

CONTEXT = Context(
    app="binhan.casework.forms",
    name=Words("Phiếu hỏi", "Questionnaires"),
    routers=(router,),
    urls=urlpatterns,
    phone=PHONE,
    tabs=(Tab("forms", Words("Phiếu hỏi", "Questionnaires"), Words("", ""), 50, "casework"),),
)
