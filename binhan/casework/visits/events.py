"""What happens here that means something above: visits were recorded."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from binhan.kernel.events import Event

if TYPE_CHECKING:
    from binhan.casework.visits.models import Visit
    from binhan.commons.journal.actions import JournalRow

# (ward, actor, the visits just stored) → journal rows of what follows, in the visits' own transaction.
VISITED: Event[Callable[[int, str, Sequence[Visit]], list[JournalRow]]] = Event("visits were recorded")
