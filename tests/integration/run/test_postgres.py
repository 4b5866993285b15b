"""The embedded server's own rules, and a server of the operator's own with roles that may be missing."""
from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from binhan.run import lock, postgres
from binhan.site.environment import Environment, load


@pytest.fixture
def foreign(server: Environment) -> Iterator[Environment]:
    """An owner without the right to make roles, with a database of its own, on the run's server."""
    with psycopg.connect(server.dsn("postgres", "postgres"), autocommit=True) as admin:
        admin.execute("CREATE ROLE boss LOGIN PASSWORD 'thử'")
        admin.execute("CREATE DATABASE elsewhere OWNER boss")
        yield replace(server, database_url=f"postgresql://boss:th%E1%BB%AD@/elsewhere?host={server.socket_dir}")
        admin.execute("DROP DATABASE elsewhere WITH (FORCE)")
        admin.execute("DROP ROLE boss")


def test_roles_that_an_administrator_made_are_used(foreign: Environment) -> None:
    postgres.ensure_roles(foreign)
    with psycopg.connect(foreign.app_dsn) as connection:
        assert connection.execute("SELECT current_user, current_database()").fetchone() == ("binhan_app", "elsewhere")


def test_roles_that_are_missing_are_said_with_the_statement_that_makes_them(foreign: Environment) -> None:
    other = replace(foreign, secret_key="another installation's")
    with pytest.raises(postgres.DatabaseAway) as said:
        postgres.ensure_roles(other)
    assert "CREATE ROLE binhan_app LOGIN NOSUPERUSER NOBYPASSRLS" in str(said.value)
    assert f"PASSWORD '{other.password('binhan_app')}'" in str(said.value)
    postgres.ensure_roles(foreign)  # and nothing was changed for the installation that is there


def test_a_server_that_is_not_there_is_said(server: Environment) -> None:
    with pytest.raises(postgres.DatabaseAway, match="BINHAN_DATABASE_URL"):
        postgres.ensure_roles(replace(server, database_url="postgresql://boss@/x?host=/none"))


def test_the_hot_paths_role_has_no_table(django_db_setup: None, env: Environment) -> None:
    with psycopg.connect(env.live_dsn, autocommit=True) as live:
        for statement in ("SELECT 1 FROM sos_incident", "DELETE FROM journal_entry", "CREATE TABLE x ()",
                          "SELECT journal_append(25888, 'x', 'x', 'x', NULL, '{}')"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                live.execute(statement)
        assert live.execute("SELECT live_ready()").fetchone()


def test_the_embedded_server_listens_on_no_network_and_asks_for_passwords(server: Environment) -> None:
    with psycopg.connect(server.dsn("postgres", "postgres")) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SHOW synchronous_commit").fetchone() == ("on",)
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(f"postgresql://postgres:wrong@/postgres?host={server.socket_dir}").close()


def test_a_number_that_went_to_another_cluster_is_not_ours(server: Environment, tmp_path: Path) -> None:
    """After a crash postmaster.pid may name a process that is now somebody else's server: it must not be stopped."""
    ours = postgres.running_pid(server)
    assert ours is not None
    other = load({"BINHAN_DATA_DIR": str(tmp_path / "d")})
    (tmp_path / "d" / "pg").mkdir()
    (tmp_path / "d" / "pg" / "postmaster.pid").write_text(f"{ours}\n")
    assert postgres.running_pid(other) is None


def test_a_killed_server_that_nobody_buries_is_no_obstacle(tmp_path: Path) -> None:
    """Its process stays a zombie as long as its parent does not ask for it, and its last sessions end a moment later."""
    env = load({"BINHAN_DATA_DIR": str(tmp_path / "d")})
    postgres.prepare(env)
    first = postgres.start(env)
    postgres.ensure_roles(env)
    with psycopg.connect(env.owner_dsn, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (x int)")
        first.kill()
        second = postgres.start(env)
    assert Path(f"/proc/{first.pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    with psycopg.connect(env.owner_dsn) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    postgres.stop_pid(second.pid)
    second.wait()
    first.wait()


def test_commands_wait_for_each_other_and_refuse_beside_up(tmp_path: Path) -> None:
    with lock.take(tmp_path, lock.COMMAND, 1):
        began = time.monotonic()
        with pytest.raises(lock.Held, match="Another command"):
            lock.take(tmp_path, lock.UP, 0.3)
        assert time.monotonic() - began >= 0.3
    with lock.take(tmp_path, lock.UP, 1), pytest.raises(lock.Held, match="Already running"):
        lock.take(tmp_path, lock.COMMAND, 30)
