"""A visit's own rules, the state of a door, and the words that a note should rather not say."""
from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from binhan.casework.phones.rules.batch import skew_of
from binhan.casework.visits.rules.record import door_state
from binhan.casework.visits.rules.words import warnings

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


@pytest.mark.parametrize(("outcomes", "state", "absent"), [
    ([], "not_yet", 0), (["not_home"], "not_home", 1), (["not_home", "not_home"], "not_home", 2),
    (["not_home", "met"], "reached", 1), (["met", "not_home"], "reached", 1), (["refused", "not_home"], "refused", 1),
    (["refused", "met"], "reached", 0), (["come_back"], "come_back", 0), (["come_back", "not_home"], "not_home", 1),
    (["moved"], "vacant", 0), (["vacant"], "vacant", 0)])
def test_where_a_door_stands(outcomes: list[str], state: str, absent: int) -> None:
    assert door_state(outcomes) == (state, absent)


def test_a_small_skew_is_none() -> None:
    assert skew_of(None, NOW) == skew_of(NOW - timedelta(seconds=90), NOW) == timedelta()
    assert skew_of(NOW + timedelta(hours=1), NOW) == timedelta(hours=-1)


@pytest.mark.parametrize(("text", "kinds"), [
    ("Hẻm ngập khi mưa, đèn đường hỏng", []), ("", []), ("Gia đình THEO ĐẠO", ["belief"]),
    ("gia dinh theo dao", ["belief"]),
    ("bất hợp tác", ["attitude"]), ("phần tử chống đối", ["politics", "politics"]), ("đạo đức", []),
    ("Ethnic", ["origin"])])
def test_words(text: str, kinds: list[str]) -> None:
    assert [w["kind"] for w in warnings(text)] == kinds
