"""A kept connection is not asked whether it is there, unless something has come in on it."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.backends.signals import connection_created

from binhan.run.parts import closed
from tests.support.waiting import wait_until

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept() -> Iterator[Any]:
    """A connection of its own, as the office keeps one from request to request."""
    own = connection.copy()
    closed.look_before_asking()
    try:
        own.ensure_connection()
        yield own
    finally:
        connection_created.disconnect(closed._made)
        own.close()


def test_a_silent_connection_is_not_asked(kept: Any) -> None:
    asked: list[bool] = []
    assert closed.is_silent_or(kept, lambda: bool(asked.append(True))) and not asked
    kept.health_check_enabled, kept.health_check_done = True, False
    kept.close_if_health_check_failed()
    assert kept.connection is not None and kept.is_usable()


def test_one_that_the_server_has_ended_is_found_out_and_made_anew(kept: Any) -> None:
    with kept.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        first = cursor.fetchone()[0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [first])
    wait_until(lambda: not kept.is_usable(), "that it was ended")
    kept.health_check_enabled, kept.health_check_done = True, False
    with kept.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone()[0] != first
