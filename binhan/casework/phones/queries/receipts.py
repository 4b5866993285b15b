"""What a phone's items were answered before."""
from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from binhan.casework.phones.models import Device, Receipt

FINAL = ("stored", "same", "conflict")  # sent again, such an item changes nothing


def receipts_of(device: Device, items: Collection[UUID]) -> dict[UUID, Receipt]:
    """Answers given to this phone, or to another of the same member that brought the same item (1 query)."""
    rows = Receipt.objects.raw(
        "SELECT r.* FROM casework_receipt r JOIN casework_device d ON d.id = r.device_id WHERE r.item = ANY(%s)"
        " AND d.account_id = %s AND r.ward_id = %s ORDER BY r.at", [list(items), device.account_id, device.ward_id])
    found: dict[UUID, Receipt] = {}
    for row in rows:
        known = found.get(row.item)
        if known is None or known.status not in FINAL or row.status in FINAL:
            found[row.item] = row
    return found
