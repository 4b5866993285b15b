"""Ways and tổ of a ward: looked through, added, renamed. A way that is renamed is still found by its old name."""
from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError, transaction
from django.db.models.functions import Collate
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from binhan.casework.households.queries.reach import Reach, reach
from binhan.commons.access.pages import refused, spoken, ward_meant
from binhan.commons.keyset import BY_ID, Key, page_after, text
from binhan.commons.places.actions import WayDraft, create_area, create_way, rename_way
from binhan.commons.places.models import Area, Way
from binhan.commons.places.queries import search_ways
from binhan.kernel.errors import Problem, forbidden, not_found
from binhan.kernel.text import natural

PAGE = 60
BY_NAME = (Key("sort", text), BY_ID)


@login_required
def ways(request: HttpRequest) -> HttpResponse:
    """The page; posted, one thing is added or renamed. A refusal keeps what was typed."""
    try:
        mine, ward = ward_meant(request, "casework")
        scope = reach(mine, ward)
    except Problem as problem:
        return refused(request, problem)
    if request.method != "POST":
        return _page(request, scope)
    try:
        scope = reach(mine, ward, write=True)
        done = _act(scope, mine.actor, request.POST)
    except Problem as problem:
        return _page(request, scope, spoken(problem), request.POST, problem.status)
    except ValueError:
        return _page(request, scope, gettext("Yêu cầu chưa đủ. Hãy chọn lại."), request.POST, 422)
    messages.success(request, done)
    return HttpResponseRedirect(f"{reverse('ways')}?{urlencode({'ward': str(ward), 'q': request.POST.get('q') or ''})}")


def _act(scope: Reach, actor: str, given: QueryDict) -> str:
    """Do what the pressed button says, and say that it is done."""
    verb, name = given.get("verb", ""), given.get("name", "").strip()
    if verb == "group":
        area = _area(scope, given.get("area", ""))
        if Area.objects.filter(ward_id=scope.ward_id, parent=area, name=name).exists():
            raise _taken()
        create_area(scope.ward_id, actor, name, Area.Kind.TO, area)
        return gettext("Đã thêm tổ.")
    if verb == "way":
        return _add_way(scope, actor, given, name)
    if verb == "rename":
        way = _way(scope, given.get("way", ""))
        if not scope.holds(way.area_id):
            raise _outside()
        try:
            with transaction.atomic():
                rename_way(way, actor, name)
        except IntegrityError:
            raise _taken() from None
        return gettext("Đã đổi tên; tên cũ vẫn tìm thấy.")
    raise not_found("thao tác này", "verb")


def _add_way(scope: Reach, actor: str, given: QueryDict, name: str) -> str:
    inside, of = given.get("area", ""), given.get("parent", "")
    area = _area(scope, inside) if inside else None
    parent = _way(scope, of) if of else None
    if not scope.holds(area.id if area else None):
        raise _outside()
    if Way.objects.filter(ward_id=scope.ward_id, parent=parent, name=name).exists():
        raise _taken()
    create_way(scope.ward_id, actor, WayDraft(given.get("kind", ""), name, given.get("aliases", "").strip(), parent, area))
    return gettext("Đã thêm tuyến.")


def _area(scope: Reach, key: str) -> Area:
    found = Area.objects.filter(ward_id=scope.ward_id, id=UUID(key)).exclude(kind=Area.Kind.TO).first()
    if found is None or not scope.holds(found.id):
        raise not_found("khu phố này", "khu phố")
    return found


def _way(scope: Reach, key: str) -> Way:
    found = Way.objects.filter(ward_id=scope.ward_id, id=UUID(key)).first()
    if found is None:
        raise not_found("tuyến này", "way")
    return found


def _taken() -> Problem:
    return Problem(409, "name_taken", "Tên này đã có. Hãy dùng tên đang có, hoặc đặt tên khác.",
                   "This name is there already. Use it, or choose another.")


def _outside() -> Problem:
    return forbidden("Bạn chỉ sửa được trong khu phố của mình.", "You may change what lies in your own khu phố only.")


def _page(request: HttpRequest, scope: Reach, problem: str = "", typed: Any = None, status: int = 200) -> HttpResponse:
    """Khu phố with their tổ; ways found, or a page of all."""
    q = (request.POST if typed is not None else request.GET).get("q", "").strip()
    areas = sorted(Area.objects.filter(ward_id=scope.ward_id), key=lambda a: natural(a.name))
    whole = [a for a in areas if a.kind != Area.Kind.TO and scope.holds(a.id)]
    rows = Way.objects.filter(ward_id=scope.ward_id, active=True).select_related("parent", "area")
    rows = rows.annotate(sort=Collate("search_key", "C"))
    found, more = ((search_ways(scope.ward_id, q[:100], PAGE), "") if q else
                   page_after(rows, BY_NAME, PAGE, request.GET.get("cursor", "")))
    return render(request, "households/ways.html", {
        "tab": "ways", "ward": scope.ward_id, "q": q, "ways": found, "more": more,
        "areas": [(a, [g for g in areas if g.parent_id == a.id]) for a in whole], "kinds": Way.Kind.choices,
        "streets": rows.filter(kind=Way.Kind.STREET).order_by("sort", "id")[:1500], "problem": problem,
        "typed": typed or {}, "write": _may_write(request, scope.ward_id)}, status=status)


def _may_write(request: HttpRequest, ward_id: int) -> bool:
    try:
        reach(request.rights, ward_id, write=True)  # type: ignore[attr-defined]
    except Problem:
        return False
    return True
