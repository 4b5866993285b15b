"""Answering a phone's items: which are known already, and keeping the answers."""
from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model
from django.db.models.constants import OnConflict

from binhan.casework.phones.models import Device, Receipt

Kept = tuple[UUID, str, bytes, str, dict[str, Any]]  # item, kind, digest, status, answer


def keep_receipts(device: Device, kept: Sequence[Kept], received_to: int) -> None:
    """What each item was answered, and the number up to which all are (1 statement)."""
    latest = {row[0]: row for row in kept}
    items, kinds, digests, statuses, answers = zip(*latest.values(), strict=True) if latest else ((),) * 5
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT phones_answered(%s, %s, %s, %s::uuid[], %s::text[], %s::bytea[], %s::text[], %s::jsonb[])",
            [device.id, device.ward_id, received_to, list(items), list(kinds), list(digests), list(statuses),
             [json.dumps(answer, default=str) for answer in answers]])
        device.received_to, device.seen_at = received_to, cursor.fetchone()[0]


def insert_new(rows: Sequence[Model]) -> set[UUID]:
    """Insert rows under the ids that phones made for them; what is there already – somebody else was first – stays as it
    is. The ids that are new (1 statement)."""
    if not rows:
        return set()
    model = type(rows[0])
    manager: Any = model._default_manager  # bulk_create says of no row whether it was there already
    made = manager._insert(rows, model._meta.concrete_fields, returning_fields=[model._meta.pk],
                           using=connection.alias, on_conflict=OnConflict.IGNORE)
    return {row[0] for row in made if row}


def forget_item(item: UUID) -> None:
    """No answer to it is kept any more: its digest was made of the words, the door and the hour."""
    Receipt.objects.filter(item=item).delete()
