"""No row of another ward is readable or writable through any model, and the hot path's role has no table at all."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import connection, models, transaction

from binhan.commons.access.scope import ward_scope
from binhan.site.database import append_only, for_all_wards, ward_tables
from binhan.site.environment import Environment
from tests.support.samples import sample

MINE, THEIRS = 25888, 25891
MODELS = [m for m in apps.get_models() if m.__module__.startswith("binhan.") and m._meta.db_table in ward_tables()]


@pytest.fixture(scope="module")
def theirs(server: Environment, django_db_setup: None) -> Iterator[None]:
    """One row of the other ward in every table, put there past every trigger and constraint, and taken away again."""
    before = {}
    with psycopg.connect(server.dsn("postgres", "binhan"), autocommit=True) as admin:
        admin.execute("SET session_replication_role = replica")
        for table in ward_tables():
            before[table] = (admin.execute(f"SELECT count(*) FROM {table} WHERE ward_id = {THEIRS}").fetchone() or (0,))[0]
            if not before[table]:
                admin.execute(*sample(table, THEIRS))
        yield
        for table, count in before.items():
            if not count:
                admin.execute(f"DELETE FROM {table} WHERE ward_id = {THEIRS}")


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.db_table)
def test_another_wards_rows_are_invisible(model: type[models.Model], theirs: None) -> None:
    with ward_scope([THEIRS], "test"):
        assert model._default_manager.filter(ward_id=THEIRS).exists(), "the test must have something to hide"
    with ward_scope([MINE], "test"):
        assert not model._default_manager.filter(ward_id=THEIRS).exists()
        outside = model._default_manager.exclude(ward_id=MINE)
        assert not (outside.exclude(ward_id=0) if model._meta.db_table in for_all_wards() else outside).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.db_table)
def test_without_a_scope_nothing_is_visible(model: type[models.Model], theirs: None) -> None:
    rows = model._default_manager.all()
    assert not (rows.exclude(ward_id=0) if model._meta.db_table in for_all_wards() else rows).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("table", [t for t in ward_tables() if t not in append_only()])
def test_another_wards_rows_cannot_be_changed(table: str, theirs: None) -> None:
    with ward_scope([MINE], "test"), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET ward_id = ward_id WHERE ward_id = {THEIRS}")
        assert cursor.rowcount == 0
        with pytest.raises(Exception, match="row-level security|no partition"), transaction.atomic():
            cursor.execute(f"UPDATE {table} SET ward_id = {THEIRS} WHERE ward_id = {MINE}")
            if cursor.rowcount == 0:
                raise AssertionError("row-level security (no row of ours to try)")


@pytest.mark.django_db
@pytest.mark.parametrize("table", append_only())
def test_nobody_writes_the_journal_by_hand(table: str) -> None:
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET seq = 1", f"TRUNCATE {table}"):
        with pytest.raises(Exception, match="permission denied|append-only"), transaction.atomic(), \
                connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_journal_refuses_even_its_owner(server: Environment, theirs: None) -> None:
    for statement in ("DELETE FROM journal_entry", "UPDATE journal_entry SET verb = 'x'", "TRUNCATE journal_entry"):
        with psycopg.connect(server.owner_dsn) as owner, pytest.raises(psycopg.Error, match="append-only"):
            owner.execute(statement.encode())


def test_the_hot_path_has_functions_and_no_table(server: Environment, theirs: None) -> None:
    with psycopg.connect(server.live_dsn, autocommit=True) as live:
        for table in ward_tables():
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                live.execute(f"SELECT 1 FROM {table} LIMIT 1".encode())
        for call in ("SELECT journal_append(25888, 'x', 'x', 'x', NULL, '{}')", "SELECT sos_escalate_due(1, '{}')"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                live.execute(call.encode())
        assert _value(live.execute("SELECT live_head(25888)")) is not None


def _value(cursor: Any) -> Any:
    row = cursor.fetchone()
    return row[0] if row else None


def test_no_way_round_through_a_partition_or_a_function_of_the_hot_path(server: Environment, theirs: None) -> None:
    with psycopg.connect(server.app_dsn, autocommit=True) as app:
        app.execute("SELECT set_config('binhan.wards', '{25888}', false)")
        open_tables = app.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'ward_id'"
            " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relpersistence = 'p'"
            " AND NOT c.relrowsecurity AND has_table_privilege(c.oid, 'SELECT')").fetchall()
        assert open_tables == []
        for call in ("SELECT live_journal(25891, 0, 10)", "SELECT live_units(25891)", "SELECT live_head(25891)",
                     "SELECT live_facts('[]')", "SELECT live_rendered(25891, 'x', '{}')",
                     "SELECT live_status(gen_random_uuid())", "SELECT live_positions('[]')",
                     "SELECT sos_posts(ARRAY[25891], now())", "SELECT sos_audience(25891, ARRAY['second_seat'], now())",
                     "SELECT sos_hurry(ARRAY[25891])", "SELECT sos_rehome(gen_random_uuid(), 1, 2)",
                     "SELECT patrol_drop_partitions(0)",
                     "SELECT journal_append(25891, 'x', 'x', 'x', NULL, '{}')",
                     """SELECT live_open('[{"ward_id": 25891}]')"""):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(call.encode())
