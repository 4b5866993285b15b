"""The phones that carry the ward's doors: whose they are, when each was last heard of, and wiping a lost one."""
from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST
from pydantic import ValidationError

from binhan.casework.field.api.devices import DeviceVerbIn, list_devices, post_device_verb
from binhan.casework.field.lifecycle import DEVICE, By
from binhan.casework.field.queries.devices import is_office
from binhan.commons.access.api import rights
from binhan.commons.access.pages import faults, refused, spoken, ward_asked
from binhan.kernel.errors import Problem

VERBS = {"wipe": "Xóa từ xa", "retire": "Thôi dùng máy này"}


@login_required
def phones(request: HttpRequest) -> HttpResponse:
    """All of the ward's for its office, my own for anybody else."""
    return _page(request)


def _page(request: HttpRequest, problem: str = "", typed: dict[str, str] | None = None, status: int = 200) -> HttpResponse:
    mine = rights(request)
    wards = [w for w in mine.wards if mine.may("casework", w) or mine.has(w, "administrator")]
    ward = ward_asked(request) or (wards[0] if wards else 0)
    try:
        if ward not in wards:
            raise Problem(403, "forbidden", "Vai trò của bạn không xem được danh sách máy.",
                          "Your role does not open the list of phones.")
        rows = list_devices(request, ward)["items"]
    except Problem as away:
        return refused(request, away)
    typed = typed or {}
    for row in rows:
        row["buttons"] = [_button(row, verb, typed) for verb in row["verbs"]]
        row["n_turfs"] = len(row["turfs"])
    return render(request, "field/phones.html", {
        "tab": "phones", "ward": ward, "rows": rows, "problem": problem, "office": is_office(mine, ward),
        "no_tabs": not mine.may("casework", ward)}, status=status)


def _button(row: dict[str, Any], verb: str, typed: dict[str, str]) -> dict[str, Any]:
    needs = next(m.needs for m in DEVICE.moves if m.verb == verb and m.by == By.OFFICE)
    return {"verb": verb, "label": VERBS[verb], "needs": needs, "typed": typed.get(f"{row['id']}:{verb}")}


@login_required
@require_POST
def act(request: HttpRequest, device_id: UUID) -> HttpResponse:
    """Wipe or retire; a refusal keeps the reason that was typed."""
    verb, reason = request.POST.get("verb", ""), request.POST.get("reason", "")
    typed = {f"{device_id}:{verb}": reason}
    try:
        post_device_verb(request, device_id, verb, DeviceVerbIn(reason=reason or None))
    except Problem as problem:
        if problem.status == 404:
            return refused(request, problem)
        text = gettext("Hãy nêu lý do.") if problem.code == "needs_missing" else spoken(problem)
        return _page(request, text, typed, problem.status)
    except ValidationError as error:
        return _page(request, " ".join(faults(error, {"reason": "Lý do"})), typed, 422)
    messages.success(request, gettext("Máy bị ngắt ngay. Dữ liệu trên máy tự xóa khi máy có mạng.") if verb == "wipe"
                     else gettext("Máy này thôi dùng."))
    return HttpResponseRedirect(f"{reverse('phones')}?ward={request.POST.get('ward', '')}")
