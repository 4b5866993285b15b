"""Time put forward inside PostgreSQL: a story about fifteen minutes takes a moment.

The clock of the machine cannot be set for one test; but what a database knows of time is only how far away its moments are.
So all of them are moved back at once – what waits is due sooner, what has happened was longer ago – and nothing that runs
on them can tell this from time that went by. Only the journal stays as it is (its rows are a chain, never rewritten), and
so do tracks (kept in a table per day) and what processes remember by themselves.
"""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
from psycopg import sql

from binhan.site.environment import load
from tests.support.stack import Stack
from tests.support.waiting import wait_until

COLUMNS = """
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND NOT c.relispartition
  AND a.atttypid = 'timestamptz'::regtype AND c.relname NOT LIKE 'journal%' AND c.relname <> 'django_migrations'
GROUP BY c.relname ORDER BY c.relname"""


# What stands still is due in the year 9999.
MOVED = sql.SQL("{0} = CASE WHEN {0} < '9000-01-01' THEN {0} - %(step)s ELSE {0} END")


def forward(superuser: psycopg.Connection[Any], step: timedelta) -> None:
    """As if `step` had gone by for everything in this database."""
    with superuser.transaction():
        superuser.execute("SET LOCAL session_replication_role = replica")  # nothing moves from state to state by this
        for table, columns in superuser.execute(COLUMNS).fetchall():
            moved = sql.SQL(", ").join(MOVED.format(sql.Identifier(column)) for column in columns)
            superuser.execute(sql.SQL("UPDATE {} SET {}").format(sql.Identifier(table), moved), {"step": step})


@contextmanager
def superuser_of(stack: Stack) -> Iterator[psycopg.Connection[Any]]:
    """A connection to a running system's database that nothing is refused."""
    env = load({"BINHAN_DATA_DIR": str(stack.folder), "BINHAN_PORT": str(stack.port)})
    with psycopg.connect(env.dsn("postgres", "binhan"), autocommit=True) as connection:
        yield connection


def pass_time(stack: Stack, **step: float) -> None:
    """As if so much time (`seconds=15`) had gone by in a running system. Its own work meanwhile may stand in the way for
    a moment."""
    def done() -> bool:
        try:
            with superuser_of(stack) as connection:
                forward(connection, timedelta(**step))
        except (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure):
            return False
        return True
    wait_until(done, "the system never lets go of its rows")
