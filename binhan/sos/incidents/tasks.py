"""What the sweepers do for incidents: climb the ladder, and notice that the last desk has gone while a press waits."""
from __future__ import annotations

import time
from collections.abc import Callable, Collection

from django.db import OperationalError

from binhan.commons.journal.actions import is_held
from binhan.sos.incidents.actions import escalate_due, held_wards, hurry_first_rungs, unwatched_wards

LOOK_EVERY_S = 0.5
GRACE_S = 2.5  # a desk that reloads its page, or a database just back (presence is unlogged), is not a desk that left

LEFT_OUT_S = 1.0  # a ward whose journal somebody holds: then it is tried again


class Ladder:
    """A sweep that climbs whole sets of rungs. A ward whose journal is held by somebody who stands still is left out for a
    moment, so that it holds up no other's ladder."""

    def __init__(self, steady: Callable[[], float] = time.monotonic) -> None:
        self.steady = steady
        self.held: dict[int, float] = {}  # ward → until when it is left out

    def __call__(self, limit: int) -> int:
        """Climb; returns how many, or `limit` when it is worth while to look again at once."""
        now = self.steady()
        self.held = {ward: until for ward, until in self.held.items() if until > now}
        try:
            return escalate_due(limit, list(self.held))
        except OperationalError as error:
            if not is_held(error):
                raise
        found = [ward for ward in held_wards() if ward not in self.held]
        self.held |= dict.fromkeys(found, now + LEFT_OUT_S)
        return limit if found else 0


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
