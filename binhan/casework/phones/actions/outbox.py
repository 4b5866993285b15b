"""Answering a phone's items: which are known already, and keeping the answers."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone

from binhan.casework.phones.models import Device, Receipt

Kept = tuple[UUID, str, bytes, str, dict[str, Any]]  # item, kind, digest, status, answer


def keep_receipts(device: Device, kept: Sequence[Kept], received_to: int) -> None:
    """What each item was answered, and the number up to which all are (2 statements)."""
    now = timezone.now()
    latest = {row[0]: row for row in kept}
    Receipt.objects.bulk_create(
        [Receipt(ward_id=device.ward_id, device=device, item=item, kind=kind, digest=digest, status=status, answer=answer,
                 at=now) for item, kind, digest, status, answer in latest.values()],
        update_conflicts=True, unique_fields=["device", "item"],
        update_fields=["kind", "digest", "status", "answer", "at"])
    device.received_to, device.seen_at = received_to, now
    device.save(update_fields=["received_to", "seen_at"])


def lock_device(device: Device) -> Device:
    """The phone's row, held until the answer is there: two uploads of one phone come one after the other."""
    return Device.objects.select_for_update(of=("self",)).select_related("account").get(id=device.id)


def forget_item(item: UUID) -> None:
    """No answer to it is kept any more: its digest was made of the words, the door and the hour."""
    Receipt.objects.filter(item=item).delete()
