"""Django, as the office or as the desk: the same pages and API, its sign of life, and a collector that holds nobody up.

The front door sends each the requests that are for it (binhan/run/lanes.py)."""
from __future__ import annotations

import gc
import os
import threading
from typing import Any

from granian.constants import Interfaces

from binhan.run.parts.beats import beat_forever
from binhan.run.parts.closed import look_before_asking
from binhan.run.parts.patience import wait_at_most
from binhan.run.parts.server import serve
from binhan.site.environment import load
from binhan.site.wsgi import application

LOCK_S = 5  # whoever holds a ward's journal and stands still is ended after three


def _answer(environ: dict[str, Any], start_response: Any) -> Any:
    """Django; and GET /healthz, which only the watchdog asks here: a thread is free to answer."""
    if environ["PATH_INFO"] == "/healthz":
        start_response("204 No Content", [])
        return [b""]
    return application(environ, start_response)


def _make(name: str) -> Any:
    threading.Thread(target=beat_forever, args=(name, threading.Event()), daemon=True, name="heartbeat").start()
    # Django itself is a few hundred thousand objects that never die, and an answer with 500 units makes thousands that die
    # at once: looking through all of them again and again held answers up by a tenth of a second. Still collected, less
    # often, and never what was there before the fork.
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    return _answer


def main(name: str) -> None:
    """Serve until told to stop; `name`: web or desk."""
    wait_at_most(LOCK_S)
    look_before_asking()
    if name != "desk":
        os.nice(5)  # where there are few cores, whoever is in danger goes first
    env = load()
    host, _, port = (env.desk_address if name == "desk" else env.web_address).rpartition(":")
    serve(lambda: _make(name), Interfaces.WSGI, host, int(port), blocking_threads=4)
