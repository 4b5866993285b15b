"""Pure rules of the field app: values of a door, batches, older schemas, what has changed."""
from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binhan.casework.field.rules.batch import numbers, read_item
from binhan.casework.field.rules.documents import canonical, difference, digest, document
from binhan.casework.field.rules.edits import NoValue, both, value_of, verdict
from binhan.casework.field.rules.lift import lift
from binhan.kernel.ids import new_id

KEY = UUID("01a213e1-7c35-7138-b3cb-9c78e30d7bf9")


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


@given(st.lists(st.integers(1, 12), max_size=12), st.integers(-1, 5), st.integers(0, 12))
def test_a_batch_is_taken_only_when_whole_and_in_order(ns: list[int], first: int, count: int) -> None:
    whole = bool(ns) and first >= 1 and count == len(ns) and ns == list(range(first, first + len(ns)))
    assert numbers([{"n": n} for n in ns], first, count) == (ns if whole else None)


def test_numbers_are_numbers() -> None:
    assert numbers([{"n": True}], 1, 1) is None and numbers(["x"], 1, 1) is None and numbers([{"n": 1.0}], 1, 1) is None
    assert numbers([{"n": n} for n in range(1, 102)], 1, 101) is None


def test_an_item_in_its_frame() -> None:
    row = {"n": 3, "kind": "visit", "id": str(new_id()), "at": "2026-11-25T08:00:00+07:00", "body": {"a": 1}}
    item = read_item(row)
    assert item is not None and (item.n, item.kind, str(item.id)) == (3, "visit", row["id"])
    other = read_item({**row, "n": 9, "at": "2026-11-25T08:00:00Z"})
    assert other is not None and other.digest == item.digest, "a new number or hour is the same thing"
    changed = read_item({**row, "body": {"a": 2}})
    assert changed is not None and changed.digest != item.digest
    for wrong in ({"id": "x"}, {"id": str(uuid4())}, {"at": "2026-11-25T08:00:00"}, {"at": 7}, {"body": []}, {"kind": 4}):
        assert read_item({**row, **wrong}) is None, wrong


def test_older_bodies_are_lifted_step_by_step() -> None:
    steps = {1: lambda kind, body: {**body, "two": kind}, 2: lambda kind, body: {**body, "three": body["two"]}}
    assert lift("visit", {"one": 1}, 1, steps, 3) == {"one": 1, "two": "visit", "three": "visit"}
    assert lift("visit", {"two": "x"}, 2, steps, 3) == {"two": "x", "three": "x"}
    assert lift("visit", {"one": 1}, 3, steps, 3) == {"one": 1} == lift("visit", {"one": 1}, 1)


def test_a_document_and_its_digest() -> None:
    row = document("door", KEY, {"b": "Đường", "a": [1.5, None]})
    line = json.loads(row.line)
    assert (row.name, line["digest"], line["body"]) == (f"door/{KEY}", row.digest, {"a": [1.5, None], "b": "Đường"})
    assert digest(canonical({"a": [1.5, None], "b": "Đường"})) == row.digest and len(row.digest) == 16
    with pytest.raises(TypeError):
        document("door", KEY, {"a": object()})


@given(st.dictionaries(st.integers(0, 9), st.integers(0, 2)), st.dictionaries(st.integers(0, 9), st.integers(0, 2)))
def test_afterwards_the_phone_has_exactly_what_it_should(here: dict[int, int], there: dict[int, int]) -> None:
    wanted = [document("door", str(k), {"v": v}) for k, v in here.items()]
    have = {d.name: d.digest for d in (document("door", str(k), {"v": v}) for k, v in there.items())}
    sent, gone = difference(wanted, have)
    after = {name: mark for name, mark in have.items() if name not in gone} | {d.name: d.digest for d in sent}
    assert after == {d.name: d.digest for d in wanted}
    assert all(have.get(d.name) != d.digest for d in sent), "nothing is sent that it has"
