"""The household register over HTTP, for casework roles only; every look at people is journalled."""
from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from binhan.casework.households import actions
from binhan.casework.households.models import Change, Dwelling, Household, Person
from binhan.casework.households.queries.changes import HouseholdChange, change_json, check_change, latest_changes
from binhan.casework.households.queries.doors import (
    PAGE_MAX,
    DoorDetail,
    DoorPage,
    RegisteredPerson,
    doors_json,
    doors_of,
    dwelling_in,
    dwelling_json,
    households_json,
    person_json,
)
from binhan.casework.households.queries.reach import check_reach, reach, ward_of
from binhan.casework.households.queries.search import FoundPage, found_json, results_json, search
from binhan.casework.households.rules import NAME_MAX
from binhan.commons.access.api import Body, rights
from binhan.commons.access.queries import only_ward
from binhan.commons.journal.actions import record_read, record_reads

router = Router(tags=["households"])
HOUSEHOLD, PERSON, DOOR = ("hộ này", "household"), ("người này", "person"), ("căn này", "dwelling")


class Merge(Body):
    """The other record, which is closed."""

    other: UUID


class Split(Body):
    """Who becomes a household of their own, as what, and where (default: as now, here)."""

    people: list[UUID] = Field(min_length=1, max_length=100)
    kind: Literal["", "owner", "tenant", "room", "business"] = ""
    dwelling: UUID | None = None


class Move(Body):
    """The door to move to."""

    dwelling: UUID


class MovePeople(Body):
    """Who joins which household."""

    people: list[UUID] = Field(min_length=1, max_length=100)
    household: UUID


class PersonIn(Body):
    """What is corrected; a field that is left out stays as it is."""

    full_name: str | None = Field(default=None, min_length=1, max_length=NAME_MAX)
    birth_year: int | None = Field(default=None, ge=1900, le=2200)
    phone: str | None = Field(default=None, max_length=30)
    relation: Literal["head", "spouse", "child", "parent", "relative", "tenant", "worker", "other"] | None = None
    residence: Literal["permanent", "temporary"] | None = None
    purpose: Literal["door_to_door", "support", "callback"] | None = None
    legal_basis: Literal["state_duty", "consent", "urgent"] | None = None


class DoorsAsked(Schema):
    """Which doors are asked for, and which page of them."""

    way: UUID | None = None
    area: UUID | None = None
    ward: int | None = None
    limit: int = PAGE_MAX
    cursor: str = ""


@router.get("/households/search", response=FoundPage)
def search_households(request: HttpRequest, q: str, ward: int | None = None, limit: int = 20, cursor: str = ""
                      ) -> FoundPage:
    """Ways, doors and people that have every word of `q`, typed with or without diacritics; a house number finds what lies
    behind it too. Pages by `cursor`."""
    mine = rights(request)
    scope = reach(mine, only_ward(mine, "casework", ward))
    found, more = search(scope, q, max(1, min(limit, PAGE_MAX)), cursor)
    lines, people = results_json(found)
    record_reads(scope.ward_id, mine.actor, "person", people, "casework")
    return found_json(lines, more)


@router.get("/dwellings", response=DoorPage)
def list_dwellings(request: HttpRequest, asked: Query[DoorsAsked]) -> DoorPage:
    """The doors of a way, a khu phố or a tổ in walking order, without their people. Pages by `cursor`."""
    caller = rights(request)
    doors, more = doors_of(reach(caller, only_ward(caller, "casework", asked.ward)), asked.way, asked.area,
                           max(1, min(asked.limit, PAGE_MAX)), asked.cursor)
    return doors_json(doors, more)


@router.get("/dwellings/{dwelling_id}", response=DoorDetail)
def get_dwelling(request: HttpRequest, dwelling_id: UUID) -> DoorDetail:
    """A door with its households and their people; that it was opened is journalled."""
    mine = rights(request)
    scope = reach(mine, ward_of(Dwelling, dwelling_id, DOOR))
    door = dwelling_in(scope, dwelling_id)
    households, people = households_json(door)
    record_read(scope.ward_id, mine.actor, "dwelling", door.id, "casework")
    record_reads(scope.ward_id, mine.actor, "person", people, "casework")
    return {**dwelling_json(door), "households": households}


@router.post("/households/{household_id}/merge", response=HouseholdChange)
def merge_household(request: HttpRequest, household_id: UUID, body: Merge) -> HouseholdChange:
    """The people of the other household join this one, and the other is closed."""
    actor, ward = _may(request, Household, household_id, HOUSEHOLD, households=[household_id, body.other])
    return change_json(actions.merge_households(ward, actor, household_id, body.other))


@router.post("/households/{household_id}/split", response=HouseholdChange)
def split_household(request: HttpRequest, household_id: UUID, body: Split) -> HouseholdChange:
    """Some of the people are a household of their own."""
    actor, ward = _may(request, Household, household_id, HOUSEHOLD, households=[household_id], people=body.people,
                       dwellings=[body.dwelling] if body.dwelling else [])
    return change_json(actions.split_household(
        ward, actor, household_id, actions.NewHousehold(body.people, body.kind, body.dwelling)))


@router.post("/households/{household_id}/move", response=HouseholdChange)
def move_household(request: HttpRequest, household_id: UUID, body: Move) -> HouseholdChange:
    """The whole household moves to another door."""
    actor, ward = _may(request, Household, household_id, HOUSEHOLD, households=[household_id], dwellings=[body.dwelling])
    return change_json(actions.move_household(ward, actor, household_id, body.dwelling))


@router.post("/people/move", response=HouseholdChange)
def move_people(request: HttpRequest, body: MovePeople) -> HouseholdChange:
    """People join another household."""
    actor, ward = _may(request, Household, body.household, HOUSEHOLD, households=[body.household], people=body.people)
    return change_json(actions.move_people(ward, actor, body.people, body.household))


@router.post("/people/{person_id}/merge", response=HouseholdChange)
def merge_person(request: HttpRequest, person_id: UUID, body: Merge) -> HouseholdChange:
    """Two records are one person: the other is closed, what this one does not say is taken from it."""
    actor, ward = _may(request, Person, person_id, PERSON, people=[person_id, body.other])
    return change_json(actions.merge_people(ward, actor, person_id, body.other))


@router.patch("/people/{person_id}", response=RegisteredPerson)
def change_person(request: HttpRequest, person_id: UUID, body: PersonIn) -> RegisteredPerson:
    """Correct a person's record."""
    actor, _ = _may(request, Person, person_id, PERSON, people=[person_id])
    person = Person.objects.get(id=person_id)
    given = body.dict(exclude_unset=True)
    actions.change_person(person, actor, {k: v for k, v in given.items() if v is not None or k in ("phone", "birth_year")})
    return person_json(person)


@router.delete("/people/{person_id}", response={204: None})
def erase_person(request: HttpRequest, person_id: UUID) -> Any:
    """Delete a person's record, on their request; it cannot be undone."""
    actor, _ = _may(request, Person, person_id, PERSON, people=[person_id])
    actions.erase_person(Person.objects.get(id=person_id), actor)
    return 204, None


@router.get("/household-changes", response=list[HouseholdChange])
def list_changes(request: HttpRequest, ward: int | None = None) -> list[HouseholdChange]:
    """The latest merges, splits and moves."""
    mine = rights(request)
    scope = reach(mine, only_ward(mine, "casework", ward), write=True)
    return [change_json(c) for c in latest_changes(scope, 50)]


@router.post("/household-changes/{change_id}/undo", response=HouseholdChange)
def undo_change(request: HttpRequest, change_id: UUID) -> HouseholdChange:
    """Put everything back as it was; refused when something newer stands on it."""
    mine = rights(request)
    ward = ward_of(Change, change_id, ("thay đổi này", "change"))
    check_change(reach(mine, ward, write=True), change_id)
    return change_json(actions.undo_change(ward, mine.actor, change_id))


def _may(request: HttpRequest, model: type[Household] | type[Person], key: UUID, noun: tuple[str, str],
         **records: list[UUID]) -> tuple[str, int]:
    """The caller's name for the journal and the ward, if they keep the register there and all the records lie within
    their reach."""
    mine = rights(request)
    ward = ward_of(model, key, noun)
    check_reach(reach(mine, ward, write=True), **records)
    return mine.actor, ward
