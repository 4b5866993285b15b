"""/api/turfs: one turf with its doors in walking order, and adjusting it by hand."""
from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from binhan.casework.visits.actions import turfs
from binhan.casework.visits.queries.reach import turf_for
from binhan.casework.visits.queries.turfs import TurfDetail, turf_detail
from binhan.commons.access.api import Body, rights
from binhan.commons.journal.actions import record_read

router = Router(tags=["turfs"])


class MoveDoor(Body):
    """The door to take into this turf, and its place in the walk (default: where it lengthens the walk least)."""

    dwelling: UUID
    place: int | None = Field(default=None, ge=1, le=1000)


class Reorder(Body):
    """All doors of the turf, in the order to be walked."""

    dwellings: list[UUID] = Field(min_length=1, max_length=500)


@router.get("/turfs/{turf_id}", response=TurfDetail)
def get_turf(request: HttpRequest, turf_id: UUID) -> TurfDetail:
    """A turf with its doors in walking order, for its team and for who plans; that it was opened is journalled."""
    mine = rights(request)
    turf = turf_for(mine, turf_id)
    record_read(turf.ward_id, mine.actor, "turf", turf.id, "casework")
    return turf_detail(turf)


@router.post("/turfs/{turf_id}/move-door", response=TurfDetail)
def move_door(request: HttpRequest, turf_id: UUID, body: MoveDoor) -> TurfDetail:
    """Take a door of the same round and khu phố into this turf."""
    mine = rights(request)
    turf_for(mine, turf_id)
    turfs.move_door(turf_id, body.dwelling, mine.actor, body.place)
    turf = turf_for(mine, turf_id)
    return turf_detail(turf)


@router.post("/turfs/{turf_id}/reorder", response=TurfDetail)
def reorder(request: HttpRequest, turf_id: UUID, body: Reorder) -> TurfDetail:
    """Walk the same doors in another order."""
    mine = rights(request)
    turf_for(mine, turf_id)
    turfs.reorder(turf_id, body.dwellings, mine.actor)
    turf = turf_for(mine, turf_id)
    return turf_detail(turf)
