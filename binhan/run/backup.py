"""One file that holds everything: a database dump, the stored files, the secrets, and a manifest with hashes. After
the archive's end it carries a seal, the hash of every byte before it, so that no byte can be lost or changed unseen.

A restore checks the manifest before it touches anything, and the journal before it says that it is done.
"""
from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import psycopg

from binhan.commons.journal.verify import Tally, verify
from binhan.run import anchors, postgres
from binhan.run.lock import COMMAND, CannotStart, take
from binhan.site.environment import Environment, load

FORMAT = 2
SEAL = b"\nbinhan-backup sha256:"
SEAL_BYTES = len(SEAL) + 64
KEPT = ("secrets", "files", "demo-logins.json")
TRACES = {"secrets", "up.lock", "logs", "run", "static"}  # what a command leaves in a directory without data
OURS = TRACES | {*KEPT, "pg", "config.json", anchors.NAME}


def _hash(path: Path, size: int = sys.maxsize) -> str:
    """Of the whole file, or of its first `size` bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(min(1 << 20, size)):
            digest.update(chunk)
            size -= len(chunk)
    return digest.hexdigest()


def seal_of(path: Path, size: int) -> bytes:
    """What ends a backup whose archive has that many bytes."""
    return SEAL + _hash(path, size).encode()


def _is_whole(path: Path) -> bool:
    size = path.stat().st_size - SEAL_BYTES
    if size < 0:
        return False
    with path.open("rb") as file:
        file.seek(size)
        return file.read() == seal_of(path, size)


def _members(env: Environment, dump: Path) -> list[tuple[str, Path]]:
    found = [("database.dump", dump)]
    for name in KEPT:
        root = env.data_dir / name
        found += [(str(Path(name) / p.relative_to(root)) if root.is_dir() else name, p)
                  for p in (sorted(root.rglob("*")) if root.is_dir() else [root]) if p.is_file()]
    return found


def make_backup(env: Environment, target: Path) -> dict[str, Any]:
    """Write the backup next to `target` and rename it there when whole. Answers bytes and journal rows."""
    with tempfile.TemporaryDirectory(dir=target.absolute().parent) as folder:
        dump, whole = Path(folder) / "database.dump", Path(folder) / "backup.tar"
        # Heads first: a dump taken after them must hold at least those rows.
        with psycopg.connect(env.owner_dsn) as connection:
            if connection.execute("SELECT to_regclass('journal_head')").fetchone() == (None,):
                raise postgres.EmptyDatabase
            heads = connection.execute("SELECT ward_id, seq FROM journal_head ORDER BY 1").fetchall()
            with suppress(OSError):  # a full disk here must not prevent a backup elsewhere
                anchors.keep(env, connection)
        _run(env, "pg_dump", "--format=custom", "--compress=6", "--no-owner",
             "--exclude-table-data=live_source", f"--file={dump}")  # it is to be forgotten within an hour
        members = _members(env, dump)
        manifest = {"format": FORMAT, "made_at": datetime.now(UTC).isoformat(),
                    "heads": {str(w): s for w, s in heads}, "files": {name: _hash(path) for name, path in members}}
        with tarfile.open(whole, "w") as tar:
            text = json.dumps(manifest, indent=1).encode()
            info = tarfile.TarInfo("manifest.json")
            info.size = len(text)
            tar.addfile(info, io.BytesIO(text))
            for name, path in members:
                tar.add(path, name, recursive=False)
        os.chmod(whole, 0o600)  # it holds the secrets
        seal = seal_of(whole, whole.stat().st_size)
        with whole.open("ab") as file:
            file.write(seal)
            file.flush()
            os.fsync(file.fileno())
        os.replace(whole, target)
    return {"bytes": target.stat().st_size, "rows": sum(s for _, s in heads)}


def _run(env: Environment, program: str, *arguments: str) -> None:
    """One of PostgreSQL's programs on our database. The password goes by the environment: `ps` shows arguments."""
    parts = urlsplit(env.owner_dsn)
    address = f"{quote(unquote(parts.username or ''))}@{parts.netloc.rpartition('@')[2]}"
    done = subprocess.run(
        [postgres.BINARIES / program, *arguments, f"--dbname={urlunsplit(parts._replace(netloc=address))}"],
        capture_output=True, text=True, check=False, env={**os.environ, "PGPASSWORD": unquote(parts.password or "")})
    if done.returncode != 0:
        raise CannotStart(f"{program}: {done.stderr.strip()[:2000]}")


def _unpack(file: Path, folder: Path) -> dict[str, Any]:
    """Unpack into `folder` and check every hash; refuses a file that is cut off or altered."""
    try:
        if not _is_whole(file):
            raise ValueError("con dấu không khớp, hoặc tệp do bản cũ tạo / its seal does not match, or an older"
                             " version made it")
        with tarfile.open(file, "r:") as tar:
            names = tar.getnames()
            tar.extractall(folder, filter="data")
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        wrong = [n for n, h in manifest["files"].items() if _hash(folder / n) != h]
        wrong += sorted(set(names) - {"manifest.json", *manifest["files"]})
    except (OSError, tarfile.TarError, ValueError, KeyError, EOFError) as error:
        raise CannotStart(f"{file}: không phải bản sao lưu nguyên vẹn ({error}). Chưa phục hồi gì. / Not a whole backup;"
                          " nothing was restored.") from None
    if wrong or manifest.get("format") != FORMAT or "database.dump" not in manifest["files"]:
        raise CannotStart(f"{file}: nội dung đã bị thay đổi ({', '.join(wrong) or 'manifest'}). Chưa phục hồi gì. /"
                          " Altered; nothing was restored.")
    return manifest


def restore_backup(env: Environment, file: Path, replace: bool) -> dict[str, Any]:
    """Restore beside the old data, verify, and only then put it in its place. Answers journal rows."""
    with take(env.data_dir, COMMAND, 5):
        _refuse_full(env, replace)
        fresh = env.data_dir.with_name(env.data_dir.name + ".restoring")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        try:
            rows = _restore_into(env, fresh, file)
            old = env.data_dir.with_name(env.data_dir.name + f".before-{datetime.now(UTC):%Y%m%d%H%M%S}")
            os.replace(env.data_dir, old)
            os.replace(fresh, env.data_dir)
            if not replace:
                shutil.rmtree(old)  # it held nothing but a first start's traces
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return {"rows": rows}


def _refuse_full(env: Environment, replace: bool) -> None:
    """Only an empty directory is filled without --replace, and only one of ours is replaced at all."""
    there = {path.name for path in env.data_dir.iterdir()}
    foreign = sorted(there - OURS)
    if foreign:
        raise CannotStart(f"{env.data_dir} chứa thứ không phải của Bình An ({', '.join(foreign[:5])}). / Holds other"
                          " things; name an empty directory.")
    if there - TRACES and not replace:
        raise CannotStart(f"{env.data_dir} đã có dữ liệu. Thêm --replace để thay. / Already holds data; add --replace.")


def _restore_into(env: Environment, fresh: Path, file: Path) -> int:
    with tempfile.TemporaryDirectory(dir=fresh.parent) as folder:
        manifest = _unpack(file, Path(folder))
        for name in KEPT:
            if (Path(folder) / name).exists():
                shutil.move(str(Path(folder) / name), fresh / name)
        (fresh / "secrets").mkdir(exist_ok=True)
        (fresh / "secrets").chmod(0o700)
        there = load({**{k: v for k, v in os.environ.items() if k.startswith("BINHAN_")},
                      "BINHAN_DATA_DIR": str(fresh)})
        dump = Path(folder) / "database.dump"
        if not there.embedded:
            return _fill_foreign(there, dump, manifest, file)
        postgres.prepare(there)
        server = postgres.start(there)
        try:
            return _fill(there, dump, manifest, file)
        finally:
            postgres.stop_pid(server.pid)
            server.wait()
            shutil.rmtree(there.socket_dir, ignore_errors=True)


def _fill(there: Environment, dump: Path, manifest: dict[str, Any], file: Path) -> int:
    postgres.ensure_roles(there)
    role = ("--role=binhan_owner",) if there.embedded else ()
    _run(there, "pg_restore", "--exit-on-error", "--no-owner", *role, str(dump))
    return _verify(there, manifest, file)


def _fill_foreign(there: Environment, dump: Path, manifest: dict[str, Any], file: Path) -> int:
    """Into an empty database on a server of the operator's own; emptied again if it does not verify."""
    with psycopg.connect(there.owner_dsn, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public' LIMIT 1").fetchone():
            raise CannotStart("BINHAN_DATABASE_URL: cơ sở dữ liệu phải trống. / That database is not empty; restore into"
                              " a new one.")
    try:
        return _fill(there, dump, manifest, file)
    except CannotStart:
        with psycopg.connect(there.owner_dsn, autocommit=True) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
        raise


def _verify(there: Environment, manifest: dict[str, Any], file: Path) -> int:
    tally = Tally()
    with psycopg.connect(there.owner_dsn) as connection:
        findings = verify(connection, tally)
        heads = {str(w): s for w, s in connection.execute("SELECT ward_id, seq FROM journal_head").fetchall()}
    behind = [w for w, seq in manifest["heads"].items() if heads.get(w, 0) < seq]
    if findings or behind:
        raise CannotStart(f"{file}: nhật ký phục hồi không nguyên vẹn: {findings[0] if findings else behind}. Chưa phục"
                          " hồi gì. / The restored journal does not verify; nothing was restored.")
    return tally.rows
