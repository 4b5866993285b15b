"""The database contract: migrations, then functions, row-level security, lifecycle guards and grants.

All of it is applied again at every start, as the owner, so that code and database never drift apart.
"""
from __future__ import annotations

import hashlib
import pkgutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from django.apps import AppConfig, apps
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from psycopg.errors import LockNotAvailable

from binhan.commons.context import contexts, gathered_names, lifecycles
from binhan.site.environment import DatabaseIsNewer, Environment

TRIES, PAUSE_S = 8, 2.0  # for a lock that somebody else holds
LOCK = 0x62696E68616E  # advisory lock: one process at a time applies the contract
IN_SCOPE = "ward_id = ANY ((SELECT nullif(current_setting('binhan.wards', true), '')::int[])::int[])"


def migrate(env: Environment) -> None:
    """Bring the database to this version of the code. Safe to run at every start: migrations only where one is missing.
    DatabaseIsNewer when this code is older than the database: it would write into tables that it misreads."""
    _refuse_newer(env)
    if _unapplied():
        patiently(lambda: call_command("migrate", database="owner", interactive=False, verbosity=0))
    patiently(lambda: apply_contract_to(env))


def migrate_before(env: Environment) -> None:
    """Of the missing migrations those with which code of the version before can live (`safe = Safe.before_deploy()`): run
    while it still serves. Functions, policies and grants stay those of the version before, until `migrate`."""
    _refuse_newer(env)
    if _unapplied():
        patiently(lambda: call_command("safemigrate", database="owner", interactive=False, verbosity=0))


def apply_contract_to(env: Environment) -> None:
    """On a connection of its own, which does not wait long for a lock."""
    with psycopg.connect(env.owner_dsn, options=settings.MIGRATING) as connection:
        apply_contract(connection)


def patiently(work: Callable[[], object], pause: Callable[[float], None] = time.sleep) -> None:
    """Do it; when a lock does not come in time, let those pass who wait behind us, and try again. Each try is whole or
    nothing."""
    for tries_left in range(TRIES - 1, -1, -1):
        try:
            work()
            return
        except (OperationalError, psycopg.OperationalError) as error:
            cause = error if isinstance(error, psycopg.Error) else error.__cause__
            if not isinstance(cause, LockNotAvailable) or not tries_left:
                raise
            pause(PAUSE_S)
        finally:
            connections["owner"].close()


def ensure_migrated(env: Environment) -> None:
    """As migrate, but leaves a database of this very version alone: for commands beside a running system, which must
    not wait for the locks of every table, nor make it wait."""
    if not is_of_this_version(env):
        migrate(env)


def is_of_this_version(env: Environment) -> bool:
    """Whether nothing is missing: neither a migration nor a function."""
    return _functions_are_ours(env) and not _unapplied()


def _functions_are_ours(env: Environment) -> bool:
    """Whether the database's functions, policies and grants are those of this version."""
    with psycopg.connect(env.owner_dsn) as connection:
        if connection.execute("SELECT to_regproc('site_contract')").fetchone() == (None,):
            return False
        return connection.execute("SELECT site_contract()").fetchone() == (contract_hash(),)


def _unapplied() -> bool:
    """Whether a migration is missing. Their names are looked at first: loading all of them takes a third of a second."""
    applied = set(MigrationRecorder(connections["owner"]).applied_migrations())
    if _migration_names() <= applied:
        connections["owner"].close()
        return False
    executor = MigrationExecutor(connections["owner"])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    connections["owner"].close()
    return bool(plan)


def _refuse_newer(env: Environment) -> None:
    """Raise where a migration has been applied that this code does not have, nor replaces. Those that are made before a new
    version serves (`migrate_before`) leave the functions as they were: with them this code can live."""
    apps_here = {config.label for config in apps.get_app_configs()}
    applied = set(MigrationRecorder(connections["owner"]).applied_migrations())
    unknown = {key for key in applied - _migration_names() if key[0] in apps_here}
    if unknown:
        loader = MigrationExecutor(connections["owner"]).loader
        unknown -= {key for migration in loader.disk_migrations.values() for key in migration.replaces}
    connections["owner"].close()
    if unknown and not _functions_are_ours(env):
        names = ", ".join(f"{app}.{name}" for app, name in sorted(unknown)[:5])
        raise DatabaseIsNewer(f"Dữ liệu đã được bản mới hơn của Bình An dùng ({names}). Hãy chạy bản mới đó, hoặc phục hồi"
                              " bản sao lưu của bản này. / A newer version has used this data; run that one, or restore a"
                              " backup of this version.")


def _migration_names() -> set[tuple[str, str]]:
    """(app, name) of every migration that is there."""
    return {(config.label, module.name) for config in apps.get_app_configs()
            for module in pkgutil.iter_modules([str(Path(config.path) / "migrations")])}


def apply_contract(connection: psycopg.Connection[Any]) -> None:
    """Functions, policies, guards and grants, in one transaction."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    connection.execute("SET LOCAL check_function_bodies = off")  # functions may name each other in any order
    connection.execute("CREATE OR REPLACE FUNCTION site_contract() RETURNS text LANGUAGE sql IMMUTABLE AS "
                       f"$$ SELECT '{contract_hash()}' $$".encode())
    for statement in contract_sql():
        connection.execute(statement.encode())


def contract_sql() -> list[str]:
    """All of the contract, in order."""
    return [desk_events_sql(), *(path.read_text(encoding="utf-8") for path in sql_files()), *map(rls_sql, ward_tables()),
            *(lifecycle.guard_sql() for lifecycle in lifecycles()), *grants_sql()]


def desk_events_sql() -> str:
    """What a duty desk hears of, as the hot path asks it: whatever else a ward's journal holds – households, visits,
    petitions – passes the desk by. The wall between SOS and casework has two sides."""
    kinds = ", ".join(f"'{kind}'" for kind in gathered_names(lambda c: c.desk_events))
    return ("CREATE OR REPLACE FUNCTION live_desk_events() RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS"
            f" $$ SELECT ARRAY[{kinds}] $$")


def contract_hash() -> str:
    """Names this version of the contract; the database keeps the one that it was given."""
    return hashlib.sha256("\0".join(contract_sql()).encode()).hexdigest()


def sql_files() -> list[Path]:
    """Every sql/*.sql of the contexts, in their order, then by name; the site's own last."""
    found: list[Path] = []
    for config in our_apps():
        found += sorted((Path(config.path) / "sql").glob("*.sql"))
    return found


def our_apps() -> list[AppConfig]:
    """The contexts and the site, without what the framework and others bring."""
    ours = {*(context.app for context in contexts()), "binhan.site"}
    return [config for config in apps.get_app_configs() if config.name in ours]


def ward_tables() -> list[str]:
    """The tables of all models with a ward_id: each gets row-level security."""
    return sorted({m._meta.db_table for config in our_apps() for m in config.get_models()
                   if any(f.column == "ward_id" for f in m._meta.concrete_fields)})


def for_all_wards() -> list[str]:
    """Tables with dated defaults: their rows of ward 0 hold for every ward and may be read by everybody."""
    return gathered_names(lambda c: c.defaults_for_all)


def append_only() -> list[str]:
    """Tables that no role but their owner writes, and that one only through its functions."""
    return gathered_names(lambda c: c.append_only)


def rls_sql(table: str) -> str:
    """Row-level security of one table: rows of the wards in scope, and nothing else."""
    readable = f"({IN_SCOPE}) OR ward_id = 0" if table in for_all_wards() else IN_SCOPE
    return f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS ward_read ON {table};
DROP POLICY IF EXISTS ward_write ON {table};
CREATE POLICY ward_read ON {table} FOR SELECT USING ({readable});
CREATE POLICY ward_write ON {table} FOR ALL USING ({IN_SCOPE}) WITH CHECK ({IN_SCOPE});
"""


def grants_sql() -> list[str]:
    """What each role may do. The hot path's role has no table at all; what it calls serves every ward and goes past
    row-level security, so that is not for Django's role."""
    hot_only = ", ".join(f"'{name}'" for name in gathered_names(lambda c: c.hot_only))
    return [
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        "GRANT USAGE ON SCHEMA public TO binhan_app, binhan_live",
        "REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC, binhan_live",
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM binhan_live",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO binhan_app",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO binhan_app",
        "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO binhan_app",
        *(f"REVOKE INSERT, UPDATE, DELETE ON {table} FROM binhan_app" for table in append_only()),
        # A policy binds a table, not its partitions: those are reached through it, or not at all.
        """DO $$ DECLARE t regclass; BEGIN
             FOR t IN SELECT c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                      WHERE n.nspname = 'public' AND c.relispartition AND c.relkind IN ('r', 'p') LOOP
               EXECUTE format('REVOKE ALL ON %s FROM binhan_app', t);
             END LOOP; END $$""",
        """DO $$ DECLARE f regprocedure; BEGIN
             FOR f IN SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                      WHERE n.nspname = 'public' AND p.proname LIKE 'live\\_%' LOOP
               EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO binhan_live', f);
             END LOOP; END $$""",
        f"""DO $$ DECLARE f regprocedure; BEGIN
             FOR f IN SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                      WHERE n.nspname = 'public' AND p.proname IN ({hot_only}) LOOP
               EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM binhan_app', f);
             END LOOP; END $$""",
    ]
