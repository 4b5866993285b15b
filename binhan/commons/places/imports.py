"""Reading files of units and boundaries: every row checked before any is written."""
from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Sequence
from typing import Any

from shapely.geometry import shape
from shapely.validation import explain_validity

from binhan.commons.access.scope import system_scope
from binhan.commons.places.actions import import_units, replace_boundaries
from binhan.commons.places.models import Ward
from binhan.commons.places.queries import packaged_units
from binhan.kernel.geo import in_vietnam, rings_of

Row = dict[str, Any]
Errors = list[dict[str, Any]]
UNIT_COLUMNS = ("code", "kind", "name", "full_name", "province_code")


def _error(row: int, code: str, reason: str) -> dict[str, Any]:
    return {"row": row, "code": code, "reason": reason}


def read_units(body: bytes | None, wards: Sequence[str] | None) -> tuple[list[Row], Errors]:
    """Rows of a units CSV (None: the packaged register), and what is wrong with each."""
    if body is None:
        if wards and (missing := [w for w in wards if w not in packaged_units()]):
            return [], [_error(0, w, "không có trong danh mục quốc gia / not in the register") for w in missing]
        return [{}], []
    try:
        reader = csv.DictReader(io.StringIO(body.decode("utf-8-sig")))
        rows = list(reader)
    except (UnicodeDecodeError, csv.Error) as error:
        return [], [_error(0, "", f"không đọc được CSV UTF-8 / not UTF-8 CSV: {error}")]
    missing_columns = [c for c in UNIT_COLUMNS if c not in (reader.fieldnames or [])]
    if missing_columns or not rows:
        return [], [_error(1, "", f"thiếu cột / columns missing: {', '.join(missing_columns)}" if missing_columns
                           else "tệp không có dòng nào / no rows")]
    errors: Errors = []
    seen: set[str] = set()
    for n, row in enumerate(rows, 2):
        code = (row["code"] or "").strip()
        if not code.isdigit() or len(code) not in (2, 5):
            errors.append(_error(n, code, "mã phải có 2 hoặc 5 chữ số / code must have 2 or 5 digits"))
        elif code in seen:
            errors.append(_error(n, code, "mã lặp lại / duplicate code"))
        elif any(not (row[c] or "").strip() for c in UNIT_COLUMNS):
            errors.append(_error(n, code, "thiếu ô bắt buộc / an obligatory cell is empty"))
        seen.add(code)
    return rows, errors


def read_boundaries(body: bytes, wards: Sequence[str] | None) -> tuple[list[Row], Errors]:
    """Features of a GeoJSON file for served wards: [{ward_id, geometry}], and what is wrong with each."""
    try:
        value = json.loads(body.decode("utf-8-sig"), parse_constant=_no_constant)
        features = value["features"] if value.get("type") == "FeatureCollection" else [value]
        if not isinstance(features, list) or not features:
            raise ValueError("no features")
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError) as error:
        return [], [_error(0, "", f"không phải GeoJSON / not GeoJSON: {str(error)[:200]}")]
    with system_scope():
        served = {w.code for w in Ward.objects.filter(served_to=None)}
    rows: list[Row] = []
    errors: Errors = []
    seen: set[str] = set()
    for n, feature in enumerate(features, 1):
        code = _code(feature)
        if wards and code not in wards:
            continue
        reason = "mã lặp lại / duplicate code" if code in seen else _fault(feature, code, served)
        seen.add(code)
        if reason:
            errors.append(_error(n, code, reason))
        else:
            rows.append({"ward_id": int(code), "geometry": feature["geometry"]})
    if not rows and not errors:
        errors.append(_error(0, "", "không có phường nào cần nhập / no ward to import"))
    return rows, errors


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _code(feature: Any) -> str:
    if not isinstance(feature, dict):
        return ""
    properties = feature.get("properties")
    return str((properties or {}).get("code") or feature.get("id") or "") if isinstance(properties, dict | None) else ""


def _fault(feature: Any, code: str, served: Iterable[str]) -> str:
    """Why a feature cannot be a ward's boundary, or ''."""
    if code not in set(served):
        return "không phải phường, xã đang phục vụ / not a ward served here"
    geometry = feature.get("geometry")
    try:
        rings = list(rings_of(geometry))
        points = [p for ring in rings for p in ring]
        if not points or any(len(ring) < 4 or ring[0] != ring[-1] for ring in rings):
            return "vòng chưa khép kín hoặc dưới 4 điểm / a ring is not closed or has under 4 points"
        if any(not math.isfinite(x) or not math.isfinite(y) or not in_vietnam(y, x) for x, y in points):
            return "có điểm ngoài Việt Nam / a point lies outside Viet Nam"
        polygon = shape(geometry)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        return f"hình không hợp lệ / not a geometry: {str(error)[:100]}"
    return "" if polygon.is_valid else f"hình tự cắt / invalid: {explain_validity(polygon)}"


def write(kind: str, rows: list[Row]) -> int:
    """Write checked rows in one transaction; answers how many."""
    if kind == "units":
        return import_units(rows if rows != [{}] else None)
    return replace_boundaries({int(r["ward_id"]): r["geometry"] for r in rows})
