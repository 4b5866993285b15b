"""What the sweepers do for incidents besides climbing: notice that the last desk has gone while a press waits."""
from __future__ import annotations

import time
from collections.abc import Callable

from binhan.sos.incidents.actions import hurry_first_rungs, unwatched_wards

LOOK_EVERY_S = 0.5
GRACE_S = 2.5  # a desk that reloads its page, or a database just back (presence is unlogged), is not a desk that left


class Unwatched:
    """Makes first rungs due at once in wards that nobody has on screen. Counts by the steady clock: setting the
    machine's clock makes every desk look absent for a moment."""

    def __init__(self, steady: Callable[[], float] = time.monotonic) -> None:
        self.steady = steady
        self.since: dict[int, float] = {}

    def look(self) -> None:
        """One look at all wards."""
        now = self.steady()
        self.since = {ward: self.since.get(ward, now) for ward in unwatched_wards()}
        if gone := [ward for ward, since in self.since.items() if now - since >= GRACE_S]:
            hurry_first_rungs(gone)
