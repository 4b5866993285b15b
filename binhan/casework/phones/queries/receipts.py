"""What a phone's items were answered before."""
from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from binhan.casework.phones.models import Device, Receipt

FINAL = ("stored", "same", "conflict")  # sent again, such an item changes nothing


def receipts_of(device: Device, items: Collection[UUID]) -> dict[UUID, Receipt]:
    """Answers given to this phone, or to another of the same member that brought the same item (1 query)."""
    rows = Receipt.objects.filter(item__in=items, device__account=device.account_id, ward_id=device.ward_id)
    found: dict[UUID, Receipt] = {}
    for row in rows.order_by("at"):
        known = found.get(row.item)
        if known is None or known.status not in FINAL or row.status in FINAL:
            found[row.item] = row
    return found
