"""/api/field/outbox: what a phone did without a network, in its own order; each item answered by itself, once."""
from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, NotRequired
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router
from pydantic import AwareDatetime, ConfigDict, Field, WithJsonSchema, with_config
from typing_extensions import TypedDict

from binhan.casework.phones.actions.outbox import keep_receipts
from binhan.casework.phones.api.items import Batch
from binhan.casework.phones.phone import Sender
from binhan.casework.phones.queries.devices import device_for
from binhan.casework.phones.rules import batch as rules
from binhan.casework.phones.rules.codes import ITEMS_MAX
from binhan.commons.access.api import Body, require, rights
from binhan.commons.access.rules import TEAM
from binhan.commons.journal.actions import gathered
from binhan.kernel.errors import Problem

router = Router(tags=["field"])
ITEM = {"type": "object", "required": ["n", "kind", "id", "at", "body"], "properties": {
    "n": {"type": "integer", "minimum": 1}, "kind": {"type": "string"},
    "id": {"type": "string", "format": "uuid"}, "at": {"type": "string", "format": "date-time"},
    "body": {"type": "object"}}}


class OutboxIn(Body):
    """Up to 100 items, numbered by the phone without a gap from `first` on. `sent_at`: the phone's own clock at sending, by
    which its times are set right. `schema`: that of the bodies."""

    device: UUID
    schema_: int = Field(ge=1, le=1_000_000, alias="schema")
    sent_at: AwareDatetime
    first: int
    count: int
    items: Annotated[list[Any], WithJsonSchema({"type": "array", "items": ITEM, "minItems": 1, "maxItems": ITEMS_MAX})]


@with_config(ConfigDict(extra="allow"))
class ItemResult(TypedDict):
    """What one item was answered: stored, same, wait (send it again), conflict (with the card of both values), or refused
    and why. What a noun says besides – where to go, what the words sound like – stands beside it under its own name."""

    n: int
    id: str
    status: str
    state: NotRequired[str]
    code: NotRequired[str]
    detail: NotRequired[str]
    detail_en: NotRequired[str]
    fields: NotRequired[list[str]]
    conflict: NotRequired[dict[str, Any]]
    server: NotRequired[dict[str, Any]]


class OutboxAnswer(TypedDict):
    """`received_to`: the number of the last item that was answered. `results`: one for each item, in order; phones in the
    field know them by that name."""

    received_to: int
    results: list[ItemResult]
    server_time: datetime


@router.post("/field/outbox", response=OutboxAnswer)
def post_outbox(request: HttpRequest, body: OutboxIn) -> Any:
    """Apply the items strictly in order; each has its own answer, and one bad item never fails its neighbours. Numbers up
    to `received_to` are answered again and change nothing. With a gap before them, or not whole, nothing is written."""
    mine = rights(request)
    device = device_for(mine, body.device, held=True)
    require(request, device.ward_id, TEAM)
    if (ns := rules.numbers(body.items, body.first, body.count)) is None:
        raise Problem(422, "damaged", "Gói gửi lên thiếu hoặc sai thứ tự. Không ghi gì; máy sẽ gửi lại.",
                      "The batch is not whole or not in order. Nothing was written; send it again.")
    if body.first > device.received_to + 1:
        raise Problem(409, "gap", "Thiếu các mục trước đó. Máy sẽ gửi lại từ mục còn thiếu.",
                      "Earlier items are missing. Send from there.", expected=device.received_to + 1)
    with gathered() as journal:
        now = timezone.now()
        sender = Sender(mine, device, body.sent_at, rules.skew_of(body.sent_at, now))
        batch = Batch(sender, body.schema_, now, journal)
        results = batch.apply(body.items)
        keep_receipts(device, batch.kept, max(device.received_to, ns[-1]))
    return {"received_to": device.received_to, "results": results, "server_time": now}
