"""Two values for one field of a door, side by side: who gave them, when, and which is to stand."""
from __future__ import annotations

from datetime import datetime
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

from binhan.casework.field.api.conflicts import SettleIn, list_conflicts, post_conflict_verb
from binhan.casework.field.rules.codes import KEEPS
from binhan.casework.households.rules import BEST_TIMES, DOOR_KINDS
from binhan.commons.access.pages import refused, spoken, ward_meant
from binhan.commons.wire import name_in, names_of
from binhan.kernel.errors import Problem
from binhan.kernel.geo import haversine_m


@login_required
def conflicts(request: HttpRequest) -> HttpResponse:
    """Those that wait, or those that were decided."""
    return _page(request)


def _page(request: HttpRequest, problem: str = "", status: int = 200) -> HttpResponse:
    settled = request.GET.get("state") == "settled"
    try:
        _, ward = ward_meant(request, "casework")
        found = list_conflicts(request, ward, "settled" if settled else "open")
    except Problem as away:
        return refused(request, away)
    for row in found["items"]:
        row["sides"] = [{"key": key, **row[key], "shown": _shown(row["field"], row[key]["value"])} for key in ("a", "b")]
        row["apart_m"] = _apart(row)
    return render(request, "field/conflicts.html", {
        "tab": "conflicts", "ward": ward, "rows": found["items"], "seen_at": found["at"].isoformat(), "settled": settled,
        "problem": problem, "keeps": names_of(KEEPS)}, status=status)


def _shown(field: str, value: Any) -> str:
    """The value in words."""
    if value is None or value == "":
        return gettext("(để trống)")
    if field == "position":
        return f"{value['lat']:.6f}, {value['lon']:.6f}"
    names = {"kind": DOOR_KINDS, "best_time": BEST_TIMES}.get(field, {})
    return name_in(names, value) or str(value)


def _apart(row: dict[str, Any]) -> float | None:
    """How far two positions are from each other."""
    a, b = row["a"]["value"], row["b"]["value"]
    if row["field"] != "position" or not a or not b:
        return None
    return haversine_m(a["lat"], a["lon"], b["lat"], b["lon"])


@login_required
@require_POST
def settle(request: HttpRequest, conflict_id: UUID) -> HttpResponse:
    """Keep one of them, or both; who comes second is told who was first."""
    given = request.POST
    try:
        seen = datetime.fromisoformat(given.get("seen_at", ""))
        body = SettleIn.model_validate({"keep": given.get("keep") or None, "seen_at": seen})
        post_conflict_verb(request, conflict_id, "settle", body)
    except Problem as problem:
        return refused(request, problem) if problem.status == 404 else _page(request, spoken(problem), problem.status)
    except (ValidationError, ValueError):
        return _page(request, gettext("Hãy chọn giữ giá trị nào."), 422)
    messages.success(request, gettext("Đã chọn."))
    return HttpResponseRedirect(f"{reverse('conflicts')}?ward={given.get('ward', '')}")
