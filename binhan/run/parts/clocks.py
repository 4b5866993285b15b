"""A sweeper of due clocks; the first one also answers for steps of the machine's clock."""
from __future__ import annotations

from binhan.commons.clocks.tasks import StepWatch, run
from binhan.commons.context import clock_actions, sweeps
from binhan.run.parts.beats import beater, stop_event

SWEEPS, ACTIONS = sweeps(), clock_actions()  # loads every context: before the fork


def main(number: str) -> None:
    """Sweep until told to stop."""
    run(stop_event(), beater(f"clocks-{number}"), SWEEPS, ACTIONS, StepWatch(leads=number == "1"))
