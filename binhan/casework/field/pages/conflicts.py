"""Two values for one field of a door, side by side: who gave them, when, and which is to stand."""
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

from binhan.casework.field.api.conflicts import SettleIn, list_conflicts, post_conflict_verb
from binhan.casework.field.lifecycle import CONFLICT
from binhan.casework.field.queries.conflicts import ConflictDetail, ConflictSide
from binhan.casework.households.rules import BEST_TIMES, DOOR_KINDS
from binhan.commons.access.pages import refused, ward_meant
from binhan.commons.cases.pages import needs_given, submit
from binhan.commons.wire import name_in
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
    rows = [{**row, "apart_m": _apart(row), "sides": [_side(row["field"], key, side)
                                                      for key, side in (("a", row["a"]), ("b", row["b"]))]}
            for row in found["items"]]
    return render(request, "field/conflicts.html", {
        "tab": "conflicts", "ward": ward, "rows": rows, "seen_at": found["at"].isoformat(), "settled": settled,
        "problem": problem}, status=status)


def _side(field: str, key: str, side: ConflictSide) -> dict[str, Any]:
    return {"key": key, **side, "shown": _shown(field, side["value"])}


def _shown(field: str, value: Any) -> str:
    """The value in words."""
    if value is None or value == "":
        return gettext("(để trống)")
    if field == "position":
        return f"{value['lat']:.6f}, {value['lon']:.6f}"
    names = {"kind": DOOR_KINDS, "best_time": BEST_TIMES}.get(field, {})
    return name_in(names, value) or str(value)


def _apart(row: ConflictDetail) -> float | None:
    """How far two positions are from each other."""
    a, b = row["a"]["value"], row["b"]["value"]
    if not isinstance(a, dict) or not isinstance(b, dict):
        return None
    return haversine_m(a["lat"], a["lon"], b["lat"], b["lon"])


@login_required
@require_POST
def settle(request: HttpRequest, conflict_id: UUID) -> HttpResponse:
    """Keep one of them, or both; who comes second is told who was first."""
    given = request.POST

    def done(_settled: object) -> HttpResponse:
        messages.success(request, gettext("Đã chọn."))
        return HttpResponseRedirect(f"{reverse('conflicts')}?ward={given.get('ward', '')}")

    return submit(request, CONFLICT, lambda: post_conflict_verb(request, conflict_id, "settle", SettleIn.model_validate(
        {**needs_given(CONFLICT, given), "seen_at": given.get("seen_at", "")})),
        lambda said, status: _page(request, said, status), done)
