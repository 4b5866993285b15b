"""Office pages of questionnaires: those of the ward, taking in another, and which one a round asks."""
from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from pydantic import ValidationError

from binhan.casework.forms.api import AttachIn, FormTerms, create_form, get_round_form, list_forms, post_round_form
from binhan.casework.households.rules import BASES
from binhan.casework.visits.queries.reach import check_planner, round_for
from binhan.commons.access.api import rights
from binhan.commons.access.pages import faults, refused, spoken, ward_meant
from binhan.commons.access.queries import Rights
from binhan.commons.wire import names_of
from binhan.kernel.errors import Problem

NAMES = {"purpose": "Mục đích", "legal_basis": "Cơ sở pháp lý"}


def _plans(mine: Rights, ward_id: int) -> bool:
    try:
        check_planner(mine, ward_id)
    except Problem:
        return False
    return True


@login_required
def forms(request: HttpRequest) -> HttpResponse:
    """The ward's questionnaires; posted, another is taken in whole or refused with every reason."""
    try:
        mine, ward = ward_meant(request, "casework")
        rows = list_forms(request, ward)["items"]
    except Problem as problem:
        return refused(request, problem)
    shown: dict[str, Any] = {"tab": "forms", "ward": ward, "rows": rows, "planner": _plans(mine, ward),
                             "bases": names_of(BASES), "given": request.POST}
    if request.method != "POST":
        return render(request, "forms/forms.html", shown)
    file = request.FILES.get("file")
    if file is None:
        return render(request, "forms/forms.html", {**shown, "wrong": [gettext("Hãy chọn tệp.")]}, status=422)
    try:
        terms = FormTerms.model_validate({"purpose": request.POST.get("purpose", ""), "ward": ward,
                                          "legal_basis": request.POST.get("legal_basis", "")})
        taken = create_form(request, file, terms)  # type: ignore[arg-type]
    except Problem as problem:
        found = problem.extra.get("rows") or []
        wrong = [_reason(r) for r in found] or [spoken(problem)]
        return render(request, "forms/forms.html", {**shown, "wrong": wrong}, status=problem.status)
    except ValidationError as error:
        return render(request, "forms/forms.html", {**shown, "wrong": faults(error, NAMES)}, status=422)
    messages.success(request, gettext("Đã nhận phiếu “%(title)s”.") % {"title": taken[1]["title"]})
    return HttpResponseRedirect(f"{reverse('forms')}?ward={ward}")


def _reason(row: dict[str, Any]) -> str:
    """One reason with its place in the file."""
    at = " ".join(str(row[k]) for k in ("sheet", "row") if row.get(k))
    said = row.get("en") if get_language() == "en" else row.get("vi")
    return f"{at}: {said}" if at else str(said)


@login_required
def round_form(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """Which questionnaire the round asks; for who plans to change."""
    try:
        mine = rights(request)
        row = round_for(mine, round_id)
        if request.method == "POST":
            key = request.POST.get("form", "")
            post_round_form(request, round_id, AttachIn(form=UUID(key) if key else None))
            messages.success(request, gettext("Đã ghi phiếu hỏi của đợt."))
            return HttpResponseRedirect(reverse("round", args=[round_id]))
        asked = get_round_form(request, round_id)["form"]
        rows = list_forms(request, row.ward_id)["items"]
    except Problem as problem:
        return refused(request, problem)
    except ValueError:
        return refused(request, Problem(422, "invalid", "Hãy chọn lại phiếu.", "Choose the form again."))
    return render(request, "forms/round_form.html", {
        "tab": "rounds", "round": row, "asked": asked, "rows": rows, "planner": _plans(mine, row.ward_id)})
