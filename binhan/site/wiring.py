"""What happens when: which action each clock's verb calls."""
from __future__ import annotations

from collections.abc import Callable

from binhan.casework.appointments import actions as appointments
from binhan.casework.appointments.actions import moves
from binhan.casework.appointments.tasks import Digest
from binhan.casework.field.actions.conflicts import chase_conflict
from binhan.casework.field.actions.devices import chase_device
from binhan.casework.field.actions.outbox import forget_item
from binhan.casework.households.actions.uploads import forget_upload
from binhan.casework.listening import actions as issues
from binhan.casework.visits.actions import visits
from binhan.casework.visits.actions.rounds import follow, remind
from binhan.commons.clocks.actions import ClockAction
from binhan.commons.files.tasks import Files
from binhan.sos.assignments.actions import chase, pass_on
from binhan.sos.incidents.actions import escalate_due
from binhan.sos.incidents.tasks import Unwatched
from binhan.sos.patrols.tasks import Tracks

# The SOS ladder climbs whole sets at once: a thousand rungs due together take a fraction of a second.
CLOCK_BATCHES: dict[str, Callable[[int], int]] = {"incident": escalate_due, "unwatched": Unwatched(),
                                                     "tracks": Tracks(), "files": Files(), "promises": Digest()}
CLOCK_ACTIONS: dict[tuple[str, str], ClockAction] = {
    ("assignment", "pass_on"): pass_on,
    ("assignment", "chase"): chase,
    ("round", "remind"): remind,
    ("round", "follow"): follow,
    ("issue", "chase"): issues.chase,
    ("upload", "forget"): forget_upload,
    ("device", "miss"): chase_device,
    ("device", "chase"): chase_device,
    ("conflict", "chase"): chase_conflict,
    ("appointment", "miss"): appointments.miss,
    ("appointment", "chase"): appointments.chase,
    ("appointment", "expire"): appointments.expire,
    ("appointment", "forget"): appointments.forget,
}


def connect() -> None:
    """What follows elsewhere from what is stored here, in the same transaction; called once in every process."""
    visits.AFTER[:] = [appointments.after_visits]
    issues.ROUTED_AWAY[:] = [forget_item]
    moves.FORGETTING[:] = [forget_item]
