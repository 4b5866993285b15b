"""The phones that carry the ward's doors: whose they are, when each was last heard of, and wiping a lost one."""
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

from binhan.casework.phones.api.devices import DeviceVerbIn, list_devices, post_device_verb
from binhan.casework.phones.lifecycle import DEVICE
from binhan.casework.phones.queries.devices import is_office
from binhan.commons.access.api import rights
from binhan.commons.access.pages import refused, ward_asked
from binhan.commons.cases.pages import Look, buttons, needs_given, submit
from binhan.kernel.errors import Problem

LOOK = Look(danger=frozenset({"wipe", "retire"}))


@login_required
def phones(request: HttpRequest) -> HttpResponse:
    """All of the ward's for its office, my own for anybody else."""
    return _page(request)


def _page(request: HttpRequest, problem: str = "", given: QueryDict | None = None, device: str = "",
          status: int = 200) -> HttpResponse:
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
    shown = [{**row, "n_turfs": len(row["turfs"]),
              "buttons": buttons(DEVICE, row["verbs"], LOOK, given if row["id"] == device else None)} for row in rows]
    return render(request, "phones/phones.html", {
        "tab": "phones", "ward": ward, "rows": shown, "problem": problem, "office": is_office(mine, ward),
        "no_tabs": not mine.may("casework", ward)}, status=status)


@login_required
@require_POST
def act(request: HttpRequest, device_id: UUID) -> HttpResponse:
    """Wipe or retire; a refusal keeps the reason that was typed."""
    given = request.POST
    verb = given.get("verb", "")

    def done(_moved: Any) -> HttpResponse:
        messages.success(request, gettext("Máy bị ngắt ngay. Dữ liệu trên máy tự xóa khi máy có mạng.") if verb == "wipe"
                         else gettext("Máy này thôi dùng."))
        return HttpResponseRedirect(f"{reverse('phones')}?ward={given.get('ward', '')}")

    return submit(request, DEVICE, lambda: post_device_verb(request, device_id, verb, DeviceVerbIn.model_validate(
        needs_given(DEVICE, given))), lambda said, status: _page(request, said, given, str(device_id), status), done)
