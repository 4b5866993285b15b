"""The carrier of messages."""
from __future__ import annotations

import importlib
import threading

from binhan.commons.notify.tasks import run
from binhan.run.parts.beats import beater, stop_event
from binhan.run.parts.patience import wait_at_most


def main() -> None:
    """Carry until told to stop. What sends pushes is loaded beside the first looks: no alarm need wait for it."""
    wait_at_most(1)
    stop = stop_event()
    threading.Thread(target=importlib.import_module, args=("pywebpush",), daemon=True).start()
    run(stop, beater("notify"))
