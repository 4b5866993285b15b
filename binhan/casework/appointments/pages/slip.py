"""The household's page: with the code of a slip, without an account and without JavaScript.

The code is all the authority there is, so a form needs no cookie; what it opens is a time at a door that is not named.
"""
from __future__ import annotations

import math
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from binhan.casework.appointments.actions import Wish, book, move_appointment
from binhan.casework.appointments.lifecycle import BOOKED, DECLINED, FORGOTTEN, LIVE, By
from binhan.casework.appointments.models import Appointment
from binhan.casework.appointments.queries import Choice, Slip, choices, find_slip
from binhan.casework.appointments.rules.guess import Throttle
from binhan.casework.appointments.rules.slips import read_code
from binhan.casework.appointments.rules.slots import PARTS, when
from binhan.casework.appointments.rules.words import words
from binhan.casework.visits.lifecycle import PAUSED, RUNNING
from binhan.commons.access.middleware import client_ip
from binhan.commons.access.scope import served_wards, set_scope
from binhan.commons.cases.rules import Step
from binhan.commons.clocks.actions import policy_amounts
from binhan.kernel.errors import Problem

ACTOR = "resident"
GUESSES = Throttle()
LIMITS = {"appointment.guesses": 10, "appointment.guess_window": 900}


@dataclass(frozen=True, slots=True)
class Told:
    """What to say besides, and with which status."""

    text: str = ""
    status: int = 200


def ask(request: HttpRequest) -> HttpResponse:
    """Where the code is typed."""
    typed = request.GET.get("code", "")
    if typed and (code := read_code(typed)) is not None:
        return HttpResponseRedirect(f"/hen/{code}")
    said = words(_lang(request))
    return _asked(request, Told(said["none"], 404) if typed else Told())


@csrf_exempt
def slip(request: HttpRequest, code: str) -> HttpResponse:
    """The next visit at the door of this code: see it, choose or change the time, or decline."""
    said, known = words(_lang(request)), read_code(code)
    if known is None:
        return _asked(request, Told(said["none"], 404))
    now, address = time.monotonic(), client_ip(request)
    with transaction.atomic():
        set_scope(served_wards(), ACTOR)
        limits = policy_amounts(0, list(LIMITS), timezone.now(), LIMITS)
        window = limits["appointment.guess_window"]
        if wait := GUESSES.wait_s(address, now, limits["appointment.guesses"], window):
            return _asked(request, Told(said["wait"].format(minutes=math.ceil(wait / 60)), 429), wait)
        found = find_slip(known, settings.ENV.key)
        if found is None:
            GUESSES.miss(address, now, window)
            return _asked(request, Told(said["none"], 404))
        set_scope([found.round.ward_id], ACTOR)
        if request.method == "POST":
            return _post(request, known, found)
        return _page(request, known, found, Told(said["saved"] if "done" in request.GET else ""))


def _post(request: HttpRequest, code: str, found: Slip) -> HttpResponse:
    """One wish; refused, the page says why and shows what stands now."""
    try:
        with transaction.atomic():
            _wish(request, found)
    except Problem as problem:
        return _page(request, code, found, Told(problem.en if _lang(request) == "en" else problem.vi, problem.status))
    answer = HttpResponseRedirect(f"/hen/{code}?done=1")
    answer.status_code = 303
    return answer


def _wish(request: HttpRequest, found: Slip) -> None:
    row, given, at = _row(found), request.POST, _seen(request)
    if given.get("verb") == "decline":
        if row is None:
            row, _ = book(found.round.ward_id, ACTOR, Wish(found.round.id, found.door.dwelling_id), By.RESIDENT)
        move_appointment(row.id, Step("decline", By.RESIDENT, ACTOR, timezone.now()), at)
        return
    begin, _, end = given.get("slot", "").partition("/")
    try:
        from_at, to_at = datetime.fromisoformat(begin), datetime.fromisoformat(end)
    except ValueError:
        raise _choose() from None
    if from_at.tzinfo is None or to_at.tzinfo is None:
        raise _choose()
    if row is None:
        book(found.round.ward_id, ACTOR, Wish(found.round.id, found.door.dwelling_id, from_at, to_at), By.RESIDENT)
    else:
        move_appointment(row.id, Step("move" if row.state == BOOKED else "book", By.RESIDENT, ACTOR, timezone.now(),
                                      {"from_at": from_at, "to_at": to_at}), at)


def _choose() -> Problem:
    return Problem(422, "no_slot", "Hãy chọn một giờ.", "Choose a time.")


def _seen(request: HttpRequest) -> datetime | None:
    """When what the page showed had last moved."""
    with suppress(ValueError):
        return datetime.fromisoformat(request.POST.get("seen", ""))
    return None


def _row(found: Slip) -> Appointment | None:
    """What is open at this door."""
    return Appointment.objects.filter(round=found.round, dwelling=found.door.dwelling_id, state__in=LIVE).first()


def _page(request: HttpRequest, code: str, found: Slip, told: Told) -> HttpResponse:
    lang = _lang(request)
    said, row = words(lang), _row(found)
    running = found.round.state in RUNNING
    past = row or (Appointment.objects.filter(round=found.round, dwelling=found.door.dwelling_id)
                   .exclude(state=FORGOTTEN).order_by("-moved_at").first())
    offered = choices(found.round, found.door.turf.team, row.id if row else None) if running else {}
    day = _day(request.GET.get("day", ""), list(offered))
    return _render(request, "appointments/slip.html", told, {
        "code": code, "area": found.door.turf.area.name, "round": found.round, "running": running,
        "paused": found.round.state == PAUSED, "row": row, "state": past.state if past else "",
        "when": when(row.from_at, row.to_at, lang) if row and row.from_at and row.to_at else "",
        "days_text": said["days"].format(begin=f"{found.round.from_on:%d/%m}", end=f"{found.round.to_on:%d/%m/%Y}"),
        "seen": row.moved_at.isoformat() if row else "", "declinable": running and (row is None or row.state != DECLINED),
        "days": [(d, _day_name(d, lang)) for d in offered], "day": day, "day_name": _day_name(day, lang) if day else "",
        "parts": [_part(whole, singles, lang) for whole, singles in offered[day]] if day else []})


def _part(whole: Choice, singles: list[Choice], lang: str) -> dict[str, Any]:
    return {"name": PARTS[whole.slot.part].said(lang), **_choice(whole, lang),
            "hours": [_choice(s, lang) for s in singles] if len(singles) > 1 else []}


def _choice(choice: Choice, lang: str) -> dict[str, Any]:
    begin, end = choice.slot.from_at, choice.slot.to_at
    return {"value": f"{begin.isoformat()}/{end.isoformat()}", "text": when(begin, end, lang).partition(", ")[2],
            "free": choice.free}


def _day_name(day: date, lang: str) -> str:
    noon = datetime.combine(day, datetime.min.time(), timezone.get_default_timezone())
    return when(noon, noon, lang).partition(",")[0]


def _day(text: str, offered: list[date]) -> date | None:
    return next((d for d in offered if str(d) == text), None)


def _asked(request: HttpRequest, told: Told, wait: int = 0) -> HttpResponse:
    answer = _render(request, "appointments/ask.html", told, {})
    if wait:
        answer.headers["Retry-After"] = str(wait)
    return answer


def _render(request: HttpRequest, template: str, told: Told, context: dict[str, Any]) -> HttpResponse:
    answer = render(request, template, {**context, "t": words(_lang(request)), "told": told}, status=told.status)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Referrer-Policy"] = "same-origin"  # to nobody else; with none at all, no form of the page is accepted
    return answer


def _lang(request: HttpRequest) -> str:
    return str(getattr(request, "LANGUAGE_CODE", "vi"))
