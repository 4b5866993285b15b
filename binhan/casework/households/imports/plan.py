"""What of a file is new to the register: rows become doors, households and people; what is there already is left alone,
what merely resembles it is shown and held back."""
from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.conf import settings
from rapidfuzz import fuzz

from binhan.casework.households.actions import Basis, Whereabouts, dwelling_of, person_of
from binhan.casework.households.imports.reasons import Notice, Reason, Unusable
from binhan.casework.households.imports.rows import Read
from binhan.casework.households.models import Dwelling, Household, Person
from binhan.casework.households.rules import id_hash
from binhan.commons.places.models import Area, Way
from binhan.commons.places.rules import way_key, way_name
from binhan.kernel.address import search_fold
from binhan.kernel.text import fold

ALIKE = 88  # per cent of likeness from which a name at the same door is shown as perhaps the same person
DOOR_KNOWN = Reason("door_known", "căn này đã có", "this door is already registered")
HELD = Reason("held_back", "chưa nhập, xem lại hoặc --keep-similar", "held back: look at it, or --keep-similar")


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms people are recorded, and whether look-alikes come in."""

    purpose: str = "door_to_door"
    legal_basis: str = "state_duty"
    keep_similar: bool = False


@dataclass(slots=True)
class _Known:
    """Somebody at a door: in the register, or earlier in the file (then `row` says where)."""

    household_id: UUID
    fold: str
    birth_year: int | None
    id_hash: bytes | None
    row: int = 0


@dataclass
class Plan:
    """What would be written, and what was noticed."""

    ward_id: int
    terms: Terms
    areas: list[Area] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)
    dwellings: list[Dwelling] = field(default_factory=list)
    households: list[Household] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    errors: list[Notice] = field(default_factory=list)
    same: list[Notice] = field(default_factory=list)
    similar: list[Notice] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Read the register of the ward (5 queries)."""
        ward = self.ward_id
        self._areas = {_area_key(a.name): a for a in Area.objects.filter(ward_id=ward, parent=None)}
        self._had_areas = bool(self._areas)
        self._groups = {(a.parent_id, _area_key(a.name)): a for a in Area.objects.filter(ward_id=ward, kind="to")}
        self._ways: dict[tuple[str, str], Way] = {}
        for way in Way.objects.filter(ward_id=ward).order_by("active"):
            self._ways |= {(_sort(way.kind), name): way for name in way.search_key.strip("|").split("|")}
        self._doors: dict[str, Dwelling | UUID] = dict(
            Dwelling.objects.filter(ward_id=ward, active=True).values_list("door_key", "id"))
        self._homes: dict[UUID, list[tuple[UUID, str]]] = {}
        self._codes: dict[str, tuple[UUID, UUID]] = {}
        door_of: dict[UUID, UUID] = {}
        for home, door, kind, code in Household.objects.filter(ward_id=ward, active=True).values_list(
                "id", "dwelling_id", "kind", "code"):
            self._add_home(door, home, kind, code)
            door_of[home] = door
        self._at: dict[UUID, list[_Known]] = {}
        self._ids: dict[bytes, _Known] = {}
        for home, name, born, hashed in Person.objects.filter(ward_id=ward, active=True).values_list(
                "household_id", "name_fold", "birth_year", "id_hash"):
            if home in door_of:
                self._remember(door_of[home], _Known(home, name, born, bytes(hashed) if hashed else None))
        self._last: dict[UUID, UUID] = {}
        self._heads: dict[tuple[UUID, str], UUID] = {}
        self._fresh: dict[UUID, Household] = {}
        self._headless: set[UUID] = set()

    def _add_home(self, door: UUID, home: UUID, kind: str, code: str) -> None:
        self._homes.setdefault(door, []).append((home, kind))
        if code:
            self._codes[code] = (home, door)

    def _remember(self, door: UUID, known: _Known) -> None:
        self._at.setdefault(door, []).append(known)
        if known.id_hash:
            self._ids.setdefault(known.id_hash, known)

    def add(self, row: Read) -> None:
        """Take one row in."""
        try:
            area = self._area(row)
            group = self._group(row, area)
            door = self._door(row, area, group, self._way(row, area))
            if row.full_name:
                self._person(row, door)
        except Unusable as refusal:
            self.errors.append(Notice(row.number, refusal.reasons))

    def _area(self, row: Read) -> Area | None:
        key = _area_key(row.area)
        if not key:
            return None
        if key not in self._areas:
            if self._had_areas:
                there = ", ".join(sorted(a.name for a in self._areas.values()))
                raise Unusable(Reason("unknown_area", f"phường chưa có khu phố “{row.area}”; đang có: {there}",
                                      f"no khu phố “{row.area}” here; there are: {there}", ("area",)))
            name = row.area if not row.area.isdigit() else f"Khu phố {row.area}"
            self._areas[key] = Area(ward_id=self.ward_id, name=name,
                                    kind=Area.Kind.AP if key.startswith("ap ") else Area.Kind.KHU_PHO)
            self.areas.append(self._areas[key])
        return self._areas[key]

    def _group(self, row: Read, area: Area | None) -> Area | None:
        key = (area.id if area else None, _area_key(row.group))
        if not row.group or area is None:
            return None
        if key not in self._groups:
            name = row.group if not row.group[0].isdigit() else f"Tổ {row.group}"
            self._groups[key] = Area(ward_id=self.ward_id, name=name, kind=Area.Kind.TO, parent=area)
            self.areas.append(self._groups[key])
        return self._groups[key]

    def _way(self, row: Read, area: Area | None) -> Way | None:
        a = row.address
        if place := self._ways.get(("place", way_name(a.landmark))):
            return place
        name = a.building or a.street
        start = fold(name)
        kind = (Way.Kind.BOARDING if "tro" in start.split()[:3] else Way.Kind.BLOCK) if a.building else (
            Way.Kind.ALLEY if start.startswith("hem ") else Way.Kind.STREET)
        key = (_sort(kind), way_name(name))
        if not key[1]:
            return None
        if key not in self._ways:
            if near := self._near(*key):
                alike = Reason("way_alike", f"tuyến “{name}” giống “{near.name}”", f"“{name}” resembles “{near.name}”")
                self.similar.append(Notice(row.number, (alike,)))
            self._ways[key] = Way(ward_id=self.ward_id, kind=kind, name=name, search_key=way_key(name, ""), area=area)
            self.ways.append(self._ways[key])
        return self._ways[key]

    def _near(self, sort: str, name: str) -> Way | None:
        """A known way whose name is nearly this one; names with numbers differ by their numbers."""
        known = [k for k in self._ways if k[0] == sort] if not any(c.isdigit() for c in name) else []
        best = max(known, key=lambda k: fuzz.ratio(k[1], name), default=None)
        return self._ways[best] if best and fuzz.ratio(best[1], name) >= ALIKE else None

    def _door(self, row: Read, area: Area | None, group: Area | None, way: Way | None) -> UUID:
        kind = {"room": "room", "business": "business"}.get(row.kind, "apartment" if row.address.unit else "house")
        made = dwelling_of(self.ward_id, row.address, Whereabouts(way, area, group), kind=kind, lat=row.lat, lon=row.lon,
                           landmark=row.landmark)
        known = self._doors.get(made.door_key)
        if known is None:
            self._doors[made.door_key] = made.id
            self.dwellings.append(made)
            return made.id
        if not row.full_name:
            self.same.append(Notice(row.number, (DOOR_KNOWN,)))
        return known if isinstance(known, UUID) else known.id

    def _person(self, row: Read, door: UUID) -> None:
        hashed = id_hash(row.national_id, settings.ENV.key) if row.national_id else None
        name = fold(row.full_name)
        here = self._at.get(door, [])
        for known in here:
            if _same(known, name, row.birth_year, hashed):
                self.same.append(Notice(row.number, (_known_already(known),)))
                return
        likely = self._ids.get(hashed) if hashed else None
        likely = likely or next((k for k in here if _alike(k, name, row.birth_year, hashed)), None)
        if likely is not None:
            held = not self.terms.keep_similar
            self.similar.append(Notice(row.number, (_resemblance(likely, hashed), *([HELD] if held else [])), held))
            if held:
                return
        home = self._home(row, door, name)
        self._remember(door, _Known(home, name, row.birth_year, hashed, row.number))
        relation = row.relation or ("head" if row.head_name and fold(row.head_name) == name else "other")
        self.people.append(person_of(
            self._fresh.get(home) or Household(id=home, ward_id=self.ward_id), row.full_name,
            Basis(self.terms.purpose, self.terms.legal_basis), row.national_id, birth_year=row.birth_year, phone=row.phone,
            relation=relation, residence=row.residence or ("temporary" if row.kind in ("room", "tenant") else "permanent")))

    def _home(self, row: Read, door: UUID, name: str) -> UUID:
        """The household that the row belongs to: by its code, its head, or the one begun last at this door."""
        if row.code and row.code in self._codes:
            home, where = self._codes[row.code]
            if where != door:
                raise Unusable(Reason("code_elsewhere", f"mã hộ {row.code} đã dùng ở địa chỉ khác",
                                      f"household code {row.code} belongs to another door", ("code",)))
            return home
        head = fold(row.head_name) or (name if row.relation == "head" else "")
        if not row.code:
            if head and (door, head) in self._heads:
                return self._heads[door, head]
            known = next((k.household_id for k in self._at.get(door, []) if head and k.fold == head), None)
            alone = [h for h, kind in self._homes.get(door, []) if kind == row.kind]
            last = self._last.get(door)
            joins = last if head and last in self._headless else None if head else last or (
                alone[0] if len(alone) == 1 else None)
            begun = known or (joins if joins is not None and self._is_kind(joins, row.kind) else None)
            if begun is not None:
                if head:
                    self._headless.discard(begun)
                    self._heads[door, head] = begun
                return begun
        made = Household(ward_id=self.ward_id, dwelling_id=door, kind=row.kind, code=row.code, started_on=row.started_on)
        self.households.append(made)
        self._fresh[made.id] = made
        self._add_home(door, made.id, row.kind, row.code)
        self._last[door] = made.id
        if head:
            self._heads[door, head] = made.id
        else:
            self._headless.add(made.id)
        return made.id

    def _is_kind(self, home: UUID, kind: str) -> bool:
        """True unless the household was begun in this file as another kind."""
        return home not in self._fresh or self._fresh[home].kind == kind


def _same(known: _Known, name: str, born: int | None, hashed: bytes | None) -> bool:
    if hashed and known.id_hash:
        return hmac.compare_digest(known.id_hash, hashed) and known.fold == name
    return known.fold == name and (born is None or known.birth_year is None or born == known.birth_year)


def _alike(known: _Known, name: str, born: int | None, hashed: bytes | None) -> bool:
    if hashed and known.id_hash and not hmac.compare_digest(known.id_hash, hashed):
        return False
    near = born is None or known.birth_year is None or abs(born - known.birth_year) <= 1
    return near and fuzz.ratio(known.fold, name) >= ALIKE


def _known_already(known: _Known) -> Reason:
    """Somebody who is in the file or the register already."""
    if known.row:
        return Reason("row_again", f"trùng dòng {known.row}", f"as row {known.row}")
    return Reason("person_known", "đã có ở địa chỉ này", "already registered at this door")


def _resemblance(known: _Known, hashed: bytes | None) -> Reason:
    """Somebody who may be one whom we know: by the national id, or only by the name."""
    where_vi, where_en = (f" (dòng {known.row})", f" (row {known.row})") if known.row else ("", "")
    if hashed and known.id_hash and hmac.compare_digest(known.id_hash, hashed):
        return Reason("same_id", f"cùng số định danh với người đã có{where_vi}", f"the same national id{where_en}")
    return Reason("name_alike", f"tên rất giống người đã có ở đây{where_vi}", f"much like somebody here{where_en}")


def _sort(kind: str) -> str:
    """A street, a boarding house, a block and a school may bear one name; they are told apart."""
    if kind in (Way.Kind.BLOCK, Way.Kind.BOARDING):
        return str(kind)
    return "road" if kind in (Way.Kind.STREET, Way.Kind.ALLEY) else "place"


def _area_key(name: str) -> str:
    key = search_fold(name)
    for word in ("khu pho ", "to dan pho ", "to "):
        key = key.removeprefix(word)
    return key


def preview(plan: Plan, reads: Sequence[Read], count: int = 5) -> list[dict[str, Any]]:
    """The first rows as understood, for a human eye: no national id."""
    return [{"row": r.number, "address": r.address.text, "number": r.address.path,
             "street": r.address.building or r.address.street, "group": r.group, "area": r.area, "landmark": r.landmark,
             "kind": r.kind, "full_name": r.full_name, "birth_year": r.birth_year, "phone": r.phone,
             "relation": r.relation, "residence": r.residence,
             "national_id": f"…{r.national_id[-4:]}" if r.national_id else ""} for r in reads[:count]]
