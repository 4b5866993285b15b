"""The database contract is applied again only when it is not the one that the database has."""
from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

import psycopg
import pytest
from django.conf import settings
from django_safemigrate import Safe
from psycopg.errors import LockNotAvailable
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


def test_a_lock_that_does_not_come_is_given_up_and_asked_for_again(env: Environment, monkeypatch: pytest.MonkeyPatch
                                                                   ) -> None:
    """Whoever waits behind a waiting migration – every press – goes on meanwhile."""
    monkeypatch.setattr(settings, "MIGRATING", "-c lock_timeout=50ms")
    waited: list[float] = []
    with psycopg.connect(env.owner_dsn) as busy:
        busy.execute("LOCK TABLE places_ward IN ACCESS EXCLUSIVE MODE")

        def pause(seconds: float) -> None:
            waited.append(seconds)
            if len(waited) == 3:
                busy.rollback()
        database.patiently(lambda: database.apply_contract_to(env), pause)
    assert waited == [database.PAUSE_S] * 3


def test_a_lock_that_never_comes_is_said(env: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MIGRATING", "-c lock_timeout=20ms")
    with psycopg.connect(env.owner_dsn) as busy:
        busy.execute("LOCK TABLE places_ward IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(LockNotAvailable):
            database.patiently(lambda: database.apply_contract_to(env), lambda _: None)
        busy.rollback()


def test_before_the_new_code_only_what_the_old_can_live_with(env: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    """A migration that changes no table stands for one that the version before could not live with."""
    late = import_module("binhan.casework.field.migrations.0003_phones_leave").Migration
    monkeypatch.setattr(late, "safe", Safe.after_deploy())

    def applied() -> bool:
        with psycopg.connect(env.owner_dsn) as connection:
            row = connection.execute("SELECT count(*) FROM django_migrations WHERE app = 'field' AND name ="
                                     " '0003_phones_leave'").fetchone()
            return row == (1,)
    with psycopg.connect(env.owner_dsn, autocommit=True) as connection:
        connection.execute("DELETE FROM django_migrations WHERE app = 'field' AND name = '0003_phones_leave'")
    database.migrate_before(env)
    assert not applied()
    database.migrate(env)
    assert applied()


def policies(connection: psycopg.Connection[tuple[object, ...]]) -> list[object]:
    """The policies of places_area."""
    found = connection.execute("SELECT policyname FROM pg_policies WHERE tablename = 'places_area' ORDER BY 1").fetchall()
    return [name for (name,) in found]
