"""/api/assignments: what a crew is asked to do, and its answers."""
from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router
from pydantic import Field, WithJsonSchema

from binhan.commons.access.api import Body, rights
from binhan.commons.access.queries import Rights
from binhan.commons.access.rules import DESK, SOS_READERS
from binhan.commons.wire import Items
from binhan.kernel.errors import Problem, not_found
from binhan.sos.assignments.actions import call_backup, move_assignment
from binhan.sos.assignments.lifecycle import ACTIVE, ASSIGNMENT, By
from binhan.sos.assignments.models import Assignment
from binhan.sos.assignments.queries import AssignmentRow, active_assignments, assignments_json
from binhan.sos.patrols.queries import crew_of

router = Router(tags=["assignments"])
VERBS = sorted({m.verb for m in ASSIGNMENT.moves if m.by != By.CLOCK})
Verb = Annotated[str, WithJsonSchema({"type": "string", "enum": VERBS})]


class AssignmentVerbIn(Body):
    """The needs of a verb: decline and withdraw take a reason, finish may take a note."""

    reason: str | None = Field(default=None, max_length=500)
    note: str | None = Field(default=None, max_length=4000)


class BackupIn(Body):
    """Which task needs more people. `id` is made by the phone: the same id again is the same call."""

    assignment_id: UUID
    id: UUID | None = None
    note: str = Field(default="", max_length=1000)


def _find(request: HttpRequest, assignment_id: UUID) -> tuple[Assignment, Rights]:
    mine = rights(request)
    found = Assignment.objects.select_related("unit", "incident").filter(id=assignment_id).first()
    if found is None or not mine.has(found.ward_id, *SOS_READERS):
        raise not_found("nhiệm vụ này", "assignment")
    return found, mine


def _is_crew(mine: Rights, unit_id: UUID) -> bool:
    return mine.account.id in crew_of(unit_id)


@router.get("/assignments", response=Items[AssignmentRow])
def list_assignments(request: HttpRequest, unit: UUID | None = None, state: str = "open") -> Any:
    """Running tasks of my wards, or of one unit. `state`: open, or some of the running states separated by commas."""
    mine = rights(request)
    wards = [w for w in mine.wards if mine.has(w, *SOS_READERS)]
    wanted = {str(s) for s in ACTIVE} if state == "open" else set(state.split(","))
    if not wanted <= {str(s) for s in ACTIVE}:
        raise Problem(422, "unknown_state", "Trạng thái không có.", "No such state.", states=["open", *map(str, ACTIVE)])
    return {"items": assignments_json([a for a in active_assignments(wards, unit) if a.state in wanted], By.CREW)}


@router.get("/assignments/{assignment_id}", response=AssignmentRow)
def get_assignment(request: HttpRequest, assignment_id: UUID) -> Any:
    """One task with its place."""
    found, mine = _find(request, assignment_id)
    by = By.CREW if _is_crew(mine, found.unit_id) else By.DESK if mine.has(found.ward_id, *DESK) else None
    return assignments_json([found], by)[0]


@router.post("/assignments/{assignment_id}/{verb}", response=AssignmentRow)
def post_assignment_verb(request: HttpRequest, assignment_id: UUID, verb: Verb,
                         body: AssignmentVerbIn | None = None) -> Any:
    """One move: accept, decline, depart, arrive, finish by the crew on shift; withdraw by the desk."""
    found, mine = _find(request, assignment_id)
    if verb not in VERBS:
        raise not_found("thao tác này", "verb")
    by = By(next(m.by for m in ASSIGNMENT.moves if m.verb == verb))
    if by == By.CREW and not _is_crew(mine, found.unit_id):
        raise Problem(403, "not_your_task", "Chỉ tổ đang trong ca được trả lời nhiệm vụ này.",
                      "Only the crew on shift with this unit may answer.")
    if by == By.DESK and not mine.has(found.ward_id, *DESK):
        raise Problem(403, "forbidden", "Chỉ trực ban được làm việc này.", "Only the desk may do this.")
    moved = move_assignment(assignment_id, verb, by, mine.actor, (body or AssignmentVerbIn()).dict(exclude_none=True))
    moved.refresh_from_db()
    return assignments_json([moved], by)[0]


@router.post("/patrol/backup", response=AssignmentRow)
def post_backup(request: HttpRequest, body: BackupIn) -> Any:
    """The crew calls for more people."""
    found, mine = _find(request, body.assignment_id)
    if not _is_crew(mine, found.unit_id):
        raise Problem(403, "not_your_task", "Chỉ tổ đang làm nhiệm vụ được gọi chi viện.",
                      "Only the crew on this task may call for backup.")
    return assignments_json([call_backup(found.id, mine.actor, body.note, body.id)], By.CREW)[0]
