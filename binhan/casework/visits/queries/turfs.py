"""Turfs as lists and maps show them, and one with its doors in walking order."""
from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q
from typing_extensions import TypedDict

from binhan.casework.households.queries.doors import Reference
from binhan.casework.households.rules import DOOR_KINDS
from binhan.casework.visits.models import Round, Turf, TurfDoor
from binhan.casework.visits.queries.doors import NOT_YET, standings
from binhan.commons.wire import Id, name_in


class TurfFacts(TypedDict):
    """A turf without its doors."""

    id: Id
    round: Id
    number: int
    group: int
    area: Reference
    team: Reference
    priority: int
    length_m: float
    minutes: float
    begun_at: datetime | None


class TurfLine(TurfFacts):
    """A turf in a list: how many doors it has."""

    doors: int


class DoorOfTurf(TypedDict):
    """A door as it is walked: where it is, how many households live behind it, and how it stands in the round."""

    dwelling: Id
    place: int
    address: str
    number: str
    landmark: str
    kind: str
    kind_name: str
    lat: float | None
    lon: float | None
    way: str
    group: str
    households: int
    active: bool
    state: str
    not_home: int
    come_back_at: datetime | None


class TurfDetail(TurfFacts):
    """A turf with its doors in walking order."""

    doors: list[DoorOfTurf]


def turfs_json(row: Round, teams: set[UUID] | None) -> list[TurfLine]:
    """The turfs of a round in the order to be walked; `teams` limits whose (1 query)."""
    rows = Turf.objects.filter(round=row).select_related("area", "team").annotate(count=Count("doors"))
    rows = (rows if teams is None else rows.filter(team__in=teams)).order_by("number")
    return [{**turf_json(t), "doors": t.count} for t in rows]


def turf_json(turf: Turf) -> TurfFacts:
    """A turf without its doors."""
    return {"id": str(turf.id), "round": str(turf.round_id), "number": turf.number, "group": turf.group,
            "area": {"id": str(turf.area_id), "name": turf.area.name},
            "team": {"id": str(turf.team_id), "name": turf.team.name}, "priority": turf.priority,
            "length_m": turf.length_m, "minutes": turf.minutes, "begun_at": turf.begun_at}


def turf_detail(turf: Turf) -> TurfDetail:
    """A turf with its doors."""
    return {**turf_json(turf), "doors": walk_json(turf)}


def walk_json(turf: Turf) -> list[DoorOfTurf]:
    """The doors of a turf in walking order, with what a visit needs: where it is, how many live behind it – no names –
    and how it stands (2 queries)."""
    known = standings(turf.round, turf.id)
    doors = (TurfDoor.objects.filter(turf=turf).select_related("dwelling__way", "dwelling__group").order_by("place")
             .annotate(households=Count("dwelling__households", filter=Q(dwelling__households__active=True))))
    return [{"dwelling": str(d.dwelling_id), "place": d.place, "address": d.dwelling.address, "number": d.dwelling.number,
             "landmark": d.dwelling.landmark, "kind": d.dwelling.kind,
             "kind_name": name_in(DOOR_KINDS, d.dwelling.kind), "lat": d.dwelling.lat, "lon": d.dwelling.lon,
             "way": d.dwelling.way.name if d.dwelling.way else "",
             "group": d.dwelling.group.name if d.dwelling.group else "", "households": d.households,
             "active": d.dwelling.active, "state": (told := known.get(d.dwelling_id, NOT_YET)).state,
             "not_home": told.absent, "come_back_at": told.come_back_at} for d in doors]
