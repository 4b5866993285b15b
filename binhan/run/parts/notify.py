"""The carrier of messages."""
from __future__ import annotations

from binhan.commons.notify.tasks import run
from binhan.run.parts.beats import beater, stop_event


def main() -> None:
    """Carry until told to stop."""
    run(stop_event(), beater("notify"))
