"""Whether a connection to the database is still there, without asking the database: it has a question to answer for every
request as it is."""
from __future__ import annotations

import select
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db.backends.signals import connection_created


def look_before_asking() -> None:
    """From now on a kept connection is asked (SELECT 1) only when something has come in on it since its last answer: a
    server that ends it says so, or closes it, and so does the kernel once the keepalives stay unanswered. From a
    connection on which nothing came, an answer to the question would tell no more."""
    connection_created.connect(_made, weak=False)


def _made(connection: Any, **_: Any) -> None:
    connection.is_usable = partial(is_silent_or, connection, partial(type(connection).is_usable, connection))


def is_silent_or(connection: Any, asks: Callable[[], bool]) -> bool:
    """True if nothing has come in on the connection; else what asking says."""
    try:
        watched = select.poll()
        watched.register(connection.connection.fileno(), select.POLLIN | select.POLLPRI)
        return not watched.poll(0) or asks()
    except Exception:  # noqa: BLE001 - closed already, in whatever way: the question finds out
        return asks()
