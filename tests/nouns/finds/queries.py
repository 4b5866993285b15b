"""Finds, for those whom they concern."""
from __future__ import annotations

from datetime import datetime
from uuid import UUID

from typing_extensions import TypedDict

from binhan.commons.access.queries import Rights
from binhan.commons.language import state_name
from binhan.commons.wire import Id
from binhan.kernel.errors import not_found
from tests.nouns.finds.lifecycle import FIND, By
from tests.nouns.finds.models import Find


class KeptFind(TypedDict):
    """A find with the verbs that are open to the caller."""

    id: Id
    ward_id: int
    what: str
    found_at: datetime
    state: str
    state_name: str
    level: int
    receipt: str
    reason: str
    verbs: list[str]


def find_for(rights: Rights, find_id: UUID) -> Find:
    """One of them; 404 for whoever has no part in the ward's finds."""
    row = Find.objects.filter(id=find_id).first()
    if row is None or not rights.may("finds", row.ward_id):
        raise not_found("đồ nhặt được này", "find")
    return row


def find_json(row: Find) -> KeptFind:
    """A find with the verbs that are open now."""
    return {"id": str(row.id), "ward_id": row.ward_id, "what": row.what, "found_at": row.found_at, "state": row.state,
            "state_name": state_name(FIND, row.state), "level": row.level, "receipt": row.receipt, "reason": row.reason,
            "verbs": list(FIND.verbs_from(row.state, By.OFFICE))}
