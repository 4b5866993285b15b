"""Correcting a field of a door: what may stand there, and what becomes of it beside what is there now."""
from __future__ import annotations

from typing import Any

import pytest

from binhan.casework.field.rules.edits import NoValue, both, value_of, verdict


@pytest.mark.parametrize(("field", "given_", "kept"), [
    ("landmark", "  cổng xanh ", "cổng xanh"), ("landmark", "", ""), ("access_note", "a" * 300, "a" * 300),
    ("kind", "room", "room"), ("best_time", "", ""), ("best_time", "evening", "evening"), ("occupants", None, None),
    ("occupants", 0, 0), ("position", None, None),
    ("position", {"lat": 11.09141234, "lon": 106.8}, {"lat": 11.091412, "lon": 106.8})])
def test_values_that_may_stand(field: str, given_: Any, kept: Any) -> None:
    assert value_of(field, given_) == kept


@pytest.mark.parametrize(("field", "given_"), [
    ("landmark", None), ("landmark", 4), ("landmark", "a" * 201), ("landmark", "\u202e"), ("landmark", "\ud800"),
    ("kind", "castle"), ("kind", []), ("kind", {}), ("kind", ""), ("best_time", "never"), ("best_time", None),
    ("occupants", -1), ("occupants", 2001), ("occupants", True), ("occupants", "4"), ("occupants", 1.5),
    ("position", {"lat": 11.1}), ("position", {"lat": "11", "lon": 106}), ("position", {"lat": float("nan"), "lon": 106.0}),
    ("position", {"lat": 48.1, "lon": 2.3}), ("position", [11.1, 106.8]), ("position", {"lat": True, "lon": 106.8}),
    ("name", "x")])
def test_values_that_may_not(field: str, given_: Any) -> None:
    with pytest.raises(NoValue):
        value_of(field, given_)


def test_compare_and_set() -> None:
    assert [verdict("a", "a", "b"), verdict("b", "a", "b"), verdict("c", "a", "b"), verdict("a", "a", "a")] == [
        "stored", "same", "conflict", "same"]


def test_both_values_in_one_text() -> None:
    assert both("landmark", "cổng xanh", "cây xoài") == "cổng xanh; cây xoài"
    assert both("kind", "room", "house") is both("occupants", 4, 5) is both("landmark", "", "x") is None
    assert both("landmark", "a" * 150, "b" * 150) is None, "it would not fit: choose one"
