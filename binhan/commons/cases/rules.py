"""One step of a record along its lifecycle, and the wait that begins with it, as values."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class Step:
    """`actor` (the journal's name) does `verb` as `by`, at that time, and was given `facts`."""

    verb: str
    by: StrEnum
    actor: str
    at: datetime
    facts: Mapping[str, Any] = field(default_factory=dict)


class Wait(NamedTuple):
    """How a record waits after a step. `begin`: from when its clock counts, if not from the step on; when given, the clock
    starts anew even if the state stays. `priority`: which of the policy's lengths holds. `level`: how often it was
    chased."""

    begin: datetime | None = None
    priority: str = ""
    level: int = 0


FROM_THE_STEP = Wait()
