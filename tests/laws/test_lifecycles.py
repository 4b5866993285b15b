"""Every lifecycle is sound, its matrix is what the table says, and the database refuses what the table does not list."""
from __future__ import annotations

import dataclasses
from itertools import product

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from binhan.commons.access.scope import ward_scope
from binhan.kernel.ids import new_id
from binhan.kernel.lifecycle import Lifecycle, Refused
from binhan.site.lifecycles import LIFECYCLES
from binhan.sos.incidents.models import Incident

NAMES = [lc.name for lc in LIFECYCLES]


@pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=NAMES)
def test_sound(lifecycle: Lifecycle) -> None:
    assert list(lifecycle.problems()) == []


@pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=NAMES)
def test_every_cell_of_the_matrix(lifecycle: Lifecycle) -> None:
    """Allowed exactly where a row says so; refused everywhere else."""
    actors = {m.by for m in lifecycle.moves}
    allowed = {(m.verb, s, m.by): m for m in lifecycle.moves for s in m.sources}
    for verb, state, by in product({m.verb for m in lifecycle.moves}, lifecycle.states, actors):
        row = allowed.get((verb, state, by))
        if row is None:
            with pytest.raises(Refused):
                lifecycle.move(verb, state, by, {"unit": 1, "reason": 1, "outcome": 1, "original": 1, "agency": 1})
        else:
            assert lifecycle.move(verb, state, by, dict.fromkeys(row.needs, "x")) == row.target
            for need in row.needs:
                with pytest.raises(Refused) as refused:
                    lifecycle.move(verb, state, by, {n: "x" for n in row.needs if n != need})
                assert refused.value.missing == (need,)


@pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=NAMES)
def test_a_broken_table_is_noticed(lifecycle: Lifecycle) -> None:
    """The self-check fires when a clock, a move or an end is taken away."""
    assert list(dataclasses.replace(lifecycle, clocks=lifecycle.clocks[1:]).problems())
    assert list(dataclasses.replace(lifecycle, moves=lifecycle.moves + lifecycle.moves[:1]).problems())
    final = lifecycle.final()
    assert list(dataclasses.replace(lifecycle, moves=tuple(
        m for m in lifecycle.moves if m.target not in final)).problems())


@pytest.mark.django_db
def test_the_database_guard_equals_the_table() -> None:
    """Try every edge, listed or not, straight in the database."""
    lifecycle = next(lc for lc in LIFECYCLES if lc.table == "sos_incident")
    with ward_scope([25888], "system"):
        for old, new in product(lifecycle.states, lifecycle.states):
            listed = old == new or (old, new) in lifecycle.edges()
            now = timezone.now()
            row = Incident(id=new_id(), ward_id=25888, pressed_at=now, received_at=now, moved_at=now)
            row.save(force_insert=True)
            with transaction.atomic(), connection.cursor() as cursor:
                path = _path(lifecycle, str(old))
                for state in path:
                    cursor.execute("UPDATE sos_incident SET state = %s WHERE id = %s", [state, row.id])
                if listed:
                    cursor.execute("UPDATE sos_incident SET state = %s WHERE id = %s", [str(new), row.id])
                    continue
            with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("UPDATE sos_incident SET state = %s WHERE id = %s", [str(new), row.id])


def _path(lifecycle: Lifecycle, goal: str) -> list[str]:
    """States to pass through from the start to `goal`."""
    paths: dict[str, list[str]] = {str(lifecycle.start): []}
    while goal not in paths:
        for old, new in lifecycle.edges():
            if str(old) in paths and str(new) not in paths:
                paths[str(new)] = [*paths[str(old)], str(new)]
    return paths[goal]


@pytest.mark.django_db
def test_an_incident_starts_as_received() -> None:
    now = timezone.now()
    with ward_scope([25888], "system"), pytest.raises(IntegrityError), transaction.atomic():
        Incident(id=new_id(), ward_id=25888, state="closed", pressed_at=now, received_at=now, moved_at=now).save()
