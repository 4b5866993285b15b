"""The journal's anchors: each ward's last number and hash, kept outside the database while it runs.

A chain alone cannot tell that its end was cut off and its head set back, or that all of it was computed anew. Whoever
rewrites the database does not reach this file; `binhan verify-journal` compares the two. A file that is gone, that lacks a
ward, that was set back or begun anew is itself a finding: else whoever forges the chain would only have to delete it.
"""
from __future__ import annotations

import json
import os
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from binhan.commons.journal.verify import Anchors, Finding
from binhan.site.environment import Environment

NAME = "journal-anchors.json"
EVERY_S = 5.0
LAG = timedelta(minutes=1)  # rows of before that are in every file: they are looked for every few seconds
FIRST = timedelta(hours=1)  # a ward's anchors begin with its journal, or somebody has begun them anew
# Heads beyond their anchor, where the anchored row is still the one that stood there: an anchor never goes back.
ADVANCED = """
SELECT h.ward_id, h.seq, h.hash FROM journal_head h
LEFT JOIN unnest(%s::int[], %s::bigint[], %s::bytea[]) AS a(ward, seq, hash) ON a.ward = h.ward_id
LEFT JOIN journal_entry e ON e.ward_id = a.ward AND e.seq = a.seq
WHERE a.ward IS NULL OR (h.seq > a.seq AND e.hash = a.hash)
"""


@dataclass(slots=True)
class Kept:
    """What the file holds: the anchors, since when each ward has one, and when it was last written."""

    anchors: Anchors = field(default_factory=dict)
    began: dict[int, datetime] = field(default_factory=dict)
    at: datetime | None = None


def read(env: Environment) -> Kept | None:
    """What was kept; None where there is no file, or none with sense in it. OSError where it cannot be opened now: that is
    no reason to begin anew."""
    try:
        found = json.loads((env.data_dir / NAME).read_text(encoding="utf-8"))
        rows = found.get("anchors", found)  # up to December 2026 only the anchors
        return Kept({int(w): (int(seq), bytes.fromhex(digest)) for w, (seq, digest) in rows.items()},
                    {int(w): datetime.fromisoformat(at) for w, at in found.get("began", {}).items()},
                    datetime.fromisoformat(found["at"]) if "at" in found else None)
    except (FileNotFoundError, ValueError, TypeError, AttributeError):
        return None


def keep(env: Environment, connection: psycopg.Connection[Any], anew: bool = False) -> None:
    """Move the anchors on to the present heads. A row that is seen is committed: it cannot vanish by a crash. `anew`: the
    journal is known to be sound from elsewhere, and its anchors begin here."""
    kept = Kept() if anew else read(env) or Kept()
    known = kept.anchors
    moved = connection.execute(ADVANCED.encode(), [
        list(known), [s for s, _ in known.values()], [h for _, h in known.values()]]).fetchall()
    if moved or anew:
        (now,) = connection.execute("SELECT now()").fetchone() or (datetime.now(UTC),)  # as of when they are seen
        fresh = {} if anew else {int(w): now for w, _, _ in moved if int(w) not in known}
        here = {int(w): (int(s), bytes(h)) for w, s, h in moved}
        _write(env.data_dir / NAME, Kept(known | here, kept.began | fresh, now))


def _write(path: Path, kept: Kept) -> None:
    fresh = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
    try:
        with fresh.open("w", encoding="utf-8") as file:
            json.dump({"anchors": {str(w): [seq, digest.hex()] for w, (seq, digest) in sorted(kept.anchors.items())},
                       "began": {str(w): at.isoformat() for w, at in sorted(kept.began.items())},
                       "at": kept.at and kept.at.isoformat()}, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.chmod(0o600)
        owner = path.parent.stat()
        if os.geteuid() == 0:  # root's command beside a service of another user: the file stays the service's
            os.chown(fresh, owner.st_uid, owner.st_gid)
        os.replace(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)


def begin(env: Environment) -> None:
    """Keep them for the first time, where a journal has just been begun."""
    with psycopg.connect(env.owner_dsn) as connection:
        keep(env, connection)


def doubts(kept: Kept | None, connection: psycopg.Connection[Any]) -> list[Finding]:
    """What is wrong with the anchors themselves, beside a journal that has rows."""
    rows = connection.execute("SELECT ward_id, min(at) FROM journal_entry GROUP BY ward_id ORDER BY ward_id").fetchall()
    if kept is None:
        return [Finding(int(w), 0, "no anchors are kept: whether its end is missing cannot be told") for w, _ in rows]
    found = [Finding(int(w), 0, "has no anchor: whether its end is missing cannot be told")
             for w, _ in rows if w not in kept.anchors]
    found += [Finding(int(w), kept.anchors[w][0], f"its anchors were begun anew on {kept.began[w]:%Y-%m-%d %H:%M} UTC")
              for w, first in rows if w in kept.began and kept.began[w] - first > FIRST]
    if kept.at is not None:
        behind = connection.execute(
            "SELECT DISTINCT ON (a.ward) a.ward, e.seq FROM unnest(%s::int[], %s::bigint[]) AS a(ward, seq)"
            " JOIN journal_entry e ON e.ward_id = a.ward AND e.seq > a.seq AND e.at < %s ORDER BY a.ward, e.seq",
            [list(kept.anchors), [s for s, _ in kept.anchors.values()], kept.at - LAG]).fetchall()
        found += [Finding(int(w), int(seq), "was there when the anchors were last kept: its anchor was set back")
                  for w, seq in behind]
    return found


def keep_on(env: Environment, stop: threading.Event) -> None:
    """Keep them while the system runs; a database or disk that is away for a moment is tried again."""
    while not stop.is_set():
        with suppress(psycopg.Error, OSError), psycopg.connect(env.owner_dsn, autocommit=True,
                                                               connect_timeout=5) as connection:
            while True:
                keep(env, connection)
                if stop.wait(EVERY_S):
                    return
        stop.wait(EVERY_S)
