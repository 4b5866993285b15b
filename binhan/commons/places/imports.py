"""Reading files of units and boundaries: every row checked before any is written."""
from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Any

from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from binhan.commons.access.scope import system_scope
from binhan.commons.places.actions import import_units, replace_boundaries
from binhan.commons.places.models import Unit, Ward
from binhan.commons.places.queries import packaged_boundaries, packaged_provinces, packaged_register
from binhan.commons.places.rules import FILE_MAX
from binhan.kernel.geo import in_vietnam
from binhan.kernel.text import TextRefused, clean

Row = dict[str, Any]
Errors = list[dict[str, Any]]
UNIT_COLUMNS = ("code", "kind", "name", "full_name", "province_code")
UNIT_OPTIONAL = ("name_en", "aliases", "lat", "lon", "valid_from", "valid_to")
CELL_MAX = 2000  # characters: the longest list of former units has under 700
POINTS_MAX = 200_000  # of one ward


class Unusable(ValueError):
    """Why a row cannot be imported, in Vietnamese and English."""


def _error(row: int, code: str, reason: object) -> dict[str, Any]:
    return {"row": row, "code": "".join(filter(str.isprintable, code[:40])), "reason": str(reason)}


def _text(body: bytes) -> str:
    if len(body) > FILE_MAX:
        raise Unusable(f"tệp lớn hơn {FILE_MAX >> 20} MB / larger than {FILE_MAX >> 20} MB")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unusable(f"không phải UTF-8, từ byte {error.start} / not UTF-8 from byte {error.start}") from None
    if not text.strip():
        raise Unusable("tệp rỗng / the file is empty")
    return text


def read_units(body: bytes | None, wards: Sequence[str] | None) -> tuple[list[Row], Errors]:
    """Rows of a units CSV (None: the packaged register), and what is wrong with each. `wards` picks codes."""
    if body is None:
        rows, first = list[Row](packaged_register()), 0
    else:
        try:
            rows, first = _csv_rows(_text(body)), 2
        except Unusable as refusal:
            return [], [_error(0, "", refusal)]
    coded = [(n, (row["code"] or "").strip(), row) for n, row in enumerate(rows, first)]
    provinces = {*packaged_provinces(), *(code for _, code, _ in coded)}
    errors: Errors = []
    seen: set[str] = set()
    good: list[Row] = []
    for n, code, row in coded:
        if wards and code not in wards:
            continue
        try:
            good.append(_unit_row(row, seen, provinces))
        except Unusable as refusal:
            errors.append(_error(n, code, refusal))
        seen.add(code)
    errors += [_error(0, w, "không có trong danh mục / not in the register") for w in wards or () if w not in seen]
    return good, errors


def _csv_rows(text: str) -> list[Row]:
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        rows: list[Row] = list(reader)
    except csv.Error as error:
        raise Unusable(f"không phải CSV / not CSV: {error}") from None
    if missing := [c for c in UNIT_COLUMNS if c not in (reader.fieldnames or [])]:
        raise Unusable(f"thiếu cột {', '.join(missing)} / columns missing: {', '.join(missing)}")
    if not rows:
        raise Unusable("tệp không có dòng nào / the file has no rows")
    return rows


def _unit_row(row: Row, seen: Collection[str], provinces: Collection[str]) -> Row:
    """The row with its cells cleaned, if it can be a unit."""
    if None in row or any(row[c] is None for c in UNIT_COLUMNS):
        raise Unusable("số ô khác dòng tiêu đề / not as many cells as the heading")
    try:
        unit = {c: clean(row.get(c) or "", CELL_MAX) for c in (*UNIT_COLUMNS, *UNIT_OPTIONAL)}
    except TextRefused as refused:
        raise Unusable(f"ô có chữ không nhận được / a cell cannot be kept: {refused}") from None
    if empty := [c for c in UNIT_COLUMNS if not unit[c]]:
        raise Unusable(f"thiếu {', '.join(empty)} / empty: {', '.join(empty)}")
    digits = {Unit.Kind.PROVINCE.value: 2, Unit.Kind.WARD.value: 5}.get(unit["kind"])
    if digits is None:
        raise Unusable("kind phải là province hoặc ward / kind must be province or ward")
    if len(unit["code"]) != digits or not (unit["code"].isascii() and unit["code"].isdigit()):
        raise Unusable(f"mã phải có {digits} chữ số / the code must have {digits} digits")
    if unit["code"] in seen:
        raise Unusable("mã lặp lại / duplicate code")
    if unit["province_code"] not in provinces:
        raise Unusable(f"không có tỉnh mã {unit['province_code']} / no such province")
    _check_point_and_days(unit)
    return unit


def _check_point_and_days(unit: Row) -> None:
    try:
        place = [float(unit[c]) for c in ("lat", "lon") if unit[c]]
        days = [date.fromisoformat(unit[c]) for c in ("valid_from", "valid_to") if unit[c]]
    except ValueError:
        raise Unusable("toạ độ hoặc ngày (năm-tháng-ngày) sai / a coordinate or date is malformed") from None
    if place and (len(place) != 2 or not in_vietnam(*place)):
        raise Unusable("toạ độ ngoài Việt Nam / coordinates outside Viet Nam")
    if len(days) == 2 and days[1] < days[0]:
        raise Unusable("valid_to trước valid_from / valid_to before valid_from")


def read_boundaries(body: bytes, wards: Sequence[str] | None) -> tuple[list[Row], Errors]:
    """Features of a GeoJSON file for served wards: [{ward_id, geometry}], and what is wrong with each
    ({row, code, reason})."""
    try:
        features = _features(_text(body))
    except Unusable as refusal:
        return [], [_error(0, "", refusal)]
    with system_scope():
        served = {w.code for w in Ward.objects.filter(served_to=None)}
    coded = [(n, _code(f), f) for n, f in enumerate(features, 1)]
    picked = [(n, code, f) for n, code, f in coded if not wards or code in wards]
    known = packaged_boundaries({code for _, code, _ in picked} & served)
    rows: list[Row] = []
    errors: Errors = []
    seen: set[str] = set()
    for n, code, feature in picked:
        try:
            if code not in served:
                raise Unusable("không phải phường, xã đang phục vụ / not a ward served here")
            if code in seen:
                raise Unusable("mã lặp lại / duplicate code")
            rows.append({"ward_id": int(code), "geometry": _boundary(feature, known.get(code))})
        except Unusable as refusal:
            errors.append(_error(n, code, refusal))
        seen.add(code)
    errors += [_error(0, w, "không có trong tệp / not in the file") for w in wards or () if w not in seen]
    return rows, errors


def _features(text: str) -> list[Any]:
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Unusable(f"không phải JSON / not JSON: {str(error)[:120]}") from None
    kind = value.get("type") if isinstance(value, dict) else None
    features = value.get("features") if kind == "FeatureCollection" else [value] if kind == "Feature" else None
    if not isinstance(features, list) or not features:
        raise Unusable("không phải GeoJSON FeatureCollection có ít nhất một vùng / not a FeatureCollection with features")
    system = str(value.get("crs") or "CRS84")
    if not any(name in system for name in ("CRS84", "4326")):
        raise Unusable("hệ toạ độ phải là WGS 84 / coordinates must be WGS 84")
    return features


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _code(feature: Any) -> str:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    named = properties.get("code") if isinstance(properties, dict) else None
    return str(named or (feature.get("id") if isinstance(feature, dict) else None) or "")[:40]


def _boundary(feature: Row, known: Row | None) -> Row:
    """The feature's geometry as a clean MultiPolygon, if it can be that ward's boundary."""
    geometry = feature.get("geometry")
    kind, nested = (geometry.get("type"), geometry.get("coordinates")) if isinstance(geometry, dict) else (None, None)
    if kind not in ("Polygon", "MultiPolygon"):
        raise Unusable("phải là Polygon hoặc MultiPolygon / must be a Polygon or MultiPolygon")
    polygons = _list(nested if kind == "MultiPolygon" else [nested], lambda p: _list(p, _ring))
    if sum(len(ring) for polygon in polygons for ring in polygon) > POINTS_MAX:
        raise Unusable(f"hơn {POINTS_MAX} điểm / more than {POINTS_MAX} points")
    clean_geometry = {"type": "MultiPolygon", "coordinates": polygons}
    polygon: BaseGeometry = shape(clean_geometry)
    if not polygon.is_valid:
        raise Unusable(f"hình tự cắt hoặc chồng lên nhau / invalid: {explain_validity(polygon)}")
    if known is not None and not polygon.intersects(shape(known)):
        raise Unusable("không chạm phường này ở đâu cả, có lẽ nhầm mã / touches this ward nowhere: another ward's code?")
    return clean_geometry


def _list(value: Any, each: Callable[[Any], Any]) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise Unusable("hình rỗng hoặc lồng sai / an empty or wrongly nested geometry")
    return [each(item) for item in value]


def _ring(value: Any) -> list[list[float]]:
    ring: list[list[float]] = _list(value, _point)
    if len(ring) < 4 or ring[0] != ring[-1]:
        raise Unusable("vòng chưa khép kín hoặc dưới 4 điểm / a ring is not closed or has under 4 points")
    return ring


def _point(value: Any) -> list[float]:
    numbers = value[:2] if isinstance(value, list) and len(value) in (2, 3) else []
    if len(numbers) != 2 or any(isinstance(x, bool) or not isinstance(x, int | float) for x in numbers):
        raise Unusable(f"điểm không phải hai số / a point is not two numbers: {str(value)[:60]}")
    if not in_vietnam(numbers[1], numbers[0]):
        swapped = in_vietnam(numbers[0], numbers[1])
        hint = " – kinh độ phải đứng trước vĩ độ / longitude comes first" if swapped else ""
        raise Unusable(f"điểm {str(numbers)[:60]} ngoài Việt Nam / outside Viet Nam{hint}")
    return [float(x) for x in numbers]


def write(kind: str, rows: list[Row]) -> int:
    """Write checked rows in one transaction; returns how many."""
    if kind == "units":
        return import_units(rows)
    return replace_boundaries({int(r["ward_id"]): r["geometry"] for r in rows})
