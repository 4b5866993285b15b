"""Office pages of the register: find a door, see who lives there, and merge, split, move – or undo.

What is to be merged or moved is first “held” (in the session, by id), then put down at the other door or household.
"""
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

from binhan.casework.households import actions
from binhan.casework.households.models import Change, Dwelling, Household, Person
from binhan.casework.households.queries.changes import check_change, latest_changes
from binhan.casework.households.queries.doors import dwelling_in, dwelling_json, households_json
from binhan.casework.households.queries.reach import Reach, check_reach, reach, ward_of
from binhan.casework.households.queries.search import results_json, search
from binhan.casework.households.rules import HOUSEHOLD_KINDS
from binhan.commons.access.api import rights
from binhan.commons.access.pages import refused, spoken, ward_meant
from binhan.commons.access.queries import Rights
from binhan.commons.journal.actions import record_read, record_reads
from binhan.commons.people.queries import display_names
from binhan.commons.wire import names_of
from binhan.kernel.errors import Problem, not_found

HELD = "household_held"
VERBS = {"merge_household": "Gộp hộ", "split_household": "Tách hộ", "move_household": "Chuyển hộ",
         "move_person": "Chuyển người", "merge_person": "Gộp người"}


def _may_write(caller: Rights, ward_id: int) -> bool:
    try:
        reach(caller, ward_id, write=True)
    except Problem:
        return False
    return True


@login_required
def find(request: HttpRequest) -> HttpResponse:
    """Search, and the latest changes with their undo."""
    q = request.GET.get("q", "").strip()
    try:
        caller, ward = ward_meant(request, "casework")
        scope = reach(caller, ward)
        found, more = search(scope, q, 30, request.GET.get("cursor", "")) if q else ([], "")
    except Problem as problem:
        return refused(request, problem)
    lines, people = results_json(found)
    record_reads(scope.ward_id, caller.actor, "person", people, "casework")
    write = _may_write(caller, scope.ward_id)
    return render(request, "households/find.html", {
        "tab": "households", "q": q, "lines": lines, "more": more, "ward": scope.ward_id, "write": write,
        "whole": write and reach(caller, scope.ward_id, write=True).areas is None,
        "changes": _changes(scope) if write else [], "held": _held(request, scope)})


def _changes(scope: Reach) -> list[dict[str, Any]]:
    latest = latest_changes(scope, 15)
    names = display_names({c.actor for c in latest}) if latest else {}
    return [{"id": c.id, "verb": VERBS.get(c.verb, c.verb), "at": c.at, "by": names.get(c.actor, c.actor),
             "undone": c.undone_at} for c in latest]


@login_required
def door(request: HttpRequest, dwelling_id: UUID) -> HttpResponse:
    """One door with its households and people; that it was opened is journalled."""
    try:
        caller = rights(request)
        scope = reach(caller, ward_of(Dwelling, dwelling_id, ("căn này", "dwelling")))
        row = dwelling_in(scope, dwelling_id)
    except Problem as problem:
        return refused(request, problem)
    households, people = households_json(row)
    record_read(scope.ward_id, caller.actor, "dwelling", row.id, "casework")
    record_reads(scope.ward_id, caller.actor, "person", people, "casework")
    return render(request, "households/door.html", {
        "tab": "households", "door": dwelling_json(row), "households": households,
        "kinds": names_of(HOUSEHOLD_KINDS).items(), "write": _may_write(caller, scope.ward_id),
        "held": _held(request, scope)})


def _held(request: HttpRequest, scope: Reach) -> dict[str, Any] | None:
    """The household that is held, if it still exists within reach, and which of its people."""
    kept: dict[str, Any] = request.session.get(HELD) or {"household": None, "people": []}
    home = scope.of(Household.objects.select_related("dwelling"), "dwelling__area_id").filter(
        id=kept["household"], active=True).first()
    if home is None:
        return None
    people = list(Person.objects.filter(household=home, active=True, id__in=kept["people"]).values_list("id", "full_name"))
    return {"household": str(home.id), "address": home.dwelling.address, "dwelling": str(home.dwelling_id),
            "people": [str(key) for key, _ in people], "names": [name for _, name in people]}


@login_required
@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """Do what the pressed button says; a refusal comes back as a sentence, and nothing has changed."""
    try:
        messages.success(request, _act(request))
    except Problem as problem:
        messages.error(request, spoken(problem))
    except (ValueError, KeyError):
        messages.error(request, gettext("Yêu cầu chưa đủ. Hãy chọn lại."))
    back = request.POST.get("back", "")
    return HttpResponseRedirect(reverse("household_door", args=[UUID(back)]) if _is_id(back) else reverse("households"))


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def _act(request: HttpRequest) -> str:
    """Do it, and say that it is done."""
    given, caller = request.POST, rights(request)
    verb = given["verb"]
    if verb == "drop":
        request.session.pop(HELD, None)
        return gettext("Đã thôi giữ.")
    if verb == "undo":
        change = UUID(given["change"])
        ward = ward_of(Change, change, ("thay đổi này", "change"))
        check_change(reach(caller, ward, write=True), change)
        actions.undo_change(ward, caller.actor, change)
        return gettext("Đã hoàn tác: mọi thứ trở lại như trước.")
    people = [UUID(p) for p in given.getlist("people")]
    if verb in ("hold", "split"):
        home = UUID(given["household"])
        ward = ward_of(Household, home, ("hộ này", "household"))
        check_reach(reach(caller, ward, write=True), [home], people)
        if verb == "split":
            actions.split_household(ward, caller.actor, home, actions.NewHousehold(people, given.get("kind", "")))
            return gettext("Đã tách thành hộ riêng.")
        request.session[HELD] = {"household": str(home), "people": [str(p) for p in people]}
        return gettext("Đang giữ. Hãy mở hộ hoặc căn cần gộp, chuyển tới.")
    return _put_down(request, caller, verb)


def _put_down(request: HttpRequest, caller: Rights, verb: str) -> str:
    """Merge or move what is held."""
    held, given = request.session.get(HELD), request.POST
    if not held:
        raise not_found("hộ đang giữ; hãy giữ lại một hộ trước", "held household")
    home, people = UUID(held["household"]), [UUID(p) for p in held["people"]]
    ward = ward_of(Household, home, ("hộ này", "household"))
    scope = reach(caller, ward, write=True)
    target = UUID(given["target"])
    if verb == "move_here":
        check_reach(scope, [home], dwellings=[target])
        actions.move_household(ward, caller.actor, home, target)
    elif verb == "merge_person":
        check_reach(scope, people=[target, *people])
        if len(people) != 1:
            raise Problem(422, "one_person", "Hãy giữ đúng một người để gộp.", "Hold exactly one person to merge.")
        actions.merge_people(ward, caller.actor, target, people[0])
    else:
        check_reach(scope, [home, target], people)
        if verb == "merge":
            actions.merge_households(ward, caller.actor, target, home)
        else:
            actions.move_people(ward, caller.actor, people, target)
    request.session.pop(HELD, None)
    return gettext("Đã xong. Có thể hoàn tác ở trang Sổ hộ.")
