"""Wards and QR places over HTTP."""
from __future__ import annotations

import io
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Router
from typing_extensions import TypedDict

from binhan.commons.access.api import rights
from binhan.commons.places.models import Area, Place, Ward, Way
from binhan.commons.places.queries import LineString, WardDetail, packaged_provinces, search_units, search_ways, ward_json
from binhan.commons.places.rules import is_place_code, is_unit_code
from binhan.commons.wire import Id
from binhan.kernel.errors import not_found

router = Router(tags=["places"])


class RegisterUnit(TypedDict):
    """A unit of the national register; `former`: the names of what was merged into it."""

    code: str
    kind: str
    name: str
    full_name: str
    name_en: str
    province_code: str
    province: str
    former: str
    lat: float | None
    lon: float | None


class AreaBrief(TypedDict):
    """A khu phố or ấp, or (with a `parent_id`) one of its tổ."""

    id: Id
    ward_id: int
    kind: str
    name: str
    parent_id: Id | None


class WayBrief(TypedDict):
    """A street, alley, block, boarding house, school, firm or market; `line` where its course is known."""

    id: Id
    ward_id: int
    kind: str
    name: str
    former: str
    parent_id: Id | None
    line: LineString | None
    area_id: Id | None


class PlaceDetail(TypedDict):
    """A place with a QR poster."""

    id: Id
    code: str
    ward_id: int
    name: str
    address: str
    lat: float
    lon: float
    floor: str
    room: str
    active: bool


@router.get("/wards/{code}", response=WardDetail)
def get_ward(request: HttpRequest, code: str) -> Any:
    """A served ward with its boundary (GeoJSON geometry)."""
    ward = Ward.objects.filter(code=code, served_to=None).first() if is_unit_code(code) else None
    if ward is None:
        raise not_found("phường/xã này", "ward")
    return ward_json(ward)


@router.get("/register", response=list[RegisterUnit])
def search_register(request: HttpRequest, q: str) -> Any:
    """Search of the national register, with or without diacritics, by present and former names."""
    provinces = packaged_provinces()
    return [{"code": u.code, "kind": u.kind, "name": u.name, "full_name": u.full_name, "name_en": u.name_en,
             "province_code": u.province_code, "province": provinces.get(u.province_code, {}).get("name", ""),
             "former": u.aliases, "lat": u.lat, "lon": u.lon} for u in search_units(q[:100])]


@router.get("/areas", response=list[AreaBrief])
def list_areas(request: HttpRequest, ward: int | None = None) -> Any:
    """The khu phố and ấp of my wards, and (with a `parent_id`) their tổ."""
    wards = [ward] if ward is not None else list(rights(request).wards)
    return [{"id": str(a.id), "ward_id": a.ward_id, "kind": a.kind, "name": a.name,
             "parent_id": str(a.parent_id) if a.parent_id else None}
            for a in Area.objects.filter(ward_id__in=wards).order_by("ward_id", "name")]


@router.get("/ways", response=list[WayBrief])
def list_ways(request: HttpRequest, q: str = "", kind: str = "", area: UUID | None = None, ward: int | None = None) -> Any:
    """Streets, alleys, blocks, boarding houses, schools, firms and markets of my wards: those of a khu phố, of a kind, or
    whose present or former name begins a word with `q`; at most 500."""
    wards = [w for w in rights(request).wards if ward in (None, w)]
    found = [w for one in wards for w in search_ways(one, q[:100])] if q else list(
        Way.objects.filter(ward_id__in=wards, active=True, **({"area_id": area} if area else {}),
                           **({"kind": kind} if kind else {})).order_by("search_key", "id")[:500])
    return [{"id": str(w.id), "ward_id": w.ward_id, "kind": w.kind, "name": w.name, "former": w.aliases,
             "parent_id": str(w.parent_id) if w.parent_id else None, "line": w.line,
             "area_id": str(w.area_id) if w.area_id else None} for w in found
            if (not kind or w.kind == kind) and (area is None or w.area_id == area)]


@router.get("/places", response=list[PlaceDetail])
def list_places(request: HttpRequest, ward: int | None = None) -> Any:
    """The QR places of my wards."""
    wards = [ward] if ward is not None else list(rights(request).wards)
    return [{"id": str(p.id), "code": p.code, "ward_id": p.ward_id, "name": p.name, "address": p.address,
             "lat": p.lat, "lon": p.lon, "floor": p.floor, "room": p.room, "active": p.active}
            for p in Place.objects.filter(ward_id__in=wards).order_by("code")]


def qr_svg(text: str, size_px: int = 280) -> str:
    """A QR code as a stand-alone SVG that a style sheet may make larger."""
    import segno  # noqa: PLC0415 - takes its time to load
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=4, xmldecl=False, omitsize=True, title="QR")
    return out.getvalue().decode("utf-8").replace("<svg ", f'<svg width="{size_px}" height="{size_px}" role="img" ', 1)


@router.get("/places/{code}/qr.svg", openapi_extra={"responses": {200: {"description": "The code as a picture", "content": {
    "image/svg+xml": {"schema": {"type": "string"}}}}}})
def place_qr(request: HttpRequest, code: str) -> HttpResponse:
    """The poster's QR code: the SOS page with this place's code."""
    if not is_place_code(code) or not Place.objects.filter(code=code).exists():
        raise not_found("điểm này", "place")
    return HttpResponse(qr_svg(f"{settings.PUBLIC_URL}/sos?p={code}"), content_type="image/svg+xml")
