"""Cursors: where a page of a list ends, opaque to who asks, so that the next page begins there and nowhere else."""
from __future__ import annotations

import base64
import json
from typing import Any
from uuid import UUID

from binhan.kernel.errors import Problem


def as_cursor(*parts: Any) -> str:
    """The cursor of a page that ends with these values; the last of them is the id of a row."""
    return base64.urlsafe_b64encode(json.dumps(parts, default=str).encode()).decode().rstrip("=")


def from_cursor(text: str, count: int) -> list[Any]:
    """The `count` values that as_cursor was given, as JSON has them; raises a 422 Problem for anything else."""
    try:
        parts = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if isinstance(parts, list) and len(parts) == count and UUID(str(parts[-1])):
            return parts
    except ValueError:
        pass
    raise bad_cursor()


def bad_cursor() -> Problem:
    """422: this cursor was not made here."""
    return Problem(422, "bad_cursor", "Trang này không còn đúng. Hãy xem lại từ đầu.", "Unknown cursor; start again.")
