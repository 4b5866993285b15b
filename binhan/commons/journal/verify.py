"""Checks the journal against itself: recomputes every hash outside the database and names what is wrong.

Needs only a DB-API/psycopg connection that may read journal_entry and journal_head, so that an auditor
can run it on a restored copy. Beside a running system the connection must be REPEATABLE READ: heads and rows
are read one after the other.
"""
from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Anchors = dict[int, tuple[int, bytes]]  # ward → (seq, hash) of a row that was committed
NAMED_MAX = 1000  # missing rows in one gap that are named one by one


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: the ward, the row's seq, and what is wrong with it."""

    ward_id: int
    seq: int
    fault: str

    def __str__(self) -> str:
        return f"ward {self.ward_id:05d} row {self.seq}: {self.fault}"


@dataclass(slots=True)
class Tally:
    """What was read: wards and rows."""

    wards: int = 0
    rows: int = 0


def genesis(ward_id: int) -> bytes:
    """The hash before a ward's first row."""
    return hashlib.sha256(f"binhan-journal:{ward_id}".encode()).digest()


def row_hash(prev: bytes, fields: tuple[Any, ...]) -> bytes:
    """The hash of (ward_id, seq, at text, actor, verb, subject_kind, subject_id text or '', facts text)."""
    return hashlib.sha256(prev + "\x1f".join(str(f) for f in fields).encode("utf-8")).digest()


def verify(connection: Any, tally: Tally | None = None, anchors: Anchors | None = None) -> list[Finding]:
    """Every altered, missing, added or reordered row of every ward, in order; an empty list means sound. `anchors`:
    rows that are known to have stood there."""
    anchors = anchors or {}
    tally = tally if tally is not None else Tally()
    with connection.cursor() as cursor:
        cursor.execute("SELECT ward_id, seq, hash FROM journal_head ORDER BY ward_id")
        heads = {int(w): (int(s), bytes(h)) for w, s, h in cursor.fetchall()}
        cursor.execute("SELECT DISTINCT ward_id FROM journal_entry")
        wards = sorted(set(heads) | {int(w) for (w,) in cursor.fetchall()} | _served(cursor) | set(anchors))
        findings: list[Finding] = []
        for ward in wards:
            tally.wards += 1
            findings += _verify_ward(cursor, ward, heads.get(ward), tally, anchors.get(ward, (0, b"")))
    return findings


def _served(cursor: Any) -> set[int]:
    """Wards that were ever served: each has at least the row that says so."""
    cursor.execute("SELECT to_regclass('places_ward') IS NOT NULL")
    if not cursor.fetchone()[0]:
        return set()
    cursor.execute("SELECT ward_id FROM places_ward")
    return {int(w) for (w,) in cursor.fetchall()}


def _rows(cursor: Any, ward: int) -> Iterator[tuple[Any, ...]]:
    after = -2**63  # also numbers that no row of ours ever had
    while True:
        cursor.execute(
            "SELECT seq, journal_time(at), actor, verb, subject_kind, coalesce(subject_id::text, ''), facts::text,"
            " prev_hash, hash FROM journal_entry WHERE ward_id = %s AND seq > %s ORDER BY seq LIMIT 5000",
            [ward, after])
        rows = cursor.fetchall()
        yield from rows
        if len(rows) < 5000:
            return
        after = rows[-1][0]


def _verify_ward(cursor: Any, ward: int, head: tuple[int, bytes] | None, tally: Tally,
                 anchor: tuple[int, bytes]) -> list[Finding]:
    found: list[Finding] = []
    expected, prev = 1, genesis(ward)
    for seq, at, actor, verb, kind, subject, facts, prev_hash, stored in _rows(cursor, ward):
        tally.rows += 1
        if seq < 1:
            found.append(Finding(ward, seq, "added: rows begin with 1"))
            continue
        found += _missing(ward, expected, seq, "missing")
        if seq == expected and bytes(prev_hash) != prev:
            found.append(Finding(ward, seq, "does not follow the row before it (altered or reordered)"))
        if row_hash(bytes(prev_hash), (ward, seq, at, actor, verb, kind, subject, facts)) != bytes(stored):
            found.append(Finding(ward, seq, "altered: its contents do not match its hash"))
        if seq == anchor[0] and bytes(stored) != anchor[1]:
            found.append(Finding(ward, seq, "not the row that stood here: it or rows before it were written anew"))
        expected, prev = seq + 1, bytes(stored)
    return found + _verify_end(ward, head, expected, prev, anchor[0])


def _verify_end(ward: int, head: tuple[int, bytes] | None, expected: int, prev: bytes, anchored: int) -> list[Finding]:
    """The rows that end before `expected` against the ward's head, and against a number that was there once."""
    found: list[Finding] = []
    if head is None:
        found.append(Finding(ward, max(1, expected - 1), "the ward has rows but no head" if expected > 1 else
                             "missing: the ward is served, but its whole journal is gone"))
        return found + _missing(ward, expected, anchored + 1, "missing at the end")
    found += _missing(ward, expected, max(head[0], anchored) + 1, "missing at the end")
    if head[0] == expected - 1 and head[1] != prev:
        found.append(Finding(ward, head[0], "the head's hash is not the last row's"))
    elif head[0] < expected - 1:
        found.append(Finding(ward, head[0] + 1, "a row beyond the head"))
    return found


def _missing(ward: int, first: int, beyond: int, fault: str) -> list[Finding]:
    """A finding for each missing number; a very long gap is named by its ends."""
    if beyond - first <= NAMED_MAX:
        return [Finding(ward, seq, fault) for seq in range(first, beyond)]
    return [Finding(ward, first, f"{fault}: {beyond - first} rows, up to {beyond - 1}")]
