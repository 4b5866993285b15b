"""The database contract is applied again only when it is not the one that the database has."""
from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from pytest_django import DjangoDbBlocker

from binhan.site import database
from binhan.site.environment import Environment


@pytest.fixture(autouse=True)
def _migrated(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The run's database, outside of any test's transaction: the contract is applied in its own."""
    with django_db_blocker.unblock():
        yield


def test_a_command_beside_a_running_system_waits_for_nobodys_rows(env: Environment) -> None:
    with psycopg.connect(env.owner_dsn) as busy:
        busy.execute("LOCK TABLE places_ward, sos_incident, journal_head IN ACCESS EXCLUSIVE MODE")
        database.ensure_migrated(env)
        busy.rollback()


def test_another_version_of_the_contract_is_applied(env: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    with psycopg.connect(env.owner_dsn, autocommit=True) as connection:
        connection.execute("DROP POLICY ward_write ON places_area")
        database.ensure_migrated(env)
        assert policies(connection) == ["ward_read"], "the same version: left alone"
        monkeypatch.setattr(database, "contract_hash", lambda: "another version")
        database.ensure_migrated(env)
        assert policies(connection) == ["ward_read", "ward_write"]
        monkeypatch.undo()
        database.ensure_migrated(env)
        assert connection.execute("SELECT site_contract()").fetchone() == (database.contract_hash(),)


def policies(connection: psycopg.Connection[tuple[object, ...]]) -> list[object]:
    """The policies of places_area."""
    found = connection.execute("SELECT policyname FROM pg_policies WHERE tablename = 'places_area' ORDER BY 1").fetchall()
    return [name for (name,) in found]
