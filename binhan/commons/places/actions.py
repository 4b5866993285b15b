"""The only writers of wards, units, boundaries and places."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from binhan.commons.access.scope import set_scope
from binhan.commons.journal.actions import JournalRow, append
from binhan.commons.places.models import Area, Place, Unit, Ward, Way
from binhan.commons.places.queries import packaged_boundaries, packaged_register, packaged_units
from binhan.commons.places.rules import is_place_code, search_key, way_key
from binhan.kernel.errors import Problem
from binhan.kernel.geo import in_vietnam, rings_of
from binhan.kernel.text import TextRefused, clean

AREA_NAME_MAX = 100


@dataclass(frozen=True, slots=True)
class WayDraft:
    """A way that is to be added: its kind (Way.Kind) and name, former names separated by semicolons, the way it branches
    off, the khu phố it lies in."""

    kind: str
    name: str
    aliases: str = ""
    parent: Way | None = None
    area: Area | None = None


@dataclass(frozen=True, slots=True)
class PlaceDraft:
    """A spot that is to have a QR code of its own: the code, a name, where it is, and how it is found there."""

    code: str
    name: str
    lat: float
    lon: float
    address: str = ""
    floor: str = ""
    room: str = ""


def serve_wards(codes: Iterable[str], demo: bool = False, actor: str = "system") -> list[Ward]:
    """Begin to serve wards, by national code, with their packaged names and boundaries. Idempotent.
    Returns the wards that were not served before. Raises a 422 Problem for a code that is not in the national register."""
    codes = list(dict.fromkeys(codes))
    units = packaged_units()
    if unknown := [c for c in codes if c not in units]:
        raise Problem(422, "unknown_ward", f"Không có phường/xã mã {', '.join(unknown)} trong danh mục quốc gia.",
                      f"No unit with code {', '.join(unknown)} in the national register.")
    with transaction.atomic():
        set_scope([int(c) for c in codes], actor)
        known = set(Ward.objects.filter(ward_id__in=[int(c) for c in codes]).values_list("code", flat=True))
        fresh = [c for c in codes if c not in known]
        boundaries = packaged_boundaries(fresh, detailed=True) if fresh else {}  # reading them takes half a second
        made = [ward for code in codes if (ward := _serve(units[code], boundaries.get(code, {}), demo))]
        for ward in made:
            append(JournalRow(ward.ward_id, actor, "serve", "ward", None, {"code": ward.code, "demo": demo}))
        _ring_wards()
    return made


def _serve(row: Mapping[str, str], boundary: Mapping[str, Any], demo: bool) -> Ward | None:
    """The ward if it was not served until now; a ward served before comes back as it was, boundary and all."""
    code = row["code"]
    ward, fresh = Ward.objects.get_or_create(ward_id=int(code), defaults={
        "code": code, "name": row["name"], "full_name": row["full_name"], "province_code": row["province_code"],
        "boundary": boundary, "lat": float(row["lat"]), "lon": float(row["lon"]), "served_from": timezone.now(),
        "is_demo": demo})
    if not fresh and ward.served_to is None:
        return None
    if not fresh:
        ward.served_to = None
        ward.save(update_fields=["served_to"])
    return ward


def end_service(wards: Iterable[int], actor: str) -> None:
    """Serve the wards no longer: no press comes to them, their records and journals stay. Within their scope."""
    with transaction.atomic():
        for ward in Ward.objects.select_for_update().filter(ward_id__in=list(wards), served_to=None).order_by("ward_id"):
            ward.served_to = timezone.now()
            ward.save(update_fields=["served_to"])
            append(JournalRow(ward.ward_id, actor, "end_service", "ward", None, {"code": ward.code}))
        _ring_wards()


def _ring_wards() -> None:
    """Tell the hot path to read the wards again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('binhan_wards', '')")


def import_units(rows: Iterable[Mapping[str, str]] | None = None) -> int:
    """Fill the national register (default: the packaged list). Replaces units of the same code; returns how many."""
    units = [_unit(row) for row in (packaged_register() if rows is None else rows)]
    columns = [f.name for f in Unit._meta.concrete_fields if not f.primary_key]
    with transaction.atomic():
        Unit.objects.bulk_create(units, batch_size=1000, update_conflicts=True, unique_fields=["code"],
                                 update_fields=columns)
    return len(units)


def _unit(row: Mapping[str, str]) -> Unit:
    aliases = row.get("aliases") or ""
    return Unit(code=row["code"], kind=row["kind"], name=row["name"], full_name=row["full_name"],
                name_en=row.get("name_en") or "", province_code=row["province_code"], aliases=aliases,
                search_key=search_key(row["name"], aliases), lat=_number(row.get("lat")), lon=_number(row.get("lon")),
                valid_from=_day(row.get("valid_from")), valid_to=_day(row.get("valid_to")))


def _number(text: str | None) -> float | None:
    return float(text) if text else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def replace_boundaries(geometries: Mapping[int, Mapping[str, Any]], actor: str = "system") -> int:
    """New boundaries for served wards, all or none; returns how many."""
    with transaction.atomic():
        set_scope(geometries, actor)
        wards = {w.ward_id: w for w in Ward.objects.select_for_update().filter(ward_id__in=list(geometries))}
        for ward_id, geometry in sorted(geometries.items()):
            wards[ward_id].boundary = dict(geometry)
            wards[ward_id].save(update_fields=["boundary"])
        for ward_id in sorted(geometries):
            append(JournalRow(ward_id, actor, "boundary", "ward", None,
                              {"points": sum(map(len, rings_of(geometries[ward_id])))}))
        _ring_wards()
    return len(geometries)


def _area_name(name: str) -> str:
    try:
        name = clean(name, AREA_NAME_MAX)
    except TextRefused:
        name = ""
    if not name:
        raise Problem(422, "invalid", "Khu phố cần một tên, không quá 100 chữ.",
                      "An area needs a name of at most 100 characters.")
    return name


def create_area(ward_id: int, actor: str, name: str, kind: str = Area.Kind.KHU_PHO, parent: Area | None = None) -> Area:
    """A khu phố or ấp of the ward, or (with `parent`) a tổ of it; a name that is already there is left as it is. Raises a
    422 Problem for a name that cannot be, or a tổ of nothing."""
    if (kind == Area.Kind.TO) != (parent is not None) or (parent is not None and parent.ward_id != ward_id):
        raise Problem(422, "invalid", "Tổ phải thuộc một khu phố của phường này.",
                      "A tổ belongs to a khu phố of this ward.")
    name = _area_name(name)
    with transaction.atomic():
        area, fresh = Area.objects.get_or_create(ward_id=ward_id, name=name, parent=parent, defaults={"kind": kind})
        if fresh:
            append(JournalRow(ward_id, actor, "create", "area", area.id, {"kind": str(kind)}))
    return area


def create_way(ward_id: int, actor: str, draft: WayDraft) -> Way:
    """A street, alley, block, boarding house, school, firm or market; one that is already there is left as it is. Raises a
    422 Problem for a draft that is not of this ward or names nothing."""
    name = _area_name(draft.name)
    if draft.kind not in Way.Kind.values or any(x is not None and x.ward_id != ward_id for x in (draft.parent, draft.area)):
        raise Problem(422, "invalid", "Loại tuyến không có, hoặc tuyến cha hay khu phố ở phường khác.",
                      "No such kind of way, or its parent or area lies in another ward.", kinds=Way.Kind.values)
    with transaction.atomic():
        way, fresh = Way.objects.get_or_create(ward_id=ward_id, name=name, parent=draft.parent, defaults={
            "kind": draft.kind, "aliases": draft.aliases, "search_key": way_key(name, draft.aliases), "area": draft.area})
        if fresh:
            append(JournalRow(ward_id, actor, "create", "way", way.id, {"kind": str(draft.kind)}))
    return way


def insert_areas_and_ways(ward_id: int, actor: str, areas: Sequence[Area], ways: Sequence[Way]) -> list[JournalRow]:
    """Many new areas and ways at once, parents before what lies in them or branches off them. Returns their journal rows:
    the caller appends these last, since whoever holds the ward's journal holds up its SOS."""
    Area.objects.bulk_create(areas, batch_size=1000)
    Way.objects.bulk_create(ways, batch_size=1000)
    return [*(JournalRow(ward_id, actor, "create", "area", a.id, {"kind": str(a.kind)}) for a in areas),
            *(JournalRow(ward_id, actor, "create", "way", w.id, {"kind": str(w.kind)}) for w in ways)]


def remove_demo_areas_and_ways(ward_id: int, actor: str) -> None:
    """Take the synthetic ways, tổ and khu phố away; refused while a real door stands on one of them."""
    try:
        with transaction.atomic():
            ways = Way.objects.filter(ward_id=ward_id, is_demo=True)
            ways.update(parent=None)
            count = ways.delete()[0]
            Area.objects.filter(ward_id=ward_id, is_demo=True, kind=Area.Kind.TO).delete()
            Area.objects.filter(ward_id=ward_id, is_demo=True).delete()
            if count:
                append(JournalRow(ward_id, actor, "remove_demo", "way", None, {"ways": count}))
    except (ProtectedError, IntegrityError):
        raise Problem(409, "in_use", "Còn căn thật trên tuyến hoặc khu phố mẫu. Hãy chuyển các căn đó trước.",
                      "Real doors stand on sample ways or areas. Move them first.") from None


def rename_way(way: Way, actor: str, name: str, aliases: str | None = None) -> None:
    """A new name; the old one stays findable among the former names."""
    name = _area_name(name)
    former = [a.strip() for a in (way.aliases if aliases is None else aliases).split(";")]
    kept = dict.fromkeys(a for a in [*former, way.name] if a and a != name)
    way.name, way.aliases = name, "; ".join(kept)
    way.search_key = way_key(way.name, way.aliases)
    with transaction.atomic():
        way.save(update_fields=["name", "aliases", "search_key"])
        append(JournalRow(way.ward_id, actor, "rename", "way", way.id, {}))


def create_place(ward_id: int, actor: str, draft: PlaceDraft) -> Place:
    """A spot with a QR code of its own; a code that the ward already has is left as it is. Raises a 422 Problem for a draft
    that cannot be, 409 for a code of another ward."""
    if not is_place_code(draft.code) or not draft.name.strip() or not in_vietnam(draft.lat, draft.lon):
        raise Problem(422, "invalid", "Điểm cần mã 2–40 chữ, số không dấu, một tên, và toạ độ trong Việt Nam.",
                      "A place needs a code of 2–40 plain letters or digits, a name, and coordinates in Viet Nam.")
    fresh = Place(ward_id=ward_id, **asdict(draft))
    with transaction.atomic():
        Place.objects.bulk_create([fresh], ignore_conflicts=True)
        place = Place.objects.filter(ward_id=ward_id, code=draft.code).first()
        if place is None:  # the code exists, in a ward that is not in scope
            raise Problem(409, "code_taken", f"Mã {draft.code} đã có ở phường khác. Hãy chọn mã khác.",
                          f"Code {draft.code} belongs to another ward. Choose another.")
        if place.id == fresh.id:
            append(JournalRow(ward_id, actor, "create", "place", place.id, {"code": draft.code}))
    return place


def change_place(place: Place, actor: str, changes: Mapping[str, Any]) -> None:
    """Correct a place, or take its code out of use."""
    if changes:
        with transaction.atomic():
            for name, value in changes.items():
                setattr(place, name, value)
            place.save(update_fields=list(changes))
            append(JournalRow(place.ward_id, actor, "update", "place", place.id, {"fields": sorted(changes)}))


def set_desk_phone(ward_id: int, actor: str, phone: str | None) -> None:
    """The duty desk's number, which residents are shown."""
    with transaction.atomic():
        Ward.objects.filter(ward_id=ward_id).update(desk_phone=phone or None)
        append(JournalRow(ward_id, actor, "desk_phone", "ward", None, {}))
        _ring_wards()
