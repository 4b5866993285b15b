"""What files may belong to, and who may see them: a visit's are its team's and the planners', an issue's are seen as the
issue is. What is routed out keeps no file."""
from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from binhan.casework.listening.models import Issue
from binhan.casework.listening.queries import issue_for
from binhan.casework.listening.rules import KINDS
from binhan.casework.visits.models import Visit
from binhan.casework.visits.queries.reach import sees_doors
from binhan.commons.access.queries import Rights
from binhan.commons.files.queries import Subject
from binhan.kernel.errors import not_found


def _see_visit(rights: Rights, visit_id: UUID) -> None:
    visit = Visit.objects.select_related("round").filter(id=visit_id).first()
    mine = sees_doors(rights, visit.round) if visit and rights.may("casework", visit.ward_id) else set()
    if visit is None or (mine is not None and visit.team_id not in mine):
        raise not_found("lượt thăm này", "visit")


def _visits(ward_id: int, ids: Sequence[UUID]) -> dict[UUID, bool]:
    return dict.fromkeys(Visit.objects.filter(ward_id=ward_id, id__in=ids).values_list("id", flat=True), True)


def _issues(ward_id: int, ids: Sequence[UUID]) -> dict[UUID, bool]:
    rows = Issue.objects.filter(ward_id=ward_id, id__in=ids).values_list("id", "kind", "visit_id")
    return {key: kind in KINDS and visit is not None for key, kind, visit in rows}


FILE_SUBJECTS = {"visit": Subject(_see_visit, _visits), "issue": Subject(issue_for, _issues)}
