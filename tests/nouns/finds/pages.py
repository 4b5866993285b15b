"""The office page of finds: the list, and a form for each verb that is open."""
from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from binhan.commons.access.pages import refused, ward_meant
from binhan.commons.cases.pages import buttons, needs_given, submit
from binhan.kernel.errors import Problem
from tests.nouns.finds.api import FindVerbIn, list_finds, post_find_verb
from tests.nouns.finds.lifecycle import FIND


@login_required
def finds(request: HttpRequest) -> HttpResponse:
    """The list."""
    return _page(request)


def _page(request: HttpRequest, problem: str = "", given: QueryDict | None = None, find: str = "",
          status: int = 200) -> HttpResponse:
    try:
        _, ward = ward_meant(request, "finds")
        rows = list_finds(request, ward)["items"]
    except Problem as away:
        return refused(request, away)
    for row in rows:
        row["buttons"] = buttons(FIND, row["verbs"], given=given if row["id"] == find else None)
    return render(request, "finds/finds.html", {"tab": "finds", "ward": ward, "rows": rows, "problem": problem},
                  status=status)


@login_required
@require_POST
def act(request: HttpRequest, find_id: UUID) -> HttpResponse:
    """One verb."""
    given = request.POST
    verb = given.get("verb", "")

    def done(_moved: Any) -> HttpResponse:
        messages.success(request, gettext("Đã ghi vào sổ đồ nhặt được."))
        return HttpResponseRedirect(reverse("finds"))

    return submit(request, FIND, lambda: post_find_verb(request, find_id, verb, FindVerbIn.model_validate(
        needs_given(FIND, given))), lambda said, status: _page(request, said, given, str(find_id), status), done)
