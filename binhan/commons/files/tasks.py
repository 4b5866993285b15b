"""What the sweepers do for files: those that nobody attached, that are past their time or whose subject is gone."""
from __future__ import annotations

import time
from collections.abc import Callable
from uuid import UUID

from binhan.commons.files.actions import sweep_files, sweep_orphans
from binhan.commons.files.queries import wards_with_files
from binhan.commons.journal.actions import gathered

LOOK_EVERY_S = 600.0
MOST = 200


class Files:
    """A round over all wards at the start and every ten minutes, one ward a look: nobody's journal is held for another
    ward's sake. Counts by the steady clock, as every waiting of a worker."""

    def __init__(self, steady: Callable[[], float] = time.monotonic) -> None:
        self.steady = steady
        self.began = float("-inf")
        self.waiting: list[int] = []
        self.seen: dict[int, UUID | None] = {}  # how far each ward's files were looked through for lost subjects

    def wants(self) -> bool:
        """Whether it is time for a look."""
        return bool(self.waiting) or self.steady() - self.began >= LOOK_EVERY_S

    def __call__(self, _limit: int) -> int:
        """One look; 0, since the sweeper need not hurry for it."""
        now = self.steady()
        if not self.waiting and now - self.began >= LOOK_EVERY_S:
            self.began, self.waiting = now, wards_with_files()
        if self.waiting:
            ward = self.waiting[0]
            with gathered():
                self.seen[ward] = sweep_orphans(ward, self.seen.get(ward))
                gone = sweep_files(ward, MOST)
            if gone < MOST:
                self.waiting.pop(0)
        return 0
