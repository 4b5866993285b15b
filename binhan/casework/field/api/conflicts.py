"""/api/conflicts: two values for one field of a door, and deciding which stands."""
from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router
from pydantic import AwareDatetime, WithJsonSchema
from typing_extensions import TypedDict

from binhan.casework.field.actions.conflicts import Decision, settle_conflict
from binhan.casework.field.lifecycle import By, ConflictState
from binhan.casework.field.queries.conflicts import ConflictDetail, conflict_for, conflicts_for, conflicts_json, settles_all
from binhan.commons.access.api import Body, rights
from binhan.commons.access.queries import only_ward
from binhan.commons.journal.actions import record_list_read
from binhan.kernel.errors import Problem, forbidden, not_found
from binhan.kernel.ids import new_id

router = Router(tags=["conflicts"])
Verb = Annotated[str, WithJsonSchema({"type": "string", "enum": ["settle"]})]
PAGE_MAX = 500


class SettleIn(Body):
    """Which value stands. `seen_at`: when the list with the card was read (`at` there); if A has changed since, nothing
    is settled and the card comes back (409)."""

    keep: Literal["a", "b", "both"] | None = None
    seen_at: AwareDatetime | None = None


class ConflictList(TypedDict):
    """Conflicts, and when they were read: who settles one says so (`seen_at`)."""

    at: datetime
    items: list[ConflictDetail]


@router.get("/conflicts", response=ConflictList)
def list_conflicts(request: HttpRequest, ward: int | None = None, state: str = "open") -> ConflictList:
    """The ward's for its office, those at my teams' doors for a team; the longest waiting first."""
    mine = rights(request)
    chosen = only_ward(mine, "casework", ward)
    if not mine.may("casework", chosen):
        raise forbidden("Vai trò của bạn không xem được nội dung này.", "Your role does not open these records.")
    wanted = set(filter(None, state.split(",")))
    if not wanted <= {str(s) for s in ConflictState}:
        raise Problem(422, "unknown_state", "Trạng thái không có.", "No such state.", states=list(map(str, ConflictState)))
    rows = conflicts_for(mine, chosen)
    rows = (rows.filter(state__in=wanted) if wanted else rows).order_by("opened_at", "id")
    record_list_read(chosen, mine.actor, "conflict", "casework")
    by = By.OFFICE if settles_all(mine, chosen) else By.TEAM
    return {"at": timezone.now(), "items": conflicts_json(list(rows[:PAGE_MAX]), by)}


@router.post("/conflicts/{conflict_id}/{verb}", response=ConflictDetail)
def post_conflict_verb(request: HttpRequest, conflict_id: UUID, verb: Verb, body: SettleIn | None = None) -> ConflictDetail:
    """settle: keep a, b or both. The first who decides wins; the other is told who it was."""
    mine = rights(request)
    row, by = conflict_for(mine, conflict_id)
    if verb != "settle":
        raise not_found("thao tác này", "verb")
    given = body or SettleIn()
    now = timezone.now()
    settled = settle_conflict(row.id, by, mine.actor, Decision(given.keep or "", new_id(), now, given.seen_at or now))
    if settled is None:
        (card,) = conflicts_json([conflict_for(mine, conflict_id)[0]], by)
        raise Problem(409, "changed", "Giá trị trong sổ vừa đổi. Hãy xem lại rồi chọn.",
                      "The register's value has just changed. Look again and choose.", conflict=card)
    return conflicts_json([conflict_for(mine, conflict_id)[0]], by)[0]
