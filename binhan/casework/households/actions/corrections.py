"""Correcting what the register says of doors, by whoever stood in front of them."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from binhan.casework.households.models import Dwelling
from binhan.commons.journal.actions import JournalRow, append_rows
from binhan.kernel.errors import Problem
from binhan.kernel.ids import new_id

DOOR_FIELDS = frozenset({"landmark", "kind", "access_note", "best_time", "occupants", "lat", "lon"})


def correct_dwellings(changes: Sequence[tuple[Dwelling, Mapping[str, Any]]], actor: str) -> None:
    """Set these columns of locked doors, all in one statement; the journal names the fields, not what they say.
    Raises a 422 Problem for any other column than DOOR_FIELDS."""
    fields = {name for _, values in changes for name in values}
    if strange := fields - DOOR_FIELDS:
        raise Problem(422, "invalid", f"Không sửa được: {', '.join(sorted(strange))}.", "Unknown fields.",
                      fields=sorted(DOOR_FIELDS))
    if not changes:
        return
    for dwelling, values in changes:
        for name, value in values.items():
            setattr(dwelling, name, value)
        dwelling.stamp = new_id()
    Dwelling.objects.bulk_update([d for d, _ in changes], [*sorted(fields), "stamp"])
    append_rows([JournalRow(d.ward_id, actor, "correct", "dwelling", d.id, {"fields": sorted(values)})
                 for d, values in changes])
