"""Checks the journal against itself: recomputes every hash outside the database and names what is wrong.

Needs only a DB-API/psycopg connection that may read journal_entry and journal_head, so that an auditor
can run it on a restored copy.
"""
from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


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


def verify(connection: Any, tally: Tally | None = None) -> list[Finding]:
    """Every altered, missing, added or reordered row of every ward, in order; an empty list means sound."""
    tally = tally if tally is not None else Tally()
    with connection.cursor() as cursor:
        cursor.execute("SELECT ward_id, seq, hash FROM journal_head ORDER BY ward_id")
        heads = {int(w): (int(s), bytes(h)) for w, s, h in cursor.fetchall()}
        cursor.execute("SELECT DISTINCT ward_id FROM journal_entry")
        wards = sorted(set(heads) | {int(w) for (w,) in cursor.fetchall()})
        findings: list[Finding] = []
        for ward in wards:
            tally.wards += 1
            findings += _verify_ward(cursor, ward, heads.get(ward), tally)
    return findings


def _rows(cursor: Any, ward: int) -> Iterator[tuple[Any, ...]]:
    after = 0
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


def _verify_ward(cursor: Any, ward: int, head: tuple[int, bytes] | None, tally: Tally) -> list[Finding]:
    found: list[Finding] = []
    expected, prev = 1, genesis(ward)
    for seq, at, actor, verb, kind, subject, facts, prev_hash, stored in _rows(cursor, ward):
        tally.rows += 1
        for missing in range(expected, seq):
            found.append(Finding(ward, missing, "missing"))
        if seq == expected and bytes(prev_hash) != prev:
            found.append(Finding(ward, seq, "does not follow the row before it (altered or reordered)"))
        if row_hash(bytes(prev_hash), (ward, seq, at, actor, verb, kind, subject, facts)) != bytes(stored):
            found.append(Finding(ward, seq, "altered: its contents do not match its hash"))
        expected, prev = seq + 1, bytes(stored)
    if head is None:
        found.append(Finding(ward, expected - 1, "the ward has rows but no head"))
        return found
    for missing in range(expected, min(head[0], expected + 1000) + 1):
        found.append(Finding(ward, missing, "missing at the end"))
    if head[0] == expected - 1 and head[1] != prev:
        found.append(Finding(ward, head[0], "the head's hash is not the last row's"))
    elif head[0] < expected - 1:
        found.append(Finding(ward, head[0] + 1, "a row beyond the head"))
    return found
