"""/api/finds: what was handed in, one POST per verb."""
from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Router
from pydantic import AwareDatetime, Field, WithJsonSchema

from binhan.commons.access.api import Body, rights
from binhan.commons.access.queries import only_ward
from binhan.commons.journal.actions import record_read
from binhan.commons.wire import Items
from binhan.kernel.errors import forbidden, not_found
from tests.nouns.finds.actions import hand_in, move_find
from tests.nouns.finds.lifecycle import FIND
from tests.nouns.finds.models import Find
from tests.nouns.finds.queries import KeptFind, find_for, find_json

router = Router(tags=["finds"])
VERBS = FIND.verbs_of_people()
Verb = Annotated[str, WithJsonSchema({"type": "string", "enum": VERBS})]


class FindIn(Body):
    """What was handed in; the id is made by whoever sends it."""

    id: UUID
    ward: int | None = None
    what: str = Field(min_length=1, max_length=500)
    found_at: AwareDatetime


class FindVerbIn(Body):
    """The needs of a verb."""

    receipt: str | None = Field(default=None, max_length=200)
    reason: str | None = Field(default=None, max_length=500)


@router.get("/finds", response=Items[KeptFind])
def list_finds(request: HttpRequest, ward: int | None = None) -> Items[KeptFind]:
    """What is kept, the oldest first."""
    mine = rights(request)
    chosen = only_ward(mine, "finds", ward)
    if not mine.may("finds", chosen):
        raise forbidden("Vai trò của bạn không xem được đồ nhặt được.", "Your role does not open finds.")
    return {"items": [find_json(row) for row in Find.objects.filter(ward_id=chosen).order_by("found_at", "id")[:100]]}


@router.post("/finds", response=KeptFind)
def post_find(request: HttpRequest, body: FindIn) -> KeptFind:
    """Hand something in."""
    mine = rights(request)
    ward = only_ward(mine, "finds", body.ward)
    if not mine.may("finds", ward):
        raise forbidden("Vai trò của bạn không nhận đồ nhặt được.", "Your role takes no finds.")
    return find_json(hand_in(ward, mine.actor, body.id, body.what, body.found_at))


@router.get("/finds/{find_id}", response=KeptFind)
def get_find(request: HttpRequest, find_id: UUID) -> KeptFind:
    """One of them."""
    mine = rights(request)
    row = find_for(mine, find_id)
    record_read(row.ward_id, mine.actor, FIND.name, row.id, "finds")
    return find_json(row)


@router.post("/finds/{find_id}/{verb}", response=KeptFind)
def post_find_verb(request: HttpRequest, find_id: UUID, verb: Verb, body: FindVerbIn | None = None) -> KeptFind:
    """One move of its lifecycle."""
    mine = rights(request)
    row = find_for(mine, find_id)
    if verb not in VERBS:
        raise not_found("thao tác này", "verb")
    given = (body or FindVerbIn()).dict(exclude_none=True)
    needs = FIND.needs_of(verb)
    return find_json(move_find(row.id, verb, mine.actor, {k: v for k, v in given.items() if k in needs}))
