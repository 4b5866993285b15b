"""/api/field/turfs and /api/field/sync: what a phone may carry, and carrying it."""
from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import Field, StringConstraints

from binhan.casework.field.actions.devices import note_sync
from binhan.casework.field.queries.devices import budget_of, device_for
from binhan.casework.field.queries.documents import offers, turfs_for, working_set
from binhan.casework.field.rules.codes import DOCUMENTS
from binhan.casework.field.rules.documents import Document, difference
from binhan.casework.visits.rules.codes import TEAM
from binhan.commons.access.api import Body, require, rights
from binhan.commons.access.queries import only_ward
from binhan.kernel.errors import Problem

router = Router(tags=["field"])
Name = Annotated[str, StringConstraints(pattern=rf"^({'|'.join(DOCUMENTS)})/[0-9a-f-]{{36}}$")]
Mark = Annotated[str, StringConstraints(max_length=16)]
PIECE = 65_536


class SyncIn(Body):
    """Which turfs the phone carries from now on, and what it has already: name (kind/id) → digest."""

    device: UUID
    schema_: int = Field(ge=1, le=1_000_000, alias="schema")
    turfs: list[UUID] = Field(max_length=1000)
    have: dict[Name, Mark] = Field(default_factory=dict, max_length=100_000)


@router.get("/field/turfs", response=dict[str, Any])
def list_offers(request: HttpRequest, ward: int | None = None) -> Any:
    """The turfs that my phone may carry, and how much of that at once."""
    chosen = only_ward(rights(request), "casework", ward)
    mine = require(request, chosen, TEAM)
    return {"items": offers(mine, chosen), "budget": budget_of(chosen, timezone.now())}


@router.post("/field/sync")
def post_sync(request: HttpRequest, body: SyncIn) -> Any:
    """What is new or changed for these turfs, one JSON per line (application/x-ndjson): first {start}, then the documents,
    last {end} with the names that the phone must drop. What the phone has decides: cut off, it just asks again."""
    mine = rights(request)
    device = device_for(mine, body.device)
    require(request, device.ward_id, TEAM)
    now, chosen = timezone.now(), list(dict.fromkeys(body.turfs))
    budget = budget_of(device.ward_id, now)
    if len(chosen) > budget["turfs"]:
        raise over_budget(budget, turfs=len(chosen))
    turfs = turfs_for(mine, device.ward_id, chosen)
    documents = working_set(mine, device, turfs)
    size = sum(len(d.line) for d in documents)
    if len(documents) > budget["documents"] or size > budget["bytes"]:
        raise over_budget(budget, documents=len(documents), bytes=size)
    sent, gone = difference(documents, body.have)
    note_sync(device, [t.id for t in turfs], len(documents), len(sent))
    start = {"start": {"at": now.isoformat(), "documents": len(sent), "bytes": sum(len(d.line) for d in sent)}}
    end = {"end": {"sent": len(sent), "gone": gone}}
    return StreamingHttpResponse(_pieces(start, sent, end), content_type="application/x-ndjson")


def over_budget(budget: dict[str, int], **asked: int) -> Problem:
    """413: more than one phone may carry; nothing is sent."""
    return Problem(413, "over_budget", "Nhiều hơn mức một máy được mang. Hãy bớt cụm rồi tải lại.",
                   "More than one phone may carry. Choose fewer turfs.", budget=budget, **asked)


def _pieces(start: dict[str, Any], documents: Sequence[Document], end: dict[str, Any]) -> Iterator[bytes]:
    """The lines, in pieces that are worth a packet."""
    piece = bytearray(json.dumps(start).encode() + b"\n")
    for row in documents:
        piece += row.line
        if len(piece) >= PIECE:
            yield bytes(piece)
            piece.clear()
    yield bytes(piece) + json.dumps(end).encode() + b"\n"
