"""What of the register an account may see or change."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from binhan.casework.households.models import Change, Dwelling, Household, Person
from binhan.casework.households.rules import REGISTRARS
from binhan.commons.access.queries import Rights, areas_as
from binhan.commons.access.rules import CASEWORKERS
from binhan.kernel.errors import forbidden, not_found


@dataclass(frozen=True, slots=True)
class Reach:
    """What of a ward's register an account may see: all of it (`areas` None), or these khu phố."""

    ward_id: int
    areas: frozenset[UUID] | None

    def holds(self, area_id: UUID | None) -> bool:
        """True if that khu phố lies within it."""
        return self.areas is None or area_id in self.areas

    def of(self, rows: QuerySet[Any], area: str) -> QuerySet[Any]:
        """The rows of the ward within it; `area` is the path to the khu phố."""
        of_ward = rows.filter(ward_id=self.ward_id)
        return of_ward if self.areas is None else of_ward.filter(**{f"{area}__in": self.areas})


def reach(rights: Rights, ward_id: int, write: bool = False) -> Reach:
    """What the account may see of the ward's register, or change; 403 when nothing (1 query). A grant for a khu phố
    opens that khu phố only."""
    areas = areas_as(rights, ward_id, *(REGISTRARS if write else CASEWORKERS))
    if areas is not None and not areas:
        raise forbidden("Vai trò của bạn không mở được sổ hộ của phường này.",
                        "Your role does not open this ward's household register.")
    return Reach(ward_id, areas)


def ward_of(model: type[Dwelling] | type[Household] | type[Person] | type[Change], key: UUID, noun: tuple[str, str]) -> int:
    """The ward of a record that the scope of the request holds; raises a 404 Problem for any other (1 query)."""
    ward = model._default_manager.filter(id=key).values_list("ward_id", flat=True).first()
    if ward is None:
        raise not_found(*noun)
    return int(ward)


def check_reach(scope: Reach, households: Iterable[UUID] = (), people: Iterable[UUID] = (),
                dwellings: Iterable[UUID] = ()) -> None:
    """404 unless every one of these records lies within reach (up to 3 queries)."""
    for model, area, ids, noun in ((Household, "dwelling__area_id", set(households), ("hộ này", "household")),
                                   (Person, "household__dwelling__area_id", set(people), ("người này", "person")),
                                   (Dwelling, "area_id", set(dwellings), ("căn này", "dwelling"))):
        if ids and scope.of(model._default_manager.filter(id__in=ids), area).count() != len(ids):
            raise not_found(*noun)
