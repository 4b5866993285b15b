"""Drafting a round: one form without script. Whatever is wrong, what was typed stays."""
from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from pydantic import ValidationError

from binhan.casework.visits.api.rounds import RoundIn, create_round
from binhan.casework.visits.queries.office import choices
from binhan.casework.visits.queries.reach import check_planner
from binhan.casework.visits.queries.rounds import topics_on
from binhan.casework.visits.rules.codes import DOORS_MAX, GROUPS_MAX, MINUTES, PARTS
from binhan.commons.access.pages import faults, refused, spoken, ward_meant
from binhan.commons.wire import names_of
from binhan.kernel.errors import Problem
from binhan.kernel.ids import new_id

NAMES = {"name": "Tên đợt", "purpose": "Mục đích", "from_on": "Từ ngày", "to_on": "Đến ngày", "areas": "Khu phố",
         "priorities": "Nơi ưu tiên", "reason": "Lý do ưu tiên", "teams": "Tổ công tác", "topics": "Nội dung",
         "max_doors": "Số căn mỗi cụm", "minutes_at_door": "Số phút mỗi căn", "groups": "Số nhóm",
         "composition": "Thành phần", "members": "Thành viên", "area": "Nơi ưu tiên", "way": "Nơi ưu tiên"}
PLACES_MAX, TEAMS_MAX = 30, 30
DAYS = 14  # how long a round is offered to be; the planner says


@login_required
def draft(request: HttpRequest) -> HttpResponse:
    """The form; posted with `add` it comes back with more rows, otherwise the round is drafted."""
    try:
        mine, ward = ward_meant(request, "casework")
        check_planner(mine, ward)
        if request.method != "POST":
            return _form(request, ward, _fresh(), [])
        if request.POST.get("add"):
            return _form(request, ward, request.POST, [])
        made = create_round(request, RoundIn.model_validate(_body(request.POST, ward)))[1]
    except ValidationError as error:
        return _form(request, ward, request.POST, faults(error, NAMES), 422)
    except Problem as problem:
        if request.method != "POST" or problem.status in (403, 404):
            return refused(request, problem)
        return _form(request, ward, request.POST, [spoken(problem)], problem.status)
    return HttpResponseRedirect(reverse("round", args=[made["id"]]))


def _fresh() -> QueryDict:
    """What an empty form offers."""
    today = timezone.localdate()
    return QueryDict(f"id={new_id()}&from_on={today + timedelta(days=1)}&to_on={today + timedelta(days=DAYS)}"
                     f"&max_doors={DOORS_MAX}&minutes_at_door={MINUTES:g}&groups=1&n_places=2&n_teams=0"
                     "&c_police=1&c_government=1&c_front=1")


def _count(given: QueryDict, name: str, most: int) -> int:
    """How many rows of a kind the form has, one more if that was asked for."""
    text = given.get(name, "")
    rows = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0
    return min(rows + (given.get("add") == name), most)


def _body(given: QueryDict, ward: int) -> dict[str, Any]:
    """The form as the API takes it. A khu phố that no special team walks gets its own, made up as the form says."""
    teams = [_team(given, n) for n in range(_count(given, "n_teams", TEAMS_MAX))]
    teams = [t for t in teams if t["name"] or t["areas"]]
    taken = {area for team in teams for area in team["areas"]}
    areas = list(dict.fromkeys([*given.getlist("areas"), *(a for t in teams for a in t["areas"])]))
    names = {str(a.id): a.name for a in choices(ward)["areas"]}
    common = {"composition": _parts(given, "c"), "groups": given.get("groups") or 1}
    teams += [{"name": f"Tổ 3 trong 1 – {names[a]}"[:120], "areas": [a], **common}
              for a in areas if a not in taken and a in names]
    simple = ("id", "name", "purpose", "from_on", "to_on", "max_doors", "minutes_at_door")
    return {"ward": ward, "areas": areas, "teams": teams, "topics": given.getlist("topics"),
            "priorities": _priorities(given), **{k: given[k] for k in simple if given.get(k)}}


def _priorities(given: QueryDict) -> list[dict[str, str]]:
    """The rows in which a place or a reason is given."""
    found = []
    for n in range(_count(given, "n_places", PLACES_MAX)):
        kind, _, key = given.get(f"place_{n}", "").partition(":")
        why = given.get(f"why_{n}", "").strip()
        if key or why:
            found.append({kind if kind in ("area", "way") else "area": key, "reason": why})
    return found


def _parts(given: QueryDict, prefix: str) -> dict[str, str]:
    """How many of each part; none of those left empty."""
    typed = {p: str(given.get(f"{prefix}_{p}", "")).strip() for p in PARTS}
    return {p: count for p, count in typed.items() if count not in ("", "0")}


def _team(given: QueryDict, n: int) -> dict[str, Any]:
    """One special team of the form."""
    return {"name": given.get(f"t{n}_name", "").strip(), "areas": given.getlist(f"t{n}_areas"),
            "composition": _parts(given, f"t{n}"), "groups": given.get(f"t{n}_groups") or 1,
            "members": [{"account": a, "part": given.get(f"t{n}_part_{a}") or "other"}
                        for a in given.getlist(f"t{n}_members")]}


def _form(request: HttpRequest, ward: int, given: QueryDict, wrong: list[str], status: int = 200) -> HttpResponse:
    """The form with what it was given."""
    known = choices(ward)
    places, teams = _count(given, "n_places", PLACES_MAX), _count(given, "n_teams", TEAMS_MAX)
    return render(request, "visits/draft.html", {
        "tab": "rounds", "ward": ward, "given": given, "wrong": wrong, **known,
        "topics": topics_on(ward, timezone.localdate()),
        "chosen_topics": set(given.getlist("topics")), "chosen_areas": set(given.getlist("areas")), "n_places": places,
        "n_teams": teams, "groups_max": GROUPS_MAX, "parts": _numbers(given, "c"),
        "places": [{"n": n, "place": given.get(f"place_{n}", ""), "why": given.get(f"why_{n}", "")} for n in range(places)],
        "teams": [_shown(given, n, known["members"]) for n in range(teams)]}, status=status)


def _numbers(given: QueryDict, prefix: str) -> list[dict[str, str]]:
    return [{"key": f"{prefix}_{p}", "name": name, "count": given.get(f"{prefix}_{p}", "")}
            for p, name in names_of(PARTS).items()]


def _shown(given: QueryDict, n: int, members: list[tuple[UUID, str]]) -> dict[str, Any]:
    """One special team as the form shows it."""
    named = set(given.getlist(f"t{n}_members"))
    return {"n": n, "number": n + 1, "name": given.get(f"t{n}_name", ""), "groups": given.get(f"t{n}_groups", "1"),
            "areas": set(given.getlist(f"t{n}_areas")), "parts": _numbers(given, f"t{n}"),
            "members": [{"id": str(key), "name": name, "in": str(key) in named,
                         "part": given.get(f"t{n}_part_{key}", "other")} for key, name in members],
            "all_parts": names_of(PARTS)}
