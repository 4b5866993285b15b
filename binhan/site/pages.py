"""Office pages: the landing page, the office home, a place's poster, and errors in plain words."""
from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from binhan.commons.access.queries import Rights
from binhan.commons.access.rules import OFFICE, ROLES, SOS_READERS
from binhan.commons.access.scope import served_wards, ward_scope
from binhan.commons.context import Tab, tabs
from binhan.commons.language import shown, state_name
from binhan.commons.people.queries import display_names
from binhan.commons.places.api import qr_svg
from binhan.commons.places.models import Place, Ward
from binhan.commons.places.rules import is_place_code
from binhan.kernel.kinds import ALWAYS_CALL
from binhan.sos.assignments.lifecycle import ASSIGNMENT
from binhan.sos.incidents.lifecycle import UNDECIDED
from binhan.sos.incidents.models import DeskShift, Incident
from binhan.sos.patrols.queries import UnitNow, units_now
from binhan.sos.recommend.rules import KIND_NAMES


def banner(request: HttpRequest) -> dict[str, Any]:
    """For every template: whether this is sample data, the numbers to call, and the tabs of casework."""
    with ward_scope(served_wards(), "system"):
        demo = Ward.objects.filter(is_demo=True, served_to=None).exists()
    return {"demo": demo, "call": ALWAYS_CALL, "tabs": tabs()}


def landing(request: HttpRequest) -> HttpResponse:
    """What this is, and the ways in."""
    with ward_scope(served_wards(), "system"):
        wards = list(Ward.objects.filter(served_to=None).order_by("served_from", "ward_id")[:12])
    return render(request, "site/landing.html", {"wards": wards})


@login_required
def office(request: HttpRequest) -> HttpResponse:
    """Who is on duty now, and where to change things. Whoever has no part in SOS sees nothing of it."""
    rights: Rights = request.rights  # type: ignore[attr-defined]
    sos = [w for w in rights.wards if rights.has(w, *SOS_READERS)]
    duty = [w for w in rights.wards if rights.has(w, *SOS_READERS, *OFFICE)]
    shifts = list(DeskShift.objects.filter(ended_at=None, ward_id__in=duty).order_by("started_at"))
    names = display_names({f"account:{s.account_id}" for s in shifts}) if shifts else {}
    seats = dict(DeskShift.Seat.choices)
    return render(request, "site/office.html", {
        "wards": Ward.objects.filter(ward_id__in=rights.wards, served_to=None),
        "roles": sorted({shown(ROLES[r]) for roles in rights.roles.values() for r in roles}),
        "desks": [{"name": names[f"account:{s.account_id}"], "seat": seats[s.seat], "at": s.started_at,
                   "heard": s.sound_checked_at} for s in shifts],
        "tiles": [tab for tab in tabs() if tab.hint.vi and _open(tab, rights)], "sos": sos, "duty": duty,
        "units": [(u, shown(KIND_NAMES[u.kind]), _doing(u)) for u in units_now(duty)],
        "places": Place.objects.filter(ward_id__in=rights.wards)[:50],
        "open": Incident.objects.filter(ward_id__in=sos, state__in=list(UNDECIDED)).count()})


def _open(tab: Tab, rights: Rights) -> bool:
    """True if the page is there for the account, in some ward."""
    return any(rights.may(tab.purpose, w) or rights.has(w, *tab.roles) for w in rights.wards)


def _doing(unit: UnitNow) -> str:
    """What a unit does now, in words."""
    if not unit.shift_id:
        return gettext("ngoài ca")
    return state_name(ASSIGNMENT, unit.task_state) if unit.task_state else gettext("trong ca")


@login_required
def poster(request: HttpRequest, code: str) -> HttpResponse:
    """A sheet to print: the QR code of one place, and the numbers to call."""
    if not is_place_code(code):
        raise Http404
    place = get_object_or_404(Place, code=code)
    url = f"{settings.PUBLIC_URL}/sos?p={place.code}"
    return render(request, "site/poster.html", {
        "place": place, "url": url, "only_here": urlsplit(url).hostname in ("localhost", "127.0.0.1"),
        "qr": mark_safe(qr_svg(url)),  # noqa: S308 - our own SVG, from our own URL
        "ward": Ward.objects.get(ward_id=place.ward_id)})


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404 in plain words."""
    return render(request, "layout/error.html", {
        "title": gettext("Không tìm thấy trang"), "text": gettext("Địa chỉ này không có.")}, status=404)


def not_ours(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of a form that was left open too long, or sent from elsewhere, in plain words."""
    return render(request, "layout/error.html", {
        "title": gettext("Chưa ghi gì"),
        "text": gettext("Trang này mở đã lâu hoặc trình duyệt chặn cookie. Hãy tải lại trang rồi thử lại.")}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500 without touching the database, which may be what failed."""
    return HttpResponse(
        "<!doctype html><html lang='vi'><meta charset='utf-8'><title>Lỗi</title><body style='font:18px sans-serif;"
        "margin:2rem'><h1>Hệ thống đang gặp lỗi</h1><p>Hãy thử lại sau ít phút. Nếu khẩn cấp, gọi 113, 114 hoặc 115."
        "</p><p lang='en'>Something failed. Try again in a minute. In an emergency call 113, 114 or 115.</p>",
        status=500)
