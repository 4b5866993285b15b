"""A small made-up register for the tests: a khu phố with a tổ, a street, an alley, a boarding house, doors and people."""
from __future__ import annotations

from binhan.casework.households.actions import Basis, Entries, Whereabouts, dwelling_of, person_of, register
from binhan.casework.households.models import Dwelling, Household, Person
from binhan.commons.places.actions import WayDraft, create_area, create_way
from binhan.commons.places.models import Area, Way
from binhan.kernel.address import parse

HOME, NEXT = 25888, 25891


def area(name: str = "Khu phố Thử 1", ward: int = HOME) -> Area:
    """A khu phố."""
    return create_area(ward, "test", name)


def street(name: str = "Đường Thử Lê Lợi", aliases: str = "", ward: int = HOME) -> Way:
    """A street."""
    return create_way(ward, "test", WayDraft("street", name, aliases))


def door(address: str, way: Way | None = None, inside: Area | None = None, ward: int = HOME) -> Dwelling:
    """A registered door."""
    made = dwelling_of(ward, parse(address), Whereabouts(way, inside))
    register(ward, "test", Entries([made]))
    return made


def household(dwelling: Dwelling, *names: str, kind: str = "owner", code: str = "", **fields: object) -> Household:
    """A registered household with its people, the first of them its head."""
    made = Household(ward_id=dwelling.ward_id, dwelling=dwelling, kind=kind, code=code)
    people = [person_of(made, name, Basis("door_to_door", "state_duty"),
                        relation="other" if n else "head", **fields) for n, name in enumerate(names)]
    register(dwelling.ward_id, "test", Entries(households=[made], people=people))
    return made


def names(home: Household) -> list[str]:
    """Who is in the household now."""
    return sorted(Person.objects.filter(household=home, active=True).values_list("full_name", flat=True))
