"""Correcting what the register says of a door, one field at a time, by whoever stood in front of it."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from binhan.casework.households.models import Dwelling
from binhan.commons.journal.actions import append
from binhan.kernel.errors import Problem
from binhan.kernel.ids import new_id

DOOR_FIELDS = frozenset({"landmark", "kind", "access_note", "best_time", "occupants", "lat", "lon"})


def correct_dwelling(dwelling: Dwelling, actor: str, values: Mapping[str, Any]) -> None:
    """Set these columns of a locked door; the journal names the fields, not what they say."""
    if strange := set(values) - DOOR_FIELDS:
        raise Problem(422, "invalid", f"Không sửa được: {', '.join(sorted(strange))}.", "Unknown fields.",
                      fields=sorted(DOOR_FIELDS))
    for name, value in values.items():
        setattr(dwelling, name, value)
    dwelling.stamp = new_id()
    dwelling.save(update_fields=[*values, "stamp"])
    append(dwelling.ward_id, actor, "correct", "dwelling", dwelling.id, {"fields": sorted(values)})
