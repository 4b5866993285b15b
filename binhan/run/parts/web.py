"""The office pages and the API: Django, its sign of life, and a collector that holds nobody up."""
from __future__ import annotations

import gc
import threading
from typing import Any

from granian.constants import Interfaces

from binhan.run.parts.beats import beat_forever
from binhan.run.parts.server import serve
from binhan.site.environment import load
from binhan.site.wsgi import application


def _make() -> Any:
    threading.Thread(target=beat_forever, args=("web", threading.Event()), daemon=True, name="heartbeat").start()
    # Django itself is a few hundred thousand objects that never die, and an answer with 500 units makes thousands that die
    # at once: looking through all of them again and again held answers up by a tenth of a second. Still collected, less
    # often, and never what was there before the fork.
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    return application


def main() -> None:
    """Serve until told to stop."""
    host, _, port = load().web_address.rpartition(":")
    serve(_make, Interfaces.WSGI, host, int(port), blocking_threads=4)
