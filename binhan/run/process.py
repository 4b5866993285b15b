"""A command's or part's process: the database it works on, and telling the system that the process is alive."""
from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import IO

from binhan.run import lock, postgres
from binhan.site.environment import Environment


@contextmanager
def database(env: Environment) -> Iterator[None]:
    """The database, running: the server of `binhan up` where one runs, otherwise one of our own for a while."""
    if not env.embedded:
        postgres.ensure_roles(env)
        yield
        return
    held = _lock_or_server(env)
    if held is None:
        yield
        return
    with held:
        if postgres.answers(env):  # nobody's `up`, but a server: the tests' own
            yield
        else:
            yield from _for_a_while(env)


def _lock_or_server(env: Environment) -> IO[str] | None:
    """The directory's lock; or None when `up` holds it and its database answers, which it may just be starting."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return lock.take(env.data_dir, lock.COMMAND, 600)
        except lock.Held as other:
            if other.holder != lock.UP:
                raise
            if postgres.answers(env):
                return None
            if time.monotonic() > deadline:
                raise postgres.DatabaseAway("Cơ sở dữ liệu của Bình An đang chạy không trả lời. / The running system's"
                                            " database does not answer.") from None
            time.sleep(0.1)


def _for_a_while(env: Environment) -> Iterator[None]:
    postgres.prepare(env)
    child = postgres.start(env)
    try:
        postgres.ensure_roles(env)
        yield
    finally:
        from django.apps import apps  # noqa: PLC0415 - only after the environment names the data directory
        if apps.ready:  # some commands never need Django
            from django.db import connections  # noqa: PLC0415 - as above
            connections.close_all()
        postgres.stop_pid(child.pid)
        child.wait()


def beater(name: str) -> Callable[[], None]:
    """A function that tells the database that process `name` is alive."""
    def beat() -> None:
        from django.db import connection  # noqa: PLC0415 - as above
        with connection.cursor() as cursor:
            cursor.execute("SELECT live_beat(%s)", [name])
    return beat


def beat_forever(name: str, stop: threading.Event) -> None:
    """Beat every two seconds from a thread of its own; a database that is away is no reason to end."""
    from django.db import DatabaseError, close_old_connections  # noqa: PLC0415 - as above
    beat = beater(name)
    while not stop.wait(2.0):
        with suppress(DatabaseError):
            beat()
            continue
        close_old_connections()
