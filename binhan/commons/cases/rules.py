"""One step of a record along its lifecycle, as a value."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """`actor` (the journal's name) does `verb` as `by`, at that time, and was given `facts`."""

    verb: str
    by: StrEnum
    actor: str
    at: datetime
    facts: Mapping[str, Any] = field(default_factory=dict)
