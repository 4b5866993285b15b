"""Every lifecycle is sound, its matrix is what the table says, and the database refuses what the table does not list."""
from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from itertools import product
from typing import Any

import psycopg
import pytest
from psycopg import sql

from binhan.commons.context import lifecycles
from binhan.kernel.ids import new_id
from binhan.kernel.lifecycle import Lifecycle, Refused
from binhan.site.environment import Environment
from tests.support.samples import sample

WARD = 25888
NAMES = [lc.name for lc in lifecycles()]


@pytest.mark.parametrize("lifecycle", lifecycles(), ids=NAMES)
def test_sound(lifecycle: Lifecycle) -> None:
    assert list(lifecycle.problems()) == []


@pytest.mark.parametrize("lifecycle", lifecycles(), ids=NAMES)
def test_every_cell_of_the_matrix(lifecycle: Lifecycle) -> None:
    """Allowed exactly where a row says so; refused everywhere else."""
    actors = {m.by for m in lifecycle.moves}
    every_need = {need for m in lifecycle.moves for need in m.needs}
    allowed = {(m.verb, s, m.by): m for m in lifecycle.moves for s in m.sources}
    for verb, state, by in product({m.verb for m in lifecycle.moves}, lifecycle.states, actors):
        row = allowed.get((verb, state, by))
        if row is None:
            with pytest.raises(Refused):
                lifecycle.move(verb, state, by, dict.fromkeys(every_need, "x"))
        else:
            assert lifecycle.move(verb, state, by, dict.fromkeys(row.needs, "x")) == row.target
            for need in row.needs:
                with pytest.raises(Refused) as refused:
                    lifecycle.move(verb, state, by, {n: "x" for n in row.needs if n != need})
                assert refused.value.missing == (need,)


@pytest.mark.parametrize("lifecycle", lifecycles(), ids=NAMES)
def test_a_broken_table_is_noticed(lifecycle: Lifecycle) -> None:
    """The self-check fires when a clock, a move or an end is taken away."""
    assert list(dataclasses.replace(lifecycle, clocks=lifecycle.clocks[1:]).problems())
    assert list(dataclasses.replace(lifecycle, moves=lifecycle.moves + lifecycle.moves[:1]).problems())
    final = lifecycle.final()
    assert list(dataclasses.replace(lifecycle, moves=tuple(
        m for m in lifecycle.moves if m.target not in final)).problems())


@pytest.fixture
def beyond(server: Environment, django_db_setup: None) -> Iterator[psycopg.Connection[Any]]:
    """A connection that may do anything; nothing that a test does on it stays."""
    with psycopg.connect(server.dsn("postgres", "binhan")) as admin:
        yield admin
        admin.rollback()


@pytest.mark.parametrize("lifecycle", lifecycles(), ids=NAMES)
def test_the_database_guard_equals_the_table(lifecycle: Lifecycle, beyond: psycopg.Connection[Any]) -> None:
    """Every pair of states is tried on a row of the real table, its other constraints taken off: what the lifecycle lists
    is done, what it does not is refused, and a row begins where the lifecycle begins."""
    table = lifecycle.table
    loose(beyond, table)
    beyond.execute("SET LOCAL session_replication_role = replica")  # rows of any state, with nothing that they point at
    rows = {state: new_id() for state in lifecycle.states}
    for state, row in rows.items():
        beyond.execute(*sample(table, WARD, id=row, state=str(state)))
    beyond.execute("SET LOCAL session_replication_role = origin")
    moved = {(old, new) for old, new in product(lifecycle.states, lifecycle.states)
             if done(beyond, sql.SQL("UPDATE {} SET state = %s WHERE id = %s").format(sql.Identifier(table)),
                     [str(new), rows[old]])}
    assert moved == lifecycle.edges() | {(state, state) for state in lifecycle.states}
    begun = {state for state in lifecycle.states if done(beyond, *sample(table, WARD, state=str(state)))}
    assert begun == {lifecycle.start}


def loose(beyond: psycopg.Connection[Any], table: str) -> None:
    """Take away what else may refuse a state on such a row: its checks now, its references until never."""
    for (name,) in beyond.execute("SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'c'",
                                  [table]).fetchall():
        beyond.execute(sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(sql.Identifier(table), sql.Identifier(name)))
    beyond.execute("SET CONSTRAINTS ALL DEFERRED")


def done(beyond: psycopg.Connection[Any], statement: sql.Composed, values: list[Any]) -> bool:
    """True if the database does it, False if the guard refuses; then undone either way."""
    try:
        with beyond.transaction(force_rollback=True):
            assert beyond.execute(statement, values).rowcount == 1
    except psycopg.errors.CheckViolation as refused:
        if re.search("does not lead to|starts as", str(refused)):
            return False
        raise  # not the guard's own words
    return True
