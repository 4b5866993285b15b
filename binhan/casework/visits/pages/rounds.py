"""The rounds of a ward, and one round with its plan, its turfs and a button for each verb that is open to the reader."""
from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from binhan.casework.visits.api.rounds import MovedRound, RoundVerbIn, get_round, list_rounds, post_round_verb
from binhan.casework.visits.lifecycle import ROUND
from binhan.casework.visits.queries.office import door_counts, plan_summary
from binhan.casework.visits.queries.reach import round_for, sees_doors
from binhan.casework.visits.queries.rounds import RoundDetail
from binhan.casework.visits.queries.turfs import turfs_json
from binhan.casework.visits.rules.codes import PARTS
from binhan.commons.access.api import rights
from binhan.commons.access.pages import refused, ward_meant
from binhan.commons.access.rules import PLANNERS
from binhan.commons.cases.pages import Look, buttons, needs_given, submit
from binhan.commons.roads.queries import version_of
from binhan.commons.wire import names_of
from binhan.kernel.errors import Problem
from binhan.kernel.words import Words

DONE = {"plan": "Đã chia cụm.", "open": "Đã mở đợt.", "pause": "Đã tạm dừng.", "resume": "Đợt đi tiếp.",
        "close": "Đã kết thúc đợt.", "cancel": "Đã hủy đợt.", "follow": "Đã lập nháp đợt sau.",
        "finish": "Đã kết thúc hẳn."}
NEXT = {"draft": "Hãy chia cụm, xem lại, rồi mở đợt.", "planned": "Xem lại các cụm, sửa tay nếu cần, rồi mở đợt.",
        "open": "Các tổ đang đi. Sau ngày cuối hãy kết thúc đợt.", "paused": "Đợt đang dừng. Cho đi tiếp khi có thể.",
        "closed": "Hãy lập đợt sau, nếu không hệ thống tự lập theo nhịp.", "done": "", "cancelled": ""}


@login_required
def rounds(request: HttpRequest) -> HttpResponse:
    """The rounds of the ward, the latest first."""
    try:
        mine, ward = ward_meant(request, "casework")
        found = list_rounds(request, ward, limit=30, cursor=request.GET.get("cursor", ""))
    except Problem as problem:
        return refused(request, problem)
    doors = door_counts([UUID(r["id"]) for r in found["items"]])
    rows = [{**row, "doors": doors.get(UUID(row["id"]), 0)} for row in found["items"]]
    return render(request, "visits/rounds.html", {
        "tab": "rounds", "rows": rows, "more": found["next"], "ward": ward,
        "planner": mine.has(ward, *PLANNERS)})


@login_required
def round_page(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """One round."""
    return _page(request, round_id)


def _page(request: HttpRequest, round_id: UUID, problem: str = "", given: QueryDict | None = None,
          status: int = 200) -> HttpResponse:
    """The round; with what was typed when a verb was refused."""
    try:
        mine = rights(request)
        row = round_for(mine, round_id)
        shown = get_round(request, round_id)
    except Problem as away:
        return refused(request, away)
    teams = sees_doors(mine, row)
    return render(request, "visits/round.html", {
        "tab": "rounds", "row": shown, "buttons": buttons(ROUND, shown["verbs"], _look(shown), given),
        "problem": problem, "parts": names_of(PARTS),
        "plan": plan_summary(row), "turfs": turfs_json(row, teams), "all_turfs": teams is None, "next": NEXT[row.state],
        "follows": shown["follows"], "late": _late(shown), "roads": version_of(row.ward_id) is not None}, status=status)


def _late(shown: RoundDetail) -> bool:
    """True when the clock of the round's state has rung: it waits for its planner too long."""
    clock = shown["clock"]
    return bool(clock and (clock["rung"] > 1 or clock["due_at"] < timezone.now()))


def _look(shown: RoundDetail) -> Look:
    """Cut once, a round is rather moved on than cut again."""
    again = shown["planned_at"] is not None
    main = next((v for v in shown["verbs"] if v != "plan" or not again), "")
    names = {"plan": Words("Chia lại", "Cut again")} if again else {}
    return Look(main=main, danger=frozenset({"cancel", "finish"}), names=names)


@login_required
@require_POST
def act(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """One verb; a refusal comes back as a sentence above the page, with what was typed, and nothing has changed."""
    given = request.POST
    verb = given.get("verb", "")
    return submit(request, ROUND, lambda: post_round_verb(request, round_id, verb, RoundVerbIn.model_validate(
        needs_given(ROUND, given))), lambda problem, status: _page(request, round_id, problem, given, status),
        lambda moved: _done(request, round_id, verb, moved))


def _done(request: HttpRequest, round_id: UUID, verb: str, moved: MovedRound) -> HttpResponse:
    """To the round, or to the one that follows, with what was done."""
    if verb == "plan" and "planned" in moved:
        done = moved["planned"]
        messages.success(request, gettext("Đã chia %(doors)s căn thành %(turfs)s cụm, giữ nguyên %(kept)s cụm đã đi.") % {
            "doors": done["doors"], "turfs": done["turfs"], "kept": done["kept"]})
    else:
        messages.success(request, gettext(DONE[verb]))
    return HttpResponseRedirect(reverse("round", args=[moved.get("next") or round_id]))
