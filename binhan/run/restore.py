"""A backup put back: its manifest is checked before anything is touched, and the journal before it is said to be done."""
from __future__ import annotations

import json
import os
import shutil
import tarfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from binhan.commons.journal.verify import Tally, verify
from binhan.run import anchors, postgres
from binhan.run.backup import FORMAT, KEPT, digest, is_whole, run_program
from binhan.run.lock import COMMAND, CannotStart, take
from binhan.site.environment import Environment, load

UNPACKED = "unpacked"
TRACES = {"secrets", "up.lock", "logs", "run", "static"}  # what a command leaves in a directory without data
OURS = TRACES | {*KEPT, "pg", "config.json", anchors.NAME}


def _unpack(file: Path, folder: Path) -> dict[str, Any]:
    """Unpack into `folder` and check every hash; refuses a file that is cut off or altered."""
    try:
        if not is_whole(file):
            raise ValueError("con dấu không khớp, hoặc tệp do bản cũ tạo / its seal does not match, or an older"
                             " version made it")
        with tarfile.open(file, "r:") as tar:
            names = tar.getnames()
            tar.extractall(folder, filter="data")
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        wrong = [n for n, h in manifest["files"].items() if digest(folder / n) != h]
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
    foreign = sorted(name for name in there - OURS if not name.startswith(f"{Path(anchors.NAME).stem}."))
    if foreign:
        raise CannotStart(f"{env.data_dir} chứa thứ không phải của Bình An ({', '.join(foreign[:5])}). / Holds other"
                          " things; name an empty directory.")
    if there - TRACES and not replace:
        raise CannotStart(f"{env.data_dir} đã có dữ liệu. Thêm --replace để thay. / Already holds data; add --replace.")


def _restore_into(env: Environment, fresh: Path, file: Path) -> int:
    folder = fresh / UNPACKED  # within: what a restore that is killed leaves goes when the next one begins
    folder.mkdir(mode=0o700)
    manifest = _unpack(file, folder)
    for name in KEPT:
        if (folder / name).exists():
            shutil.move(str(folder / name), fresh / name)
    (fresh / "secrets").mkdir(exist_ok=True)
    (fresh / "secrets").chmod(0o700)
    there = load({**{k: v for k, v in os.environ.items() if k.startswith("BINHAN_")}, "BINHAN_DATA_DIR": str(fresh)})
    dump = folder / "database.dump"
    fill = _fill_own if there.embedded else _fill_foreign
    rows = fill(there, dump, manifest, file)
    shutil.rmtree(folder)
    return rows


def _fill_own(there: Environment, dump: Path, manifest: dict[str, Any], file: Path) -> int:
    """Into a server of our own, which is started for it."""
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
    run_program(there, "pg_restore", "--exit-on-error", "--no-owner", *role, str(dump))
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
    with psycopg.connect(there.owner_dsn) as connection:
        anchors.keep(there, connection, anew=True)  # the seal of the backup and its heads vouch for this journal
    return tally.rows
