"""One turf on its page: its walk on the map and as a list, and adjusting it by hand without script."""
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

from binhan.casework.visits.api.turfs import MoveDoor, Reorder, get_turf, move_door, reorder
from binhan.casework.visits.lifecycle import RUNNING
from binhan.casework.visits.queries.office import outlines_json, siblings
from binhan.casework.visits.queries.reach import turf_for
from binhan.casework.visits.queries.turfs import walk_json
from binhan.commons.access.api import rights
from binhan.commons.access.pages import refused, spoken
from binhan.kernel.errors import Problem, not_found


@login_required
def turf(request: HttpRequest, turf_id: UUID) -> HttpResponse:
    """The turf; that it was opened is journalled."""
    return _page(request, turf_id)


def _page(request: HttpRequest, turf_id: UUID, problem: str = "", typed: dict[str, str] | None = None,
          status: int = 200) -> HttpResponse:
    try:
        row = turf_for(rights(request), turf_id)
        shown = get_turf(request, turf_id)
    except Problem as away:
        return refused(request, away)
    chosen = typed or {"dwelling": request.GET.get("door", ""), "to": ""}
    given = {"ground": outlines_json(row.ward_id),
             "doors": [{"id": d["dwelling"], "lat": d["lat"], "lon": d["lon"], "state": d["state"], "label": d["address"],
                        "place": d["place"]} for d in shown["doors"]]}
    return render(request, "visits/turf.html", {
        "tab": "rounds", "turf": shown, "round": row.round, "given": given, "siblings": siblings(row), "problem": problem,
        "chosen": chosen, "open": row.round.state in RUNNING}, status=status)


@login_required
@require_POST
def act(request: HttpRequest, turf_id: UUID) -> HttpResponse:
    """Move the chosen door to another turf, or one place up or down the walk."""
    given = request.POST
    typed = {"dwelling": given.get("dwelling", ""), "to": given.get("to", "")}
    try:
        back, done = _act(request, turf_id, given.get("verb", ""), typed)
    except Problem as problem:
        return _page(request, turf_id, spoken(problem), typed, problem.status)
    except (ValidationError, ValueError):
        return _page(request, turf_id, gettext("Hãy chọn một căn, và cụm đích nếu chuyển."), typed, 422)
    messages.success(request, done)
    return HttpResponseRedirect(f"{reverse('turf', args=[back])}?door={typed['dwelling']}#door-{typed['dwelling']}")


def _act(request: HttpRequest, turf_id: UUID, verb: str, typed: dict[str, Any]) -> tuple[UUID, str]:
    """Do it; returns the turf to go back to and what to say."""
    dwelling = UUID(typed["dwelling"])
    if verb == "move":
        turf_for(rights(request), turf_id)
        move_door(request, UUID(typed["to"]), MoveDoor(dwelling=dwelling))
        return UUID(typed["to"]), gettext("Đã chuyển căn sang cụm này.")
    if verb not in ("up", "down"):
        raise not_found("thao tác này", "verb")
    doors = [UUID(d["dwelling"]) for d in walk_json(turf_for(rights(request), turf_id))]
    if dwelling not in doors:
        raise not_found("căn này trong cụm", "door of this turf")
    at = doors.index(dwelling)
    to = min(max(at + (1 if verb == "down" else -1), 0), len(doors) - 1)
    doors.insert(to, doors.pop(at))
    reorder(request, turf_id, Reorder(dwellings=doors))
    return turf_id, gettext("Đã xếp lại đường đi.")
