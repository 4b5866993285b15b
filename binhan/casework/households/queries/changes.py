"""Merges, splits and moves, and which of them may be undone by whom."""
from __future__ import annotations

from datetime import datetime
from uuid import UUID

from typing_extensions import TypedDict

from binhan.casework.households.models import Change, Household
from binhan.casework.households.queries.reach import Reach, check_reach
from binhan.commons.wire import Id
from binhan.kernel.errors import not_found


class HouseholdChange(TypedDict):
    """A merge, split or move: when, by whom, how many records; `made`: the household it made; whether it was undone."""

    id: Id
    verb: str
    at: datetime
    by: str
    records: int
    made: Id | None
    undone_at: datetime | None


def change_json(change: Change) -> HouseholdChange:
    """A change: what, when, by whom, how many records, and whether it was undone."""
    return {"id": str(change.id), "verb": change.verb, "at": change.at, "by": change.actor, "records": len(change.rows),
            "made": next((r["id"] for r in change.rows if r["before"] is None), None),
            "undone_at": change.undone_at}


def check_change(scope: Reach, change_id: UUID) -> None:
    """404 unless the change and all it touched lie within reach."""
    change = Change.objects.filter(ward_id=scope.ward_id, id=change_id).first()
    if change is None:
        raise not_found("thay đổi này", "change")
    if scope.areas is not None:
        check_reach(scope, households=[UUID(r["id"]) for r in change.rows if r["table"] == "household"])


def latest_changes(scope: Reach, count: int) -> list[Change]:
    """The latest merges, splits and moves within reach, newest first."""
    rows = list(Change.objects.filter(ward_id=scope.ward_id).order_by("-at", "-id")[:count])
    if scope.areas is None:
        return rows
    touched = {c.id: {UUID(r["id"]) for r in c.rows if r["table"] == "household"} for c in rows}
    within = set(scope.of(Household.objects.filter(id__in=set().union(*touched.values())), "dwelling__area_id")
               .values_list("id", flat=True))
    return [c for c in rows if touched[c.id] <= within]
