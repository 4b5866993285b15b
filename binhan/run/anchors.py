"""The journal's anchors: each ward's last number and hash, kept outside the database while it runs.

A chain alone cannot tell that its end was cut off and its head set back, or that all of it was computed anew. Whoever
rewrites the database does not reach this file; `binhan verify-journal` compares the two.
"""
from __future__ import annotations

import json
import os
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg

from binhan.commons.journal.verify import Anchors
from binhan.site.environment import Environment

NAME = "journal-anchors.json"
EVERY_S = 5.0
# Heads beyond their anchor, where the anchored row is still the one that stood there: an anchor never goes back.
ADVANCED = """
SELECT h.ward_id, h.seq, h.hash FROM journal_head h
LEFT JOIN unnest(%s::int[], %s::bigint[], %s::bytea[]) AS a(ward, seq, hash) ON a.ward = h.ward_id
LEFT JOIN journal_entry e ON e.ward_id = a.ward AND e.seq = a.seq
WHERE a.ward IS NULL OR (h.seq > a.seq AND e.hash = a.hash)
"""


def read(env: Environment) -> Anchors:
    """What was kept: {ward: (seq, hash)}; nothing where nothing was."""
    try:
        kept = json.loads((env.data_dir / NAME).read_text(encoding="utf-8"))
        return {int(w): (int(seq), bytes.fromhex(digest)) for w, (seq, digest) in kept.items()}
    except (OSError, ValueError):
        return {}


def keep(env: Environment, connection: psycopg.Connection[Any]) -> None:
    """Move the anchors on to the present heads. A row that is seen is committed: it cannot vanish by a crash."""
    known = read(env)
    moved = connection.execute(ADVANCED.encode(), [
        list(known), [s for s, _ in known.values()], [h for _, h in known.values()]]).fetchall()
    if moved:
        _write(env.data_dir / NAME, known | {int(w): (int(s), bytes(h)) for w, s, h in moved})


def _write(path: Path, anchors: Anchors) -> None:
    fresh = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
    with fresh.open("w", encoding="utf-8") as file:
        json.dump({str(w): [seq, digest.hex()] for w, (seq, digest) in sorted(anchors.items())}, file)
        file.flush()
        os.fsync(file.fileno())
    fresh.chmod(0o600)
    os.replace(fresh, path)


def keep_on(env: Environment, stop: threading.Event) -> None:
    """Keep them while the system runs; a database or disk that is away for a moment is tried again."""
    while not stop.wait(EVERY_S):
        with suppress(psycopg.Error, OSError), psycopg.connect(env.owner_dsn, autocommit=True,
                                                               connect_timeout=5) as connection:
            while not stop.wait(EVERY_S):
                keep(env, connection)
