"""Whatever is done to the journal by somebody who owns the database: it is found, and the row is named."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import transaction

from binhan.commons.access.scope import ward_scope
from binhan.commons.journal.actions import JournalRow, append
from binhan.commons.journal.verify import Anchors, Finding, verify
from binhan.kernel.ids import new_id
from binhan.site.environment import Environment

WARD = 25920
ROW = f"ward_id = {WARD} AND seq"
COPY = ("INSERT INTO journal_entry SELECT ward_id, {}, at, actor, verb, subject_kind, subject_id, facts, prev_hash, hash"
        f" FROM journal_entry WHERE {ROW} = 2")


@pytest.fixture
def rows(server: Environment, django_db_setup: None, django_db_blocker: Any) -> Iterator[psycopg.Connection[Any]]:
    """Ten committed rows more in one ward, and a superuser whose changes are undone."""
    with django_db_blocker.unblock(), ward_scope([WARD], "test"), transaction.atomic():
        for n in range(10):
            append(JournalRow(WARD, "test", "try", "thing", new_id(), {"n": n}))
    with psycopg.connect(server.dsn("postgres", "binhan")) as admin:
        admin.execute("SET LOCAL session_replication_role = replica")
        yield admin
        admin.rollback()


def last(admin: psycopg.Connection[Any]) -> int:
    row = admin.execute(f"SELECT seq FROM journal_head WHERE ward_id = {WARD}").fetchone()
    return int(row[0]) if row else 0


def found(admin: psycopg.Connection[Any], anchors: Anchors | None = None) -> list[Finding]:
    return [f for f in verify(admin, None, anchors) if f.ward_id == WARD]


def test_what_nobody_touched_is_sound(rows: psycopg.Connection[Any]) -> None:
    assert found(rows) == []


@pytest.mark.parametrize(("statement", "seq"), [
    (f"UPDATE journal_entry SET facts = '{{}}' WHERE {ROW} = 3", 3),
    (f"UPDATE journal_entry SET actor = 'clock' WHERE {ROW} = 3", 3),
    (f"UPDATE journal_entry SET at = at + interval '1 microsecond' WHERE {ROW} = 3", 3),
    (f"UPDATE journal_entry SET at = 'infinity' WHERE {ROW} = 3", 3),
    (f"UPDATE journal_entry SET hash = prev_hash WHERE {ROW} = 3", 3),
    (f"DELETE FROM journal_entry WHERE {ROW} = 3", 3),
    (f"DELETE FROM journal_entry WHERE {ROW} = 1", 1),
    (f"UPDATE journal_entry SET seq = -seq WHERE {ROW} IN (3, 4);"
     f"UPDATE journal_entry SET seq = 7 + seq WHERE {ROW} < 0", 3),
    (COPY.format(0), 0), (COPY.format(-5), -5),
    (f"UPDATE journal_head SET hash = '\\x00' WHERE ward_id = {WARD}", None),
    (f"DELETE FROM journal_head WHERE ward_id = {WARD}", None),
    (f"DELETE FROM journal_head WHERE ward_id = {WARD}; DELETE FROM journal_entry WHERE ward_id = {WARD}", 1),
])
def test_a_change_is_found_and_its_row_named(rows: psycopg.Connection[Any], statement: str, seq: int | None) -> None:
    end = last(rows)
    for part in statement.split(";"):
        rows.execute(part.encode())
    assert (end if seq is None else seq) in {f.seq for f in found(rows)}


def test_the_end_cut_off_is_missing(rows: psycopg.Connection[Any]) -> None:
    end = last(rows)
    rows.execute(f"DELETE FROM journal_entry WHERE {ROW} > {end - 2}".encode())
    assert [f.seq for f in found(rows)] == [end - 1, end]


def test_a_row_far_away_does_not_make_it_count_for_ever(rows: psycopg.Connection[Any]) -> None:
    end = last(rows)
    rows.execute(COPY.format(10**15).encode())
    assert {f.seq for f in found(rows)} >= {end + 1, 10**15}
    assert len(found(rows)) < 10


def test_the_end_cut_off_with_the_head_set_back_contradicts_the_anchor(rows: psycopg.Connection[Any]) -> None:
    end = last(rows)
    anchor = rows.execute(f"SELECT hash FROM journal_head WHERE ward_id = {WARD}").fetchone()
    assert anchor
    anchors = {WARD: (end, bytes(anchor[0]))}
    assert found(rows, anchors) == []
    rows.execute(f"DELETE FROM journal_entry WHERE {ROW} > {end - 2}".encode())
    rows.execute(f"UPDATE journal_head SET seq = {end - 2}, hash = (SELECT hash FROM journal_entry WHERE {ROW} ="
                 f" {end - 2}) WHERE ward_id = {WARD}".encode())
    assert found(rows) == [], "the chain alone cannot know"
    assert [f.seq for f in found(rows, anchors)] == [end - 1, end]


def test_a_chain_computed_anew_contradicts_the_anchor(rows: psycopg.Connection[Any]) -> None:
    end = last(rows)
    anchors = {WARD: (end, b"the hash that stood here")}
    assert [f.seq for f in found(rows, anchors)] == [end]
