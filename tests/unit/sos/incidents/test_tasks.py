"""The ladder beside somebody who holds a ward's journal."""
from __future__ import annotations

import pytest
from django.db import OperationalError
from psycopg.errors import LockNotAvailable

from binhan.sos.incidents import tasks
from binhan.sos.incidents.tasks import LEFT_OUT_S, Ladder


class Sweeps:
    """Stands in for the database: ward 7 is held until it is let go; what was asked is kept."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        self.held = [7]
        self.asked: list[list[int]] = []
        monkeypatch.setattr(tasks, "escalate_due", self.escalate)
        monkeypatch.setattr(tasks, "held_wards", lambda: list(self.held))
        self.ladder = Ladder(lambda: self.now)

    def escalate(self, limit: int, without: list[int]) -> int:
        self.asked.append(list(without))
        if set(self.held) - set(without):
            raise OperationalError from LockNotAvailable()
        return 3


def test_a_held_ward_is_left_out_for_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    sweeps = Sweeps(monkeypatch)
    assert sweeps.ladder(200) == 200, "the others are looked at again at once"
    assert sweeps.ladder(200) == 3
    sweeps.held = []
    sweeps.now = LEFT_OUT_S
    assert sweeps.ladder(200) == 3
    assert sweeps.asked == [[], [7], []]


def test_what_is_held_and_no_journal_is_left_for_the_next_look(monkeypatch: pytest.MonkeyPatch) -> None:
    sweeps = Sweeps(monkeypatch)
    monkeypatch.setattr(tasks, "held_wards", list)
    assert sweeps.ladder(200) == 0


def test_any_other_fault_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> int:
        raise OperationalError("away")
    monkeypatch.setattr(tasks, "escalate_due", away)
    with pytest.raises(OperationalError):
        Ladder()(200)
