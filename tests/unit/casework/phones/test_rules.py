"""Pure rules of phones: batches, older schemas, what has changed."""
from __future__ import annotations

import json
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binhan.casework.phones.rules.batch import numbers, read_item
from binhan.casework.phones.rules.documents import canonical, difference, digest, document
from binhan.casework.phones.rules.lift import lift
from binhan.kernel.ids import new_id

KEY = UUID("01a213e1-7c35-7138-b3cb-9c78e30d7bf9")


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
