"""What the sweepers do for promises besides ringing single clocks: one message about all that is late."""
from __future__ import annotations

import time
from collections.abc import Callable

from binhan.casework.appointments.actions.digest import tell_late

LOOK_EVERY_S = 60.0


class Digest:
    """Looks once a minute whether somebody is to be told."""

    def __init__(self, steady: Callable[[], float] = time.monotonic) -> None:
        self.steady = steady
        self.looked = float("-inf")

    def wants(self) -> bool:
        """Whether it is time for a look."""
        return self.steady() - self.looked >= LOOK_EVERY_S

    def __call__(self, _limit: int) -> int:
        """One look, now and then; 0, since nothing more is waiting afterwards."""
        if self.wants():
            self.looked = self.steady()
            tell_late()
        return 0
