"""/api/rounds/{id}/coverage and /doors: how far a round has come."""
from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from binhan.casework.visits.queries.coverage import Coverage, RoundDoor, coverage_json, doors_json, view_for
from binhan.casework.visits.queries.reach import round_for, sees_doors
from binhan.commons.access.api import rights
from binhan.commons.journal.actions import record_list_read
from binhan.commons.wire import Page
from binhan.kernel.errors import forbidden

router = Router(tags=["coverage"])
PAGE_MAX = 1000


@router.get("/rounds/{round_id}/coverage", response=Coverage)
def get_coverage(request: HttpRequest, round_id: UUID) -> Coverage:
    """Counts by khu phố, way, team, priority area and week against all doors; pace and projected end. Who may not see
    single doors gets no count from 1 to 4, nor what would give one away (null)."""
    mine = rights(request)
    row = round_for(mine, round_id)
    return coverage_json(row, view_for(mine, row))


@router.get("/rounds/{round_id}/doors", response=Page[RoundDoor])
def list_doors(request: HttpRequest, round_id: UUID, limit: int | None = None, cursor: str = "") -> Page[RoundDoor]:
    """Each door with its colour, for the team that walks there and for who plans; that they were opened is journalled. All
    of them, or with `limit` so many in walking order, then pages by `cursor`."""
    mine = rights(request)
    row = round_for(mine, round_id)
    teams = sees_doors(mine, row)
    if teams is not None and not teams:
        raise forbidden("Từng căn chỉ tổ phụ trách và lãnh đạo được xem; hãy xem số liệu tổng hợp.",
                        "Single doors are for the team and the leadership; see the coverage instead.")
    record_list_read(row.ward_id, mine.actor, "round_door", "casework")
    return doors_json(row, teams, None if limit is None else max(1, min(limit, PAGE_MAX)), cursor)
