"""What the sweepers do for incidents besides climbing: notice that the last desk has gone while a press waits."""
from __future__ import annotations

import time
from collections.abc import Callable, Collection

from binhan.sos.incidents.actions import hurry_first_rungs, unwatched_wards

LOOK_EVERY_S = 0.5
GRACE_S = 2.5  # a desk that reloads its page, or a database just back (presence is unlogged), is not a desk that left


class Unwatched:
    """A sweep that makes first rungs due at once in wards that nobody has on screen. Counts by the steady clock: setting
    the machine's clock makes every desk look absent for a moment."""

    def __init__(self, steady: Callable[[], float] = time.monotonic) -> None:
        self.steady = steady
        self.again_at = float("-inf")
        self.since: dict[int, float] = {}
        self.gone: list[int] = []

    def wants(self, due: Collection[str] = ()) -> bool:
        """One look at all wards, if it is time; true when one of them has had no desk for too long. The look is one plain
        query: no transaction is begun for the answer that it nearly always gives."""
        now = self.steady()
        if now < self.again_at:
            return False
        self.again_at = now + LOOK_EVERY_S
        self.since = {ward: self.since.get(ward, now) for ward in unwatched_wards()}
        self.gone = [ward for ward, since in self.since.items() if now - since >= GRACE_S]
        return bool(self.gone)

    def __call__(self, limit: int = 0) -> int:
        """Hurry there; 0, since the sweeper need not hurry for it."""
        hurry_first_rungs(self.gone)
        return 0
