"""An older version on data that a newer one has used: refused by name, but not while that one is only being prepared."""
from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from pytest_django import DjangoDbBlocker

from binhan.site.database import contract_hash, migrate
from binhan.site.environment import DatabaseIsNewer, Environment

LATER = "9999_of_a_later_version"
CONTRACT = "CREATE OR REPLACE FUNCTION site_contract() RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ''{}''::text'"


@pytest.fixture
def used(server: Environment, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[psycopg.Connection]:
    """The database after a migration that this code does not know."""
    with django_db_blocker.unblock(), psycopg.connect(server.owner_dsn, autocommit=True) as owner:
        owner.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('places', %s, now())", [LATER])
        try:
            yield owner
        finally:
            owner.execute("DELETE FROM django_migrations WHERE name = %s", [LATER])
            owner.execute(CONTRACT.format(contract_hash()).encode())


def test_it_is_refused_and_named(server: Environment, used: psycopg.Connection) -> None:
    used.execute(CONTRACT.format("of a later version").encode())
    with pytest.raises(DatabaseIsNewer, match=f"places.{LATER}"):
        migrate(server)


def test_what_is_only_prepared_for_the_next_version_is_no_reason_to_stop(server: Environment,
                                                                         used: psycopg.Connection) -> None:
    used.execute(CONTRACT.format(contract_hash()).encode())
    migrate(server)
