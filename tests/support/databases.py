"""A database of a test's own, for what has to be committed: a copy of the migrated one, made in a moment and dropped."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connections
from psycopg import sql

from binhan.kernel.ids import new_id
from binhan.site.environment import Environment


@contextmanager
def copied(server: Environment) -> Iterator[str]:
    """Django works on a copy of its database meanwhile; the name of the copy."""
    name = f"copy_{new_id().hex}"
    aliases = {alias: connections.settings[alias] for alias in connections}
    with psycopg.connect(server.dsn("postgres", "postgres"), autocommit=True) as admin:
        connections.close_all()
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE binhan OWNER binhan_owner").format(sql.Identifier(name)))
        try:
            for alias in aliases:
                connections[alias].settings_dict["NAME"] = name
            yield name
        finally:
            connections.close_all()
            for alias in aliases:
                connections[alias].settings_dict["NAME"] = "binhan"
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
