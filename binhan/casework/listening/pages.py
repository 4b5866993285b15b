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

from binhan.casework.listening.api import IssuesAsked, IssueVerbIn, get_issue, list_issues, post_issue_verb
from binhan.casework.listening.lifecycle import ISSUE
from binhan.casework.listening.queries.issues import HeardIssue
from binhan.casework.listening.rules import AGENCIES, CHANNELS, DESKS, KINDS, ROUTED, UNITS
from binhan.commons.access.pages import refused, ward_meant
from binhan.commons.cases.pages import Look, buttons, needs_given, submit
from binhan.commons.language import shown
from binhan.commons.wire import names_of
from binhan.kernel.errors import Problem

LONG = frozenset({"answer", "reason"})
DANGER = frozenset({"route_out", "withdraw"})


def _look(row: HeardIssue) -> Look:
    """Codes to choose from; mediation is offered for a conflict only."""
    units = {code: name for code, name in UNITS.items() if code != "mediation" or row["kind"] == "conflict"}
    lists = {"unit": units, "agency": AGENCIES, "channel": CHANNELS, "kind": {k: ROUTED[k] for k in DESKS}}
    choices = {need: names_of(codes) for need, codes in lists.items()}
    return Look(choices=choices, long=LONG, danger=DANGER)


@login_required
def issues(request: HttpRequest) -> HttpResponse:
    """What was heard, the longest waiting first; by state, kind and unit."""
    asked = {name: request.GET.get(name, "") for name in ("state", "kind", "unit")}
    try:
        _, ward = ward_meant(request, "casework")
        found = list_issues(request, IssuesAsked(ward=ward, state=asked["state"] or "waiting", kind=asked["kind"],
                                                 unit=asked["unit"], cursor=request.GET.get("cursor", "")))
    except Problem as problem:
        return refused(request, problem)
    return render(request, "listening/issues.html", {
        "tab": "issues", "rows": found["items"], "more": found["next"], "ward": ward, "asked": asked,
        "states": {str(s): shown(words) for s, words in ISSUE.names.states.items()}, "kinds": names_of(KINDS),
        "units": names_of(UNITS)})


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
        "tab": "issues", "row": row, "problem": problem,
        "buttons": buttons(ISSUE, row["verbs"], _look(row), given)}, status=status)


@login_required
@require_POST
def act(request: HttpRequest, issue_id: UUID) -> HttpResponse:
    """One verb; a refusal comes back as a sentence, with what was typed, and nothing has changed."""
    given = request.POST
    verb = given.get("verb", "")

    def done(_moved: Any) -> HttpResponse:
        messages.success(request, gettext("Đã ghi: %(what)s.") % {"what": shown(ISSUE.names.verbs[verb]).lower()})
        return HttpResponseRedirect(reverse("issue", args=[issue_id]))

    return submit(request, ISSUE, lambda: post_issue_verb(request, issue_id, verb, IssueVerbIn.model_validate(
        needs_given(ISSUE, given))), lambda said, status: _page(request, issue_id, said, given, status), done)
