"""Reads of places: the packaged national register, served wards, QR places."""
from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Literal

from django.db.models import Case, Q, When
from typing_extensions import TypedDict

from binhan.commons.places.models import Place, Unit, Ward, Way
from binhan.commons.places.rules import is_place_code, name_of, way_name
from binhan.kernel.geo import M_PER_DEGREE, Box, WardIndex, rings_of

PACKAGE = Path(__file__).parent / "data"
REGISTER_FROM = "2025-07-01"  # the two-tier units have stood since then


@cache
def packaged_units() -> dict[str, dict[str, str]]:
    """All 3,321 communes, wards and special zones that ship with the product, by national code."""
    with (PACKAGE / "wards.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


@cache
def packaged_provinces() -> dict[str, dict[str, str]]:
    """The 34 provinces and cities, by code."""
    with (PACKAGE / "provinces.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


def packaged_register() -> list[dict[str, str]]:
    """The packaged register as rows of an import: provinces first, then their wards."""
    provinces = [{"code": c, "kind": Unit.Kind.PROVINCE.value, "name": p["name"], "full_name": p["full_name"],
                  "name_en": p["name_en"], "province_code": c, "aliases": p["merged_from"],
                  "valid_from": REGISTER_FROM} for c, p in packaged_provinces().items()]
    wards = [{"code": c, "kind": Unit.Kind.WARD.value, "name": w["name"], "full_name": w["full_name"],
              "name_en": w["full_name_en"], "province_code": w["province_code"], "aliases": w["merged_from"],
              "lat": w["lat"], "lon": w["lon"], "valid_from": REGISTER_FROM} for c, w in packaged_units().items()]
    return provinces + wards


def packaged_boundaries(codes: Iterable[str], detailed: bool = False) -> dict[str, dict[str, Any]]:
    """GeoJSON geometries by code: simplified for the whole country, or the detailed ones where they ship."""
    wanted = frozenset(codes)
    found = dict(_geometries("boundaries.geojson.gz", wanted))
    return {**found, **_geometries("demo_boundaries.geojson.gz", wanted)} if detailed else found


def _geometries(name: str, wanted: frozenset[str]) -> dict[str, dict[str, Any]]:
    """Read from a packaged file and not kept: all of it takes a second to read and a hundred megabytes to hold."""
    with gzip.open(PACKAGE / name, "rt", encoding="utf-8") as file:
        return {feature["properties"]["code"]: feature["geometry"] for feature in json.load(file)["features"]
                if feature["properties"]["code"] in wanted}


class WardBrief(TypedDict):
    """A served ward in a list."""

    ward_id: int
    code: str
    name: str
    full_name: str
    is_demo: bool
    lat: float
    lon: float


class Geometry(TypedDict):
    """A GeoJSON geometry (RFC 7946): coordinates as [lon, lat]."""

    type: Literal["Polygon", "MultiPolygon"]
    coordinates: list[Any]


class LineString(TypedDict):
    """The course of a way as GeoJSON: coordinates as [lon, lat]."""

    type: Literal["LineString"]
    coordinates: list[list[float]]


class WardDetail(WardBrief):
    """A served ward; no boundary where none is known."""

    province_code: str
    boundary: Geometry | None
    desk_phone: str | None


def wards_json(ward_ids: Iterable[int]) -> list[WardBrief]:
    """Short descriptions of wards in scope (1 query)."""
    rows = Ward.objects.filter(ward_id__in=list(ward_ids), served_to=None).order_by("served_from", "ward_id")
    return [{"ward_id": w.ward_id, "code": w.code, "name": w.name, "full_name": w.full_name, "is_demo": w.is_demo,
             "lat": w.lat, "lon": w.lon} for w in rows]


def ward_json(ward: Ward) -> WardDetail:
    """One ward with its boundary."""
    return {"ward_id": ward.ward_id, "code": ward.code, "name": ward.name, "full_name": ward.full_name,
            "province_code": ward.province_code, "boundary": ward.boundary or None, "lat": ward.lat, "lon": ward.lon,
            "is_demo": ward.is_demo, "desk_phone": ward.desk_phone}


def ward_index(ward_ids: Iterable[int]) -> WardIndex:
    """Point → ward among these wards of the scope (1 query). The hot path, which may read no table, keeps one of all served
    wards in its memory (live/wards.py)."""
    return WardIndex(dict(Ward.objects.filter(ward_id__in=list(ward_ids)).values_list("ward_id", "boundary")))


def box_around(ward_id: int, margin_m: float) -> Box | None:
    """South, west, north, east around the ward's boundary and `margin_m` beyond; None for an unknown ward (1 query)."""
    boundary = Ward.objects.filter(ward_id=ward_id).values_list("boundary", flat=True).first()
    corners = [corner for ring in rings_of(boundary) for corner in ring] if boundary else []
    if not corners:
        return None
    margin = margin_m / M_PER_DEGREE * 1.1  # a degree of longitude is a little shorter here
    lons, lats = zip(*corners, strict=True)
    return min(lats) - margin, min(lons) - margin, max(lats) + margin, max(lons) + margin


def place_names(codes: Iterable[str]) -> dict[str, str]:
    """Names of QR places by code (1 query)."""
    return dict(Place.objects.filter(code__in=set(codes)).values_list("code", "name"))


def active_place(code: str) -> Place | None:
    """The QR place of that code, if it is in use (1 query)."""
    return Place.objects.filter(code=code, active=True).first() if is_place_code(code) else None


def search_units(text: str, limit: int = 20) -> list[Unit]:
    """Units whose name or former names begin a word with the text, typed with or without diacritics; the present
    name before former ones, whole names before parts, provinces before wards (1 query)."""
    key = name_of(text)
    if not key:
        return []
    found = Unit.objects.filter(valid_to=None).filter(
        Q(search_key__contains=f"|{key}") | Q(search_key__contains=f" {key}") | Q(code=key))
    rank = Case(When(code=key, then=0), When(search_key__startswith=f"|{key}|", then=1),
                When(search_key__contains=f"|{key}|", then=2), When(search_key__startswith=f"|{key}", then=3),
                When(search_key__contains=f"|{key}", then=4), default=5)
    return list(found.annotate(rank=rank).order_by("rank", "kind", "code")[:limit])


def search_ways(ward_id: int, text: str, limit: int = 20) -> list[Way]:
    """Ways whose name or former names begin a word with the text (1 query)."""
    key = way_name(text)
    if not key:
        return []
    found = Way.objects.filter(ward_id=ward_id, active=True).filter(
        Q(search_key__contains=f"|{key}") | Q(search_key__contains=f" {key}"))
    rank = Case(When(search_key__startswith=f"|{key}|", then=1), When(search_key__startswith=f"|{key}", then=2), default=3)
    return list(found.select_related("parent").annotate(rank=rank).order_by("rank", "search_key", "id")[:limit])
