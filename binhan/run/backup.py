"""One file that holds everything: a database dump, the stored files, the secrets, and a manifest with hashes. After
the archive's end it carries a seal, the hash of every byte before it, so that no byte can be lost or changed unseen.
"""
from __future__ import annotations

import fcntl
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import IO, Any, cast
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import psycopg

from binhan.run import anchors, postgres
from binhan.run.lock import CannotStart
from binhan.run.prctl import PR_SET_PDEATHSIG, tell_kernel
from binhan.site.environment import Environment

FORMAT = 2
SEAL = b"\nbinhan-backup sha256:"
SEAL_BYTES = len(SEAL) + 64
PART = ".binhan-backup-"  # how a copy that is being written is called, where it must have a name
KEPT = ("secrets", "files", "demo-logins.json")


def digest(path: Path, size: int = sys.maxsize) -> str:
    """Of the whole file, or of its first `size` bytes."""
    total = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(min(1 << 20, size)):
            total.update(chunk)
            size -= len(chunk)
    return total.hexdigest()


def seal_of(path: Path, size: int) -> bytes:
    """What ends a backup whose archive has that many bytes."""
    return SEAL + digest(path, size).encode()


def is_whole(path: Path) -> bool:
    """Whether nothing is missing of it and nothing changed."""
    size = path.stat().st_size - SEAL_BYTES
    if size < 0:
        return False
    with path.open("rb") as file:
        file.seek(size)
        return file.read() == seal_of(path, size)


def _members(env: Environment) -> list[tuple[str, Path]]:
    found = []
    for name in KEPT:
        root = env.data_dir / name
        found += [(str(Path(name) / p.relative_to(root)) if root.is_dir() else name, p)
                  for p in (sorted(root.rglob("*")) if root.is_dir() else [root]) if p.is_file()]
    return found


def make_backup(env: Environment, target: Path) -> dict[str, Any]:
    """Write the backup beside `target` and give it that name when it is whole; until then it has none, so that one that is
    killed leaves nothing behind. Answers bytes and journal rows."""
    folder = target.absolute().parent
    _sweep(folder)
    with tempfile.TemporaryFile(dir=folder) as dump, _nameless(folder) as whole:
        # Heads first: a dump taken after them must hold at least those rows.
        with psycopg.connect(env.owner_dsn) as connection:
            if connection.execute("SELECT to_regclass('journal_head')").fetchone() == (None,):
                raise postgres.EmptyDatabase
            heads = connection.execute("SELECT ward_id, seq FROM journal_head ORDER BY 1").fetchall()
            with suppress(OSError):  # a full disk here must not prevent a backup elsewhere
                anchors.keep(env, connection)
        run_program(env, "pg_dump", "--format=custom", "--compress=6", "--no-owner",
                    "--exclude-table-data=live_source", into=dump)  # it is to be forgotten within an hour
        members = [("database.dump", _at(dump)), *_members(env)]
        manifest = {"format": FORMAT, "made_at": datetime.now(UTC).isoformat(),
                    "heads": {str(w): s for w, s in heads}, "files": {name: digest(path) for name, path in members}}
        _pack(whole, manifest, members)
        rows = sum(s for _, s in heads)
        return {"bytes": _named(whole, target), "rows": rows}


def _pack(whole: IO[bytes], manifest: dict[str, Any], members: list[tuple[str, Path]]) -> None:
    """The archive and its seal, all of it on the disk."""
    with tarfile.open(fileobj=whole, mode="w") as tar:
        text = json.dumps(manifest, indent=1).encode()
        info = tarfile.TarInfo("manifest.json")
        info.size = len(text)
        tar.addfile(info, io.BytesIO(text))
        for name, path in members:
            with path.open("rb") as content:
                tar.addfile(tar.gettarinfo(arcname=name, fileobj=content), content)
    whole.flush()
    size = whole.tell()
    whole.write(seal_of(_at(whole), size))
    whole.flush()
    os.fsync(whole.fileno())


def _at(file: IO[bytes]) -> Path:
    """Where a file without a name can be opened."""
    return Path(f"/proc/self/fd/{file.fileno()}")


@contextmanager
def _nameless(folder: Path) -> Iterator[IO[bytes]]:
    """A new file that only its owner may read (it holds the secrets), and that has a name only where the file system
    knows none without."""
    try:
        file = os.open(folder, os.O_TMPFILE | os.O_RDWR, 0o600)
    except OSError:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=PART, delete=False) as named:
            fcntl.flock(named, fcntl.LOCK_EX)  # whose owner lives is not swept away
            try:
                yield cast("IO[bytes]", named)
            finally:
                Path(named.name).unlink(missing_ok=True)
        return
    with os.fdopen(file, "w+b") as nameless:
        fcntl.flock(nameless, fcntl.LOCK_EX)  # for the moment in which it has the name of a part
        yield nameless


def _named(whole: IO[bytes], target: Path) -> int:
    """Give it its name, in place of an older one; its bytes."""
    size = os.fstat(whole.fileno()).st_size
    fresh = target.with_name(f"{PART}{os.getpid()}")
    if isinstance(whole.name, str):
        os.replace(whole.name, target)
        return size
    fresh.unlink(missing_ok=True)
    # With a folder's descriptor Python calls linkat(2), which alone follows to the file; the path is absolute anyhow.
    os.link(_at(whole), fresh, src_dir_fd=whole.fileno(), follow_symlinks=True)
    os.replace(fresh, target)
    return size


def _sweep(folder: Path) -> None:
    """What a backup that was killed left here, on a file system where its copy had to have a name."""
    for path in folder.glob(f"{PART}*"):
        with suppress(OSError), path.open("r+b") as file:  # where a lock needs the right to write (NFS)
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # BlockingIOError: it is being written
            path.unlink()


def run_program(env: Environment, program: str, *arguments: str, into: IO[bytes] | None = None) -> None:
    """One of PostgreSQL's programs on our database, which ends with us. The password goes by the environment: `ps` shows
    arguments."""
    parts = urlsplit(env.owner_dsn)
    address = f"{quote(unquote(parts.username or ''))}@{parts.netloc.rpartition('@')[2]}"
    done = subprocess.run(
        [postgres.BINARIES / program, *arguments, f"--dbname={urlunsplit(parts._replace(netloc=address))}"],
        stdout=into or subprocess.PIPE, stderr=subprocess.PIPE, check=False,
        preexec_fn=partial(tell_kernel, PR_SET_PDEATHSIG, signal.SIGKILL),  # noqa: PLW1509 - no thread runs beside a command
        env={**os.environ, "PGPASSWORD": unquote(parts.password or "")})
    if done.returncode != 0:
        raise CannotStart(f"{program}: {done.stderr.decode(errors='replace').strip()[:2000]}")
