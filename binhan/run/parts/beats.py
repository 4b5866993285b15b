"""Telling the system that a part is alive, and being told to end."""
from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection
from psycopg.errors import DiskFull

from binhan.run import signs

BEAT_EVERY_S = 2.0


def beater(name: str) -> Callable[[], None]:
    """A function that tells the system that part `name` is alive. A database that has no room for it is no reason to
    stop working."""
    folder = Path(settings.ENV.data_dir)

    def beat() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT live_beat(%s)", [name])
        except DatabaseError as error:
            if not isinstance(error.__cause__, DiskFull):
                raise
        with suppress(OSError):
            signs.leave(folder, name)
    return beat


def beat_forever(name: str, stop: threading.Event) -> None:
    """Beat at once and every two seconds from a thread of its own; a database that is away is no reason to end."""
    beat = beater(name)
    while not stop.is_set():
        try:
            beat()
        except DatabaseError:
            close_old_connections()
        stop.wait(BEAT_EVERY_S)


def stop_event() -> threading.Event:
    """An event that is set when this process is told to end."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
