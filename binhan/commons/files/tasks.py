"""What the sweepers do for files: those that nobody attached, that are past their time or whose subject is gone."""
from __future__ import annotations

from uuid import UUID

from binhan.commons.files.actions import sweep_files, sweep_orphans
from binhan.commons.files.queries import wards_with_files
from binhan.commons.journal.actions import gathered

LOOK_EVERY_S = 600.0
MOST = 200


class Housekeeping:
    """A round over all wards, one ward a look: nobody's journal is held for another ward's sake."""

    def __init__(self) -> None:
        self.waiting: list[int] = []
        self.seen: dict[int, UUID | None] = {}  # how far each ward's files were looked through for lost subjects

    def look(self) -> float | None:
        """One ward; the next at once, until all were looked at."""
        self.waiting = self.waiting or wards_with_files()
        if self.waiting:
            ward = self.waiting[0]
            with gathered():
                self.seen[ward] = sweep_orphans(ward, self.seen.get(ward))
                gone = sweep_files(ward, MOST)
            if gone < MOST:
                self.waiting.pop(0)
        return 0.0 if self.waiting else None
