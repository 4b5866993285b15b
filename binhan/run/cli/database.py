"""The database that a command works on."""
from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
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
