"""The only writers of wards, units, boundaries and places."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from binhan.commons.access.scope import set_scope
from binhan.commons.journal.actions import append
from binhan.commons.places.models import Place, Unit, Ward
from binhan.commons.places.queries import packaged_boundaries, packaged_provinces, packaged_units
from binhan.kernel.errors import Problem
from binhan.kernel.text import fold


def serve_wards(codes: Iterable[str], demo: bool = False, actor: str = "system") -> list[Ward]:
    """Begin to serve wards, by national code, with their packaged names and boundaries. Idempotent."""
    codes = list(dict.fromkeys(codes))
    units = packaged_units()
    if unknown := [c for c in codes if c not in units]:
        raise Problem(422, "unknown_ward", f"Không có phường/xã mã {', '.join(unknown)} trong danh mục quốc gia.",
                      f"No unit with code {', '.join(unknown)} in the national register.")
    boundaries = packaged_boundaries(codes, detailed=True)
    made: list[Ward] = []
    with transaction.atomic():
        set_scope([int(c) for c in codes], actor)
        for code in codes:
            row = units[code]
            ward, fresh = Ward.objects.get_or_create(ward_id=int(code), defaults={
                "code": code, "name": row["name"], "full_name": row["full_name"],
                "province_code": row["province_code"], "boundary": boundaries[code], "lat": float(row["lat"]),
                "lon": float(row["lon"]), "served_from": timezone.now(), "is_demo": demo})
            if not fresh and ward.served_to is not None:
                ward.served_to = None
                ward.save(update_fields=["served_to"])
            if fresh:
                made.append(ward)
        for ward in made:
            append(ward.ward_id, actor, "serve", "ward", None, {"code": ward.code, "demo": demo})
    _ring_wards()
    return made


def _ring_wards() -> None:
    """Tell the hot path to read the wards again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('binhan_wards', '')")


def import_units(rows: Iterable[Mapping[str, str]] | None = None) -> int:
    """Fill the national register (default: the packaged list). Replaces units of the same code; answers how many."""
    given = list(rows) if rows is not None else _packaged_rows()
    with transaction.atomic():
        for row in given:
            Unit.objects.update_or_create(code=row["code"], defaults={
                "kind": row["kind"], "name": row["name"], "full_name": row["full_name"],
                "name_en": row.get("name_en", ""), "province_code": row["province_code"],
                "aliases": row.get("aliases", ""), "lat": _number(row.get("lat")), "lon": _number(row.get("lon")),
                "search_key": fold(f"{row['name']} {row.get('aliases', '')}"),
                "valid_from": date.fromisoformat(row["valid_from"]) if row.get("valid_from") else None})
    return len(given)


def _number(text: str | None) -> float | None:
    return float(text) if text else None


def _packaged_rows() -> list[dict[str, str]]:
    provinces = [{"code": c, "kind": "province", "name": p["name"], "full_name": p["full_name"],
                  "name_en": p["name_en"], "province_code": c, "aliases": p["merged_from"]}
                 for c, p in packaged_provinces().items()]
    wards = [{"code": c, "kind": "ward", "name": w["name"], "full_name": w["full_name"], "name_en": w["full_name_en"],
              "province_code": w["province_code"], "aliases": w["merged_from"], "lat": w["lat"], "lon": w["lon"]}
             for c, w in packaged_units().items()]
    return provinces + wards


def replace_boundaries(geometries: Mapping[int, Mapping[str, Any]], actor: str = "system") -> int:
    """New boundaries for served wards, all or none; answers how many."""
    with transaction.atomic():
        set_scope(geometries, actor)
        wards = {w.ward_id: w for w in Ward.objects.select_for_update().filter(ward_id__in=list(geometries))}
        for ward_id, geometry in sorted(geometries.items()):
            wards[ward_id].boundary = dict(geometry)
            wards[ward_id].save(update_fields=["boundary"])
        for ward_id in sorted(geometries):
            append(ward_id, actor, "boundary", "ward", None, {})
    _ring_wards()
    return len(geometries)


def create_place(ward_id: int, actor: str, code: str, name: str, lat: float, lon: float, address: str = "",
                 floor: str = "", room: str = "") -> Place:
    """A spot with a QR code of its own; an existing code is left as it is."""
    with transaction.atomic():
        place, fresh = Place.objects.get_or_create(code=code, defaults={
            "ward_id": ward_id, "name": name, "lat": lat, "lon": lon, "address": address, "floor": floor,
            "room": room})
        if fresh:
            append(ward_id, actor, "create", "place", place.id, {"code": code})
    return place
