"""When a part counts as hung, and when it is rather the machine, the database or the watchdog itself."""
from __future__ import annotations

import socket

import psycopg
import pytest

from binhan.run import watchdog
from binhan.run.watchdog import DATABASE, Ask, Watchdog
from binhan.site.environment import load


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


def test_one_answer_may_take_three_quarters_of_the_time_and_the_doors_half_of_that(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, float] = {}

    def note(address: str, within_s: float) -> Ask:
        asked[address] = within_s
        return lambda: True
    monkeypatch.setattr(watchdog, "over_http", note)
    env = load({"BINHAN_DATA_DIR": "/nonexistent", "BINHAN_HUNG_AFTER": "20"})
    watchdog.watch_over(env)
    assert {asked[env.web_address], asked[env.desk_address]} == {15.0}, "slow is not hung"
    assert asked[f"127.0.0.1:{env.port}"] == 7.5, "every SOS waits behind it"


def test_a_door_that_takes_the_question_and_says_nothing_has_not_answered() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        ask = watchdog.over_http(f"127.0.0.1:{mute.getsockname()[1]}", 0.2)
        assert not ask()
    assert not ask(), "nor one that is not there"
