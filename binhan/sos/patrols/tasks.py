"""What the sweepers do for patrols: days for new tracks are made ahead, old tracks are deleted on schedule."""
from __future__ import annotations

import time
from collections.abc import Callable

from binhan.sos.patrols.actions import keep_tracks

LOOK_EVERY_S = 3600.0
AGAIN_S = 60.0


class Tracks:
    """At the start and once an hour. Counts by the steady clock, as every waiting of a worker."""

    def __init__(self, steady: Callable[[], float] = time.monotonic) -> None:
        self.steady = steady
        self.looked = float("-inf")

    def wants(self) -> bool:
        """Whether it is time for a look."""
        return self.steady() - self.looked >= LOOK_EVERY_S

    def __call__(self, _limit: int) -> int:
        """One look, now and then; 0, since nothing more is waiting afterwards."""
        if self.wants():
            now = self.steady()
            self.looked = now if keep_tracks() else now - LOOK_EVERY_S + AGAIN_S
        return 0
