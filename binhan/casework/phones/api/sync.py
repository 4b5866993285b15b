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
from typing_extensions import TypedDict

from binhan.casework.phones.actions.devices import note_sync
from binhan.casework.phones.phone import Carried
from binhan.casework.phones.queries.brought import documents
from binhan.casework.phones.queries.devices import CarryBudget, budget_of, device_for
from binhan.casework.phones.queries.documents import Offer, chosen_for, offers, working_set
from binhan.casework.phones.rules.documents import Document, difference
from binhan.commons.access.api import Body, require, rights
from binhan.commons.access.queries import only_ward
from binhan.commons.access.rules import TEAM
from binhan.commons.wire import binary
from binhan.kernel.errors import Problem

router = Router(tags=["field"])
Name = Annotated[str, StringConstraints(pattern="^[a-z_]{1,40}/[0-9a-f-]{36}$")]
Mark = Annotated[str, StringConstraints(max_length=16)]
PIECE = 65_536


class SyncIn(Body):
    """Which turfs the phone carries from now on, and what it has already: name (kind/id) → digest."""

    device: UUID
    schema_: int = Field(ge=1, le=1_000_000, alias="schema")
    turfs: list[UUID] = Field(max_length=1000)
    have: dict[Name, Mark] = Field(default_factory=dict, max_length=100_000)


class Offers(TypedDict):
    """What my phone may carry, and how much of that at once."""

    items: list[Offer]
    budget: CarryBudget


@router.get("/field/turfs", response=Offers)
def list_offers(request: HttpRequest, ward: int | None = None) -> Offers:
    """The turfs that my phone may carry, and how much of that at once."""
    chosen = only_ward(rights(request), "casework", ward)
    mine = require(request, chosen, TEAM)
    return {"items": offers(mine, chosen), "budget": budget_of(chosen, timezone.now())}


@router.post("/field/sync", openapi_extra=binary("application/x-ndjson", "The documents, one JSON per line"))
def post_sync(request: HttpRequest, body: SyncIn) -> StreamingHttpResponse:
    """What is new or changed for these turfs, one JSON per line (application/x-ndjson): first {start}, then the documents,
    last {end} with the names that the phone must drop. What the phone has decides: cut off, it just asks again."""
    mine = rights(request)
    device = device_for(mine, body.device)
    require(request, device.ward_id, TEAM)
    known = {brings.kind for brings in documents()}
    if strange := sorted(name for name in body.have if name.partition("/")[0] not in known):
        raise Problem(422, "unknown_document", "Máy hỏi loại dữ liệu mà máy chủ không có. Hãy cập nhật ứng dụng.",
                      "The phone has documents of a kind that the server does not know.", names=strange[:20])
    now, chosen = timezone.now(), list(dict.fromkeys(body.turfs))
    budget = budget_of(device.ward_id, now)
    if len(chosen) > budget["turfs"]:
        raise over_budget(budget, turfs=len(chosen))
    carried = Carried(mine, device, chosen_for(mine, device.ward_id, chosen), now)
    carries = working_set(carried)
    size = sum(len(d.line) for d in carries)
    if len(carries) > budget["documents"] or size > budget["bytes"]:
        raise over_budget(budget, documents=len(carries), bytes=size)
    sent, gone = difference(carries, body.have)
    note_sync(device, [row.id for row in carried.chosen], len(carries), len(sent))
    start = {"start": {"at": now.isoformat(), "documents": len(sent), "bytes": sum(len(d.line) for d in sent)}}
    end = {"end": {"sent": len(sent), "gone": gone}}
    return StreamingHttpResponse(_pieces(start, sent, end), content_type="application/x-ndjson")


def over_budget(budget: CarryBudget, **asked: int) -> Problem:
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
