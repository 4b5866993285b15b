"""Whose files a visit's are: its team's, and those who plan."""
from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from binhan.casework.visits.models import Visit
from binhan.casework.visits.queries.reach import sees_doors
from binhan.commons.access.queries import Rights
from binhan.commons.files.queries import FileSubject
from binhan.kernel.errors import not_found


def see(rights: Rights, visit_id: UUID) -> None:
    """Nothing; 404 for whoever may not see the visit."""
    visit = Visit.objects.select_related("round").filter(id=visit_id).first()
    teams = sees_doors(rights, visit.round) if visit and rights.may("casework", visit.ward_id) else set()
    if visit is None or (teams is not None and visit.team_id not in teams):
        raise not_found("lượt thăm này", "visit")


def keep(ward_id: int, ids: Sequence[UUID]) -> dict[UUID, bool]:
    """Every visit that is there keeps its files."""
    return dict.fromkeys(Visit.objects.filter(ward_id=ward_id, id__in=ids).values_list("id", flat=True), True)


SUBJECT = FileSubject("casework", see, keep)
