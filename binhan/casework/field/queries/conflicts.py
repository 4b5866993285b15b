"""Conflicts as a card shows them, for the team that walks there and for the office."""
from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from typing_extensions import TypedDict

from binhan.casework.field.lifecycle import CONFLICT, OPEN, By
from binhan.casework.field.models import Conflict
from binhan.casework.field.rules.codes import FIELD_NAMES, KEEPS, REGISTER
from binhan.casework.field.rules.edits import Value, both
from binhan.casework.phones.rules.documents import canonical
from binhan.casework.visits.models import TurfDoor
from binhan.casework.visits.queries.reach import my_teams
from binhan.commons.access.queries import Rights, areas_as
from binhan.commons.access.rules import PLANNERS
from binhan.commons.language import state_name
from binhan.commons.people.queries import display_names
from binhan.commons.wire import Id, name_in
from binhan.kernel.errors import not_found


class ConflictSide(TypedDict):
    """A value, who gave it and when."""

    value: Value
    by: str
    at: datetime


class ConflictBody(TypedDict):
    """Two values for one field of a door; `both`: whether they can stand side by side."""

    dwelling: UUID
    address: str
    field: str
    a: ConflictSide
    b: ConflictSide
    both: bool


class ConflictDetail(ConflictBody):
    """A conflict as a list shows it."""

    id: Id
    field_name: str
    ward_id: int
    area: str
    state: str
    state_name: str
    keep: str
    keep_name: str
    level: int
    opened_at: datetime
    moved_at: datetime
    moved_by: str
    verbs: list[str]


def settles_all(rights: Rights, ward_id: int) -> bool:
    """True for the roles that decide for the whole ward."""
    return rights.has(ward_id, *PLANNERS) and areas_as(rights, ward_id, *PLANNERS) is None


def conflicts_for(rights: Rights, ward_id: int) -> QuerySet[Conflict]:
    """The office sees all of the ward's; a team those at the doors that it walks."""
    rows = Conflict.objects.filter(ward_id=ward_id).select_related("dwelling__area")
    if settles_all(rights, ward_id):
        return rows
    return rows.filter(dwelling__in=TurfDoor.objects.filter(turf__team__in=my_teams(rights, ward_id)).values("dwelling"))


def conflict_for(rights: Rights, conflict_id: UUID) -> tuple[Conflict, By]:
    """One of them, and as whom the account settles it; 404 for any other."""
    ward = Conflict.objects.filter(id=conflict_id).values_list("ward_id", flat=True).first()
    row = conflicts_for(rights, ward).filter(id=conflict_id).first() if ward and rights.may("casework", ward) else None
    if row is None:
        raise not_found("mâu thuẫn này", "conflict")
    return row, By.OFFICE if settles_all(rights, row.ward_id) else By.TEAM


def open_conflicts(dwellings: Collection[UUID]) -> list[Conflict]:
    """The open ones at these doors (1 query)."""
    return list(Conflict.objects.filter(dwelling__in=dwellings, state=OPEN).select_related("dwelling")
                .order_by("opened_at", "id"))


def conflict_bodies(rows: Sequence[Conflict]) -> list[tuple[UUID, ConflictBody]]:
    """Each as a phone shows it: both values, who gave them and when (1 query)."""
    names = {**display_names({by for r in rows for by in (r.a_by, r.b_by)}), REGISTER: "sổ hộ"} if rows else {}
    return [(r.id, {"dwelling": r.dwelling_id, "address": r.dwelling.address, "field": r.field,
                    "a": {"value": r.a_value, "by": names[r.a_by], "at": r.a_at},
                    "b": {"value": r.b_value, "by": names[r.b_by], "at": r.b_at},
                    "both": both(r.field, r.a_value, r.b_value) is not None}) for r in rows]


def card(row: Conflict) -> dict[str, Any]:
    """One of them as the answer to what was sent, spelt as in the working set."""
    ((key, body),) = conflict_bodies([row])
    return {"id": str(key), **json.loads(canonical(body))}


def open_card(key: UUID) -> dict[str, Any] | None:
    """The card as it is now; None once somebody has decided."""
    row = Conflict.objects.select_related("dwelling").filter(id=key, state=OPEN).first()
    return card(row) if row is not None else None


def conflicts_json(rows: Sequence[Conflict], by: By) -> list[ConflictDetail]:
    """The same with state, clock level and verbs, for lists (2 queries)."""
    names = display_names({r.moved_by for r in rows}) if rows else {}
    return [{"id": str(r.id), **body, "field_name": name_in(FIELD_NAMES, r.field), "ward_id": r.ward_id,
             "area": r.dwelling.area.name if r.dwelling.area else "", "state": r.state,
             "state_name": state_name(CONFLICT, r.state), "keep": r.keep,
             "keep_name": name_in(KEEPS, r.keep), "level": r.level, "opened_at": r.opened_at,
             "moved_at": r.moved_at, "moved_by": names[r.moved_by], "verbs": list(CONFLICT.verbs_from(r.state, by))}
            for r, (_, body) in zip(rows, conflict_bodies(rows), strict=True)]
