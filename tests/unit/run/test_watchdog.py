"""When a part counts as hung, and when it is rather the machine, the database or the watchdog itself."""
from __future__ import annotations

import psycopg
import pytest

from binhan.run.watchdog import DATABASE, Watchdog


class Parts:
    """Parts whose answers are set by hand, and a clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = 100.0
        self.answers = True
        self.beaten = 100.0
        self.away = False
        self.dog = Watchdog({"live": lambda: self.answers}, self.beats, frozenset({"notify"}), 20, now=lambda: self.at)
        for name in ("live", "notify", DATABASE, "patrols"):  # who says nothing by nature is not waited for
            self.dog.start(name)

    def beats(self) -> dict[str, float]:
        if self.away:
            raise psycopg.OperationalError("away")
        return {"notify": self.at - self.beaten}

    def later(self, seconds: int) -> set[str]:
        """Look every second for a while; who is hung then."""
        for _ in range(seconds):
            self.at += 1
            self.dog.hear("live")
            self.dog.hear_the_others()
        return {name for name in ("live", "notify", DATABASE, "patrols") if self.dog.hung(name)}


def test_who_answers_is_never_hung() -> None:
    parts = Parts()
    for _ in range(10):
        parts.beaten = parts.at
        assert parts.later(15) == set()


def test_who_does_not_answer_is_named_and_the_public_door_first() -> None:
    parts = Parts()
    parts.later(1)
    parts.answers = False
    assert parts.later(9) == set()
    assert parts.later(2) == {"live"}
    assert parts.later(10) == {"live", "notify"}


def test_a_new_process_has_its_time_again() -> None:
    parts = Parts()
    assert parts.later(21) == {"notify"}
    parts.dog.start("notify")
    assert parts.later(19) == set()
    assert parts.later(2) == {"notify"}


def test_while_the_database_is_away_only_it_is_hung() -> None:
    parts = Parts()
    parts.away = True
    assert parts.later(30) == {DATABASE}
    parts.away = False
    assert parts.later(1) == set(), "nobody could say that it lives"
    assert parts.later(21) == {"notify"}


def test_after_the_machine_itself_stood_still_everybody_has_his_time_again() -> None:
    parts = Parts()
    parts.later(5)
    parts.at += 3600
    assert parts.later(1) == set()
    assert parts.later(21) == {"notify"}


@pytest.mark.parametrize("name", ["live", "notify"])
def test_what_was_never_started_is_not_hung(name: str) -> None:
    dog = Watchdog({}, dict, frozenset({"notify"}), 5, now=lambda: 1e6)
    dog.hear_the_others()
    assert not dog.hung(name)
