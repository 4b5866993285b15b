"""The one way to write the journal. Call it last in a transaction: it holds the ward's head row until commit."""
from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db import connection, transaction
from psycopg.errors import LockNotAvailable


class JournalRow(NamedTuple):
    """One change, as it is to be appended: codes and ids only."""

    ward_id: int
    actor: str
    verb: str
    subject_kind: str
    subject_id: UUID | None
    facts: Mapping[str, Any] = {}  # noqa: RUF012 - nobody writes to it


_gathering: ContextVar[list[JournalRow] | None] = ContextVar("gathering", default=None)


@contextmanager
def gathered() -> Iterator[list[JournalRow]]:
    """Several actions in one transaction: what they journal is kept (in the list given) and written at the end, together,
    so that the ward's head row – and with it the ward's SOS – is not held while the later ones still work. An action that
    is undone to a savepoint must have its rows taken out of the list again."""
    rows: list[JournalRow] = []
    token = _gathering.set(rows)
    try:
        yield rows
    finally:
        _gathering.reset(token)
    append_rows(rows)


def append(row: JournalRow) -> int:
    """Append one row; the doorbell rings after the commit. Returns its seq (0 while rows are gathered)."""
    if (kept := _gathering.get()) is not None:
        kept.append(row)
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT journal_append(%s, %s, %s, %s, %s, %s::jsonb)",
                       [*row[:5], json.dumps(row.facts, default=str)])
        seq = int(cursor.fetchone()[0])
    ring_after_commit([row.ward_id])
    return seq


def append_rows(rows: Sequence[JournalRow]) -> list[int]:
    """Append many rows, heads taken in ward order."""
    if not rows:
        return []
    if (kept := _gathering.get()) is not None:
        kept.extend(rows)
        return [0] * len(rows)
    wards, actors, verbs, kinds, subjects, facts = zip(*rows, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT journal_append_rows(%s::int[], %s::text[], %s::text[], %s::text[], %s::uuid[], %s::jsonb[])",
            [list(wards), list(actors), list(verbs), list(kinds), list(subjects),
             [json.dumps(f, default=str) for f in facts]])
        seqs = [int(s) for s in cursor.fetchone()[0]]
    ring_after_commit(wards)
    return seqs


def ring_after_commit(wards: Iterable[int]) -> None:
    """The doorbell of these wards, once what was written is there to be read (1 query, after the commit). Should it fail,
    that is logged and no more: it is stored, and who listens also looks by himself within a second."""
    rung = sorted(set(wards))
    transaction.on_commit(lambda: _ring(rung), robust=True)  # a partial has no name, which Django logs


def is_held(error: BaseException) -> bool:
    """Whether a statement was given up because somebody else held what it needed for too long."""
    return isinstance(error.__cause__, LockNotAvailable)


def _ring(wards: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT live_ring(%s::int[])", [wards])


def record_read(ward_id: int, actor: str, subject_kind: str, subject_id: UUID, purpose: str) -> None:
    """Journal that `actor` opened a personal record; once per actor, record and hour, so that a screen
    that refreshes itself does not drown the journal."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM journal_entry WHERE ward_id = %s AND subject_id = %s AND verb = 'read'"
            " AND actor = %s AND at > now() - interval '1 hour' LIMIT 1", [ward_id, subject_id, actor])
        if cursor.fetchone() is None:
            append(JournalRow(ward_id, actor, "read", subject_kind, subject_id, {"purpose": purpose}))


def record_reads(ward_id: int, actor: str, subject_kind: str, subject_ids: Sequence[UUID], purpose: str) -> None:
    """As record_read, for a page that shows several people's records (2 queries)."""
    if not subject_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT subject_id FROM journal_entry WHERE ward_id = %s AND subject_id = ANY(%s) AND verb = 'read'"
            " AND actor = %s AND at > now() - interval '1 hour'", [ward_id, list(subject_ids), actor])
        known = {row[0] for row in cursor.fetchall()}
    append_rows([JournalRow(ward_id, actor, "read", subject_kind, s, {"purpose": purpose})
                 for s in dict.fromkeys(subject_ids) if s not in known])


def record_list_read(ward_id: int, actor: str, subject_kind: str, purpose: str) -> None:
    """As record_read, for a list with many people's records: one row for the list, not one for each of them."""
    record_read(ward_id, actor, f"{subject_kind}_list", uuid5(NAMESPACE_OID, f"{subject_kind}:{ward_id}"), purpose)
