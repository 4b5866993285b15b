"""Where each door of a round stands after its visits: for the team that walks there and for who plans, for nobody else."""
from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NotRequired
from uuid import UUID

from django.db.models import QuerySet
from typing_extensions import TypedDict

from binhan.casework.visits.models import Round, TurfDoor, Visit
from binhan.casework.visits.rules.record import door_state
from binhan.commons.wire import Id


@dataclass(frozen=True, slots=True)
class Standing:
    """A door's state, how often nobody was home, the time agreed, and when it was first approached and first reached."""

    state: str
    absent: int
    come_back_at: datetime | None
    first_at: datetime | None
    reached_at: datetime | None


NOT_YET = Standing("not_yet", 0, None, None, None)


def standings(row: Round, turf_id: UUID | None = None, of: Collection[UUID] | None = None) -> dict[UUID, Standing]:
    """Every door with a visit: of the round, of a turf, or of these doors (1 query)."""
    visits = Visit.objects.filter(round=row) if of is None else Visit.objects.filter(round=row, dwelling__in=of)
    if turf_id is not None:
        visits = visits.filter(dwelling__in=TurfDoor.objects.filter(turf=turf_id).values("dwelling"))
    return {dwelling: standing for (_, dwelling), standing in _standings(visits).items()}


def standings_in(turfs: Collection[UUID]) -> dict[tuple[UUID, UUID], Standing]:
    """Every door of these turfs with a visit, by round and door (1 query)."""
    doors = TurfDoor.objects.filter(turf__in=turfs)
    return _standings(Visit.objects.filter(round__in=doors.values("round"), dwelling__in=doors.values("dwelling")))


def _standings(visits: QuerySet[Visit]) -> dict[tuple[UUID, UUID], Standing]:
    told: dict[tuple[UUID, UUID], list[tuple[str, datetime, datetime | None]]] = {}
    for row, dwelling, outcome, at, back in visits.order_by("started_at", "id").values_list(
            "round_id", "dwelling_id", "outcome", "started_at", "come_back_at"):
        told.setdefault((row, dwelling), []).append((outcome, at, back))
    found = {}
    for key, rows in told.items():
        state, absent = door_state([o for o, _, _ in rows])
        reached = next((at for o, at, _ in rows if o == "met"), None)
        found[key] = Standing(state, absent, rows[-1][2] if state == "come_back" else None, rows[0][1], reached)
    return found


class RevisitLine(TypedDict):
    """A door to go back to: nobody was home, or a time was agreed (`appointment`, until when, whether it is past)."""

    dwelling: Id
    turf: Id
    number: int
    place: int
    address: str
    state: str
    not_home: int
    come_back_at: datetime | None
    until: NotRequired[datetime | None]
    appointment: NotRequired[Id]
    late: NotRequired[bool]


def revisits_json(row: Round, teams: set[UUID] | None, before: datetime | None) -> list[RevisitLine]:
    """Doors where nobody was home or a time was agreed: agreed times first, then as they are walked (2 queries)."""
    known = {key: s for key, s in standings(row).items() if s.state in ("come_back", "not_home")
             and (before is None or s.come_back_at is None or s.come_back_at <= before)}
    doors = TurfDoor.objects.filter(round=row, dwelling__in=known).select_related("turf", "dwelling")
    doors = (doors if teams is None else doors.filter(turf__team__in=teams)).order_by("turf__number", "place")
    lines: list[RevisitLine] = [
        {"dwelling": str(d.dwelling_id), "turf": str(d.turf_id), "number": d.turf.number, "place": d.place,
         "address": d.dwelling.address, "state": known[d.dwelling_id].state, "not_home": known[d.dwelling_id].absent,
         "come_back_at": known[d.dwelling_id].come_back_at} for d in doors]
    return sorted(lines, key=lambda line: (line["come_back_at"] is None, str(line["come_back_at"] or "")))
