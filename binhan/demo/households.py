"""A synthetic register for a sample ward: streets, alleys, blocks and boarding houses inside its real boundary, made-up
people with “Mẫu” in every name, no phone and no id. The same seed makes the same register; loading again changes nothing.
"""
from __future__ import annotations

import csv
import math
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from pathlib import Path
from uuid import UUID

from binhan.casework import households
from binhan.casework.households.actions import Basis, Entries, Whereabouts, dwelling_of, person_of, register, remove_demo
from binhan.casework.households.models import Dwelling, Household, Person
from binhan.commons.access.scope import may_think, ward_scope
from binhan.commons.places.actions import remove_demo_areas_and_ways
from binhan.commons.places.models import Area, Ward, Way
from binhan.commons.places.queries import ward_index
from binhan.commons.places.rules import way_key
from binhan.kernel.address import Address

DATA = Path(households.__file__).parent / "data"
AREAS, GROUP_DOORS = 14, 85  # khu phố, and doors of one tổ: as in a ward of 14 khu phố and 215 tổ
STEP, ALLEY_EVERY = 6.5, 7  # metres between doors, house numbers between alleys
M_LAT = 111_320.0
BORN, NOW = 1_764_000_000_000, 2026  # the time part of the made-up ids; the year from which ages count


@cache
def _table(name: str) -> tuple[list[str], list[int]]:
    with (DATA / f"{name}_freq.csv").open(encoding="utf-8", newline="") as file:
        rows = [(r["name"], int(r["count"])) for r in csv.DictReader(file)]
    return [n for n, _ in rows], list(accumulate(c for _, c in rows))


@dataclass(slots=True)
class _Spot:
    """A door to be: its address without khu phố and tổ, where it stands, on which way, and what it is."""

    address: Address
    lat: float
    lon: float
    way: Way
    kind: str = "house"


@dataclass(frozen=True, slots=True)
class _Course:
    """A way to be: its kind and name, what else it is called, and how it runs."""

    kind: str
    name: str
    aliases: str = ""
    line: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class _Mouth:
    """Where an alley leaves its street: by which number, at what point, in which direction."""

    path: str
    at: tuple[float, float]
    angle: float


@dataclass
class _Maker:
    ward: Ward
    rng: random.Random
    areas: list[Area] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)
    serial: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.index = ward_index([self.ward.ward_id])
        self.box = self.index.shapes[self.ward.ward_id].box

    def inside(self, lat: float, lon: float) -> bool:
        """True inside the ward's real boundary."""
        spot = self.index.locate(lat, lon)
        return spot is not None and spot.how == "inside"

    def point(self) -> tuple[float, float]:
        """Somewhere inside the ward."""
        south, west, north, east = self.box
        while True:
            lat, lon = self.rng.uniform(south, north), self.rng.uniform(west, east)
            if self.inside(lat, lon):
                return lat, lon

    def new_id(self) -> UUID:
        """A UUIDv7 that the seed alone decides."""
        bits = self.rng.getrandbits(74)
        return UUID(int=BORN << 80 | 0x7 << 76 | (bits >> 62 & 0xFFF) << 64 | 0b10 << 62 | bits & (2**62 - 1))

    def next(self, what: str) -> int:
        """1, 2, 3… for streets, boarding houses and so on."""
        self.serial[what] = self.serial.get(what, 0) + 1
        return self.serial[what]

    def name(self, family: str = "") -> str:
        """A made-up name that says so; children bear their family's."""
        surname, middle, given = (self.rng.choices(n, cum_weights=w)[0]
                                  for n, w in map(_table, ("surname", "middle", "given")))
        return f"{family or surname} {middle} Mẫu {given}"

    def area(self, name: str, kind: Area.Kind, parent: Area | None = None) -> Area:
        """A new khu phố or tổ, stored with all the others at the end."""
        made = Area(id=self.new_id(), ward_id=self.ward.ward_id, name=name, kind=kind, parent=parent, is_demo=True)
        self.areas.append(made)
        return made

    def way(self, course: _Course, area: Area, parent: Way | None = None) -> Way:
        """A new way, stored with all the others at the end."""
        line = {"type": "LineString", "coordinates": [[round(lon, 6), round(lat, 6)] for lat, lon in course.line]}
        made = Way(id=self.new_id(), ward_id=area.ward_id, kind=course.kind, name=course.name, aliases=course.aliases,
                   area=area, parent=parent, search_key=way_key(course.name, course.aliases),
                   line=line if course.line else None, is_demo=True)
        self.ways.append(made)
        return made


def load(ward_id: int, households: int, seed: int = 1, actor: str = "system", areas: int = AREAS) -> dict[str, int]:
    """Fill the ward's register up to `households` made-up households in `areas` khu phố; answers what there is."""
    with ward_scope([ward_id], actor):
        may_think()  # whoever calls this inside a transaction of his own
        there = Household.objects.filter(ward_id=ward_id, is_demo=True).count()
        begun = _begun(ward_id, f"{seed}/{there}" if there else f"{seed}") if there < households else None
    if begun is not None:
        entries = _made(begun, households - there, areas)  # for minutes: no transaction may stand idle for so long
        with ward_scope([ward_id], actor):
            register(ward_id, actor, entries)
    with ward_scope([ward_id], actor):
        return {"dwellings": Dwelling.objects.filter(ward_id=ward_id, is_demo=True).count(),
                "households": Household.objects.filter(ward_id=ward_id, is_demo=True).count(),
                "people": Person.objects.filter(ward_id=ward_id, is_demo=True).count()}


def unload(ward_id: int, actor: str = "system") -> int:
    """Take it away again."""
    with ward_scope([ward_id], actor):
        count = remove_demo(ward_id, actor)
        remove_demo_areas_and_ways(ward_id, actor)
    return count


@dataclass(frozen=True, slots=True)
class _Begun:
    """Whoever makes the register, and what of it is there: tổ by khu phố, and the khu phố by their names."""

    maker: _Maker
    groups: Mapping[str, int]
    known: Mapping[str, Area]


def _begun(ward_id: int, seed: str) -> _Begun:
    """What is there already is counted on (4 queries)."""
    ward = Ward.objects.get(ward_id=ward_id)
    maker = _Maker(ward, random.Random(f"{ward.code}/{seed}"))
    for kind in Way.objects.filter(ward_id=ward_id, is_demo=True).values_list("kind", flat=True):
        maker.next("boarding" if kind == "boarding_house" else kind)
    groups = Counter(Area.objects.filter(ward_id=ward_id, is_demo=True, kind="to").values_list("parent__name", flat=True))
    return _Begun(maker, groups, {a.name: a for a in Area.objects.filter(ward_id=ward_id, parent=None)})


def _made(begun: _Begun, count: int, areas: int) -> Entries:
    """So many households more, with their doors, people, khu phố, tổ and ways; nothing is asked of the database."""
    maker = begun.maker
    doors: list[Dwelling] = []
    homes: list[Household] = []
    people: list[Person] = []
    centres = [maker.point() for _ in range(areas)]
    for n, centre in enumerate(centres):
        name = f"Khu phố Mẫu {n + 1}"
        area = begun.known.get(name) or maker.area(name, Area.Kind.KHU_PHO)
        maker.serial[f"group {n}"] = begun.groups.get(name, 0)
        quota = count // areas + (n < count % areas)
        made = 0
        group: Area | None = None
        while made < quota:
            for at, spot in enumerate(_street(maker, area, _near(maker, n, centres, centre))):
                if made >= quota:
                    break
                if at % GROUP_DOORS == 0 or group is None:
                    group = maker.area(f"Tổ {maker.next(f'group {n}')}", Area.Kind.TO, area)
                door = _door(maker, spot, area, group)
                doors.append(door)
                made += _occupy(maker, door, min(quota - made, 2), homes, people)
    return Entries(doors, homes, people, maker.areas, maker.ways)


def _near(maker: _Maker, n: int, centres: list[tuple[float, float]], centre: tuple[float, float]) -> tuple[float, float]:
    """A point of the n-th khu phố: nearer to its centre than to any other."""
    for _ in range(200):
        point = maker.point()
        if min(range(len(centres)), key=lambda k: math.dist(centres[k], point)) == n:
            return point
    return centre


def _street(maker: _Maker, area: Area, start: tuple[float, float]) -> list[_Spot]:
    """The doors of one new street with its alleys, a boarding house or a block, a shop, a school or a firm."""
    rng, number = maker.rng, maker.next("street")
    angle, length = rng.uniform(0, math.tau), rng.randint(24, 60)
    end = _step(start, angle, length * STEP)
    street = maker.way(_Course("street", f"Đường Mẫu {number}", f"Đường Mẫu Cũ {number}", (start, end)), area)
    spots: list[_Spot] = []
    for n in range(1, length + 1):
        at = _step(_step(start, angle, n * STEP), angle + (math.pi / 2 if n % 2 else -math.pi / 2), 5)
        letter = "A" if rng.random() < 0.04 else ""
        kind = "business" if rng.random() < 0.06 else "house"
        spots.append(_Spot(_address(f"{n}{letter}", street), *at, street, kind))
        if n % ALLEY_EVERY == 0:
            spots += _alley(maker, area, street, _Mouth(str(n), at, angle + (math.pi / 2 if n % 2 else -math.pi / 2)))
    spots += _lots(street, end, angle)
    spots += _compound(maker, area, street, end, angle)
    return [s for s in spots if maker.inside(s.lat, s.lon)]


def _alley(maker: _Maker, area: Area, street: Way, mouth: _Mouth, deep: bool = True) -> list[_Spot]:
    rng, path, at, angle = maker.rng, mouth.path, mouth.at, mouth.angle
    length = rng.randint(8, 22)
    end = _step(at, angle, length * STEP)
    alley = maker.way(_Course("alley", f"Hẻm {path} {street.name}", line=(at, end)), area, street)
    spots: list[_Spot] = []
    for n in range(1, length + 1):
        here = _step(_step(at, angle, n * STEP), angle + (math.pi / 2 if n % 2 else -math.pi / 2), 3)
        spots.append(_Spot(_address(f"{path}/{n}", street), *here, street))
        if deep and n == 6 and rng.random() < 0.4:
            spots += _alley(maker, area, street, _Mouth(f"{path}/{n}", here, angle + math.pi / 2), deep=False)
    if deep and rng.random() < 0.35:
        spots += _boarding_house(maker, area, alley, _step(at, angle, length * STEP + 8))
    return spots


def _boarding_house(maker: _Maker, area: Area, alley: Way, at: tuple[float, float]) -> list[_Spot]:
    house = maker.way(_Course("boarding_house", f"Nhà trọ Mẫu {maker.next('boarding')}"), area, alley)
    rows, rooms = maker.rng.randint(1, 3), maker.rng.randint(6, 14)
    return [_Spot(Address(f"Dãy {row} phòng {room}, {house.name}", building=house.name, row=str(row), room=str(room)),
                  *_step(_step(at, 0, row * 8), math.pi / 2, room * 3.5), house, "room")
            for row in range(1, rows + 1) for room in range(1, rooms + 1)]


def _lots(street: Way, at: tuple[float, float], angle: float) -> list[_Spot]:
    """A few lots without a house number at the end of the street, and a house that only a landmark finds."""
    spots = [_Spot(Address(f"Lô B{n} {street.name}", lot=f"B{n}", street=street.name), *_step(at, angle, n * STEP), street)
             for n in range(1, 5)]
    mark = f"Đối diện cây xăng Mẫu, cuối {street.name}"
    return [*spots, _Spot(Address(mark, landmark=mark.split(",", maxsplit=1)[0], street=f"cuối {street.name}"),
                          *_step(at, angle, 40), street)]


def _compound(maker: _Maker, area: Area, street: Way, at: tuple[float, float], angle: float) -> list[_Spot]:
    """What stands at the end of the street: a block of flats, a school, a firm or a market."""
    what, kind = maker.rng.choice([("Chung cư", "block"), ("Trường học", "school"), ("Công ty", "firm"), ("Chợ", "market")])
    place = maker.way(_Course(kind, f"{what} Mẫu {maker.next(kind)}"), area, street)
    spot = _step(at, angle + math.pi / 2, 30)
    if kind != "block":
        return [_Spot(Address(f"{place.name}, {street.name}", landmark=place.name), *spot, place,
                      "business" if kind == "firm" else "institution")]
    return [_Spot(Address(f"Block {block} tầng {floor} căn {flat}, {place.name}", building=place.name, block=block,
                          floor=str(floor), unit=str(flat)), *spot, place, "apartment")
            for block in "AB" for floor in range(1, 6) for flat in range(1, 7)]


def _address(path: str, street: Way) -> Address:
    return Address(f"{path} {street.name}", path=path, street=street.name)


def _step(at: tuple[float, float], angle: float, metres: float) -> tuple[float, float]:
    lat = at[0] + metres * math.sin(angle) / M_LAT
    return lat, at[1] + metres * math.cos(angle) / (M_LAT * math.cos(math.radians(at[0])))


def _door(maker: _Maker, spot: _Spot, area: Area, group: Area) -> Dwelling:
    text = f"{spot.address.text}, {group.name.lower()}, {area.name}"
    parts = {name: getattr(spot.address, name) for name in Address.__slots__ if name != "text"}
    parts |= {"group": group.name.removeprefix("Tổ "), "area": area.name.removeprefix("Khu phố ")}
    address = Address(text, **parts)
    return dwelling_of(area.ward_id, address, Whereabouts(spot.way, area, group), id=maker.new_id(), kind=spot.kind,
                       lat=round(spot.lat, 6), lon=round(spot.lon, 6), is_demo=True)


def _occupy(maker: _Maker, door: Dwelling, room_for: int, homes: list[Household], people: list[Person]) -> int:
    """One household behind the door, sometimes two; answers how many."""
    rng = maker.rng
    kinds = {"room": ["room"], "business": ["business"], "institution": ["business"]}.get(door.kind) or (
        ["tenant"] if rng.random() < 0.15 else ["owner", "tenant"] if rng.random() < 0.06 else ["owner"])
    for kind in kinds[:room_for]:
        home = Household(id=maker.new_id(), ward_id=door.ward_id, dwelling=door, kind=kind, is_demo=True,
                         name=f"Cơ sở Mẫu {maker.next('business')}" if kind == "business" else "")
        homes.append(home)
        for n in range(rng.choice({"room": [1, 1, 2, 2, 3], "business": [1]}.get(kind, [2, 3, 3, 4, 4, 5]))):
            relation = "head" if n == 0 else "tenant" if kind == "room" else "spouse" if n == 1 else "child"
            age = rng.randint(1, 19) if relation == "child" else rng.randint(19, 78)
            family = people[-n].full_name.split()[0] if relation == "child" else ""
            people.append(person_of(
                home, maker.name(family), Basis("door_to_door", "state_duty"), id=maker.new_id(),
                birth_year=NOW - age, relation=relation, is_demo=True,
                residence="temporary" if kind in ("room", "tenant") else "permanent"))
    return len(kinds[:room_for])
