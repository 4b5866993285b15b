"""Tables that were filled at once are looked at after the commit, by a role that may not look itself; few rows, and tables
without wards, are left alone."""
from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from binhan.casework.households.models import Household, Person
from binhan.commons.statistics import MANY, refresh_statistics
from binhan.site.environment import Environment
from tests.support.databases import copied


@pytest.fixture(autouse=True)
def _own_database(server: Environment, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), copied(server):
        yield


def looked_at() -> set[str]:
    """The tables that were looked at on demand."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT relname FROM pg_stat_user_tables WHERE last_analyze IS NOT NULL")
        return {row[0] for row in cursor.fetchall()}


def test_what_was_filled_is_looked_at_after_the_commit_and_nothing_else() -> None:
    before = looked_at()
    with transaction.atomic():
        refresh_statistics((Person, MANY + 1), (Household, MANY))
        assert looked_at() == before
    assert looked_at() - before == {"casework_person"}


def test_what_is_taken_back_is_not_looked_at() -> None:
    before = looked_at()
    with transaction.atomic():
        refresh_statistics((Household, MANY + 1))
        transaction.set_rollback(True)
    assert looked_at() == before


def test_only_tables_of_wards_rows_can_be_asked_for() -> None:
    before = looked_at()
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_analyze(%s)", [["pg_class", "django_session", "no such table", "casework_dwelling"]])
    assert looked_at() - before == {"casework_dwelling"}
