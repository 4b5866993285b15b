"""Office pages of what residents said: the list, one of them with a form for each verb that is open."""
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
from pydantic import ValidationError

from binhan.casework.listening.api import IssueVerbIn, get_issue, list_issues, post_issue_verb
from binhan.casework.listening.lifecycle import ISSUE
from binhan.casework.listening.rules import AGENCIES, CHANNELS, DESKS, KINDS, ROUTED, UNITS, URGENCIES
from binhan.commons.access.pages import faults, refused, spoken, ward_meant
from binhan.commons.language import shown
from binhan.kernel.errors import Problem

VERBS = {"answer_at_door": "Trả lời tại cửa", "note": "Ghi nhận, không cần trả lời",
         "route_out": "Hướng dẫn tới nơi khác, xóa lời ghi",
         "assign": "Giao đơn vị", "reassign": "Giao lại đơn vị khác", "answer": "Trả lời", "reopen": "Giải quyết lại",
         "tell": "Đã báo người dân", "pass_on": "Chuyển nơi khác", "take_back": "Nhận lại", "confirm": "Đã có biên nhận",
         "withdraw": "Người dân rút"}
NEEDS = {"unit": "Đơn vị", "agency": "Nơi nhận", "kind": "Loại", "channel": "Báo bằng cách nào",
         "answer": "Nội dung trả lời", "receipt": "Số hoặc nội dung biên nhận", "reason": "Lý do"}
CHOICES: dict[str, dict[str, str]] = {"unit": UNITS, "agency": AGENCIES, "channel": CHANNELS,
                                      "kind": {k: ROUTED[k] for k in DESKS}}


@login_required
def issues(request: HttpRequest) -> HttpResponse:
    """What was heard, the longest waiting first; by state, kind and unit."""
    asked = {name: request.GET.get(name, "") for name in ("state", "kind", "unit")}
    try:
        _, ward = ward_meant(request, "casework")
        found = list_issues(request, ward, asked["state"] or "waiting", asked["kind"], asked["unit"], 50,
                            request.GET.get("cursor", ""))
    except Problem as problem:
        return refused(request, problem)
    return render(request, "listening/issues.html", {
        "tab": "issues", "rows": found["items"], "more": found["next"], "ward": ward, "asked": asked,
        "states": {str(s): shown(words) for s, words in ISSUE.names.states.items()}, "kinds": KINDS, "units": UNITS})


@login_required
def issue(request: HttpRequest, issue_id: UUID) -> HttpResponse:
    """One of them; that it was opened is journalled."""
    return _page(request, issue_id)


def _page(request: HttpRequest, issue_id: UUID, problem: str = "", given: QueryDict | None = None,
          status: int = 200) -> HttpResponse:
    """The page; after a refusal with what was typed for the verb."""
    try:
        row = get_issue(request, issue_id)
    except Problem as away:
        return refused(request, away)
    return render(request, "listening/issue.html", {
        "tab": "issues", "row": row, "problem": problem, "channels": CHANNELS, "urgencies": URGENCIES,
        "verbs": [_form(row, v, given) for v in row["verbs"]]}, status=status)


def _form(row: dict[str, Any], verb: str, given: QueryDict | None) -> dict[str, Any]:
    """What a verb needs, as fields: mediation is offered for a conflict only."""
    mine = given if given is not None and given.get("verb") == verb else None
    needs = list(dict.fromkeys(n for m in ISSUE.moves if m.verb == verb for n in m.needs))
    fields = []
    for name in needs:
        options = {k: v for k, v in CHOICES.get(name, {}).items() if k != "mediation" or row["kind"] == "conflict"}
        fields.append({"name": name, "label": NEEDS[name], "options": options, "long": name in ("answer", "reason"),
                       "value": mine.get(name, "") if mine is not None else ""})
    return {"verb": verb, "label": VERBS[verb], "fields": fields, "typed": mine is not None,
            "danger": verb in ("route_out", "withdraw")}


@login_required
@require_POST
def act(request: HttpRequest, issue_id: UUID) -> HttpResponse:
    """One verb; a refusal comes back as a sentence, with what was typed, and nothing has changed."""
    given = request.POST
    verb = given.get("verb", "")
    try:
        body = IssueVerbIn.model_validate({n: given[n] for n in NEEDS if given.get(n, "").strip()})
        post_issue_verb(request, issue_id, verb, body)
    except Problem as problem:
        if problem.status == 404:
            return refused(request, problem)
        missing = ", ".join(gettext(NEEDS[n]) for n in problem.extra.get("missing", []))
        return _page(request, issue_id, gettext("Còn thiếu: %(what)s.") % {"what": missing} if missing else spoken(problem),
                     given, problem.status)
    except ValidationError as error:
        return _page(request, issue_id, " ".join(faults(error, NEEDS)), given, 422)
    messages.success(request, gettext("Đã ghi: %(what)s.") % {"what": gettext(VERBS[verb]).lower()})
    return HttpResponseRedirect(reverse("issue", args=[issue_id]))

