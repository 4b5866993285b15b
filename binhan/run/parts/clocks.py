"""A sweeper of due clocks; the first one also answers for steps of the machine's clock."""
from __future__ import annotations

from binhan.commons.clocks.tasks import StepWatch, run
from binhan.commons.context import clock_actions, sweeps
from binhan.run.parts.beats import beater, stop_event
from binhan.run.parts.patience import wait_at_most

SWEEPS, ACTIONS = sweeps(), clock_actions()  # loads every context: before the fork


def main(number: str) -> None:
    """Sweep until told to stop. What somebody holds is left for later: all other clocks wait behind it."""
    wait_at_most(1)
    run(stop_event(), beater(f"clocks-{number}"), SWEEPS, ACTIONS, StepWatch(leads=number == "1"))
