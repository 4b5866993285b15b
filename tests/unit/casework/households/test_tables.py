"""A table is kept as it was read, to the type of each cell; what another process hands over is believed only as far as it
fits."""
from __future__ import annotations

import json
import math
import zlib
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binhan.casework.households.imports.apart import read_apart
from binhan.casework.households.imports.files import read_table
from binhan.casework.households.imports.reasons import Reason, Unusable
from binhan.casework.households.imports.table import (
    COLUMNS_MAX,
    MARK,
    NotPacked,
    Table,
    check_head,
    pack,
    pack_refusal,
    unpack,
)
from tests.support.sheets import HEAD, book_of

CELLS = st.one_of(st.text(), st.floats(allow_nan=False), st.integers(), st.booleans(), st.none(), st.dates(), st.times(),
                  st.datetimes(), st.timedeltas())


@given(st.lists(st.lists(CELLS, max_size=5), max_size=5))
def test_every_cell_comes_back_as_it_was(rows: list[list[Any]]) -> None:
    table = Table("Trang “1”\n", list(enumerate(rows, 1)), [Reason("a", "b", "c")], {1: ["A1"]} if rows else {})
    packed = pack(table)
    check_head(packed)
    again = unpack(packed)
    assert again == table
    assert [[type(c) for c in cells] for _, cells in again.rows] == [[type(c) for c in cells] for _, cells in table.rows]


def test_what_is_no_number_stays_none() -> None:
    (_, (kept, far)), = unpack(pack(Table("t", [(1, [math.nan, math.inf])]))).rows
    assert math.isnan(kept) and far == math.inf


def test_read_apart_is_what_is_read_here() -> None:
    body = book_of([HEAD, ["Trần Mẫu", "12/3", datetime(1980, 5, 1, 12, 30), 1.5, True, date(1990, 1, 2), time(7, 30),
                           timedelta(hours=30)]])
    assert read_apart(body) == read_table(body)
    with pytest.raises(Unusable, match="no such sheet"):
        read_apart(body, "Khác")


def packed(*lines: Any) -> bytes:
    return MARK + zlib.compress(b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n"
                                         for line in lines))


HEADS = {"sheet": "t", "notes": []}


@pytest.mark.parametrize("given", [
    b"", MARK, MARK + b"x", packed(), packed([]), packed({}), packed({"sheet": 1, "notes": []}), packed(HEADS, {}),
    packed(HEADS, [1]), packed(HEADS, [0, []]), packed(HEADS, [True, []]), packed(HEADS, [1, [[]]]),
    packed(HEADS, [1, [{}]]), packed(HEADS, [1, ["x"] * (COLUMNS_MAX + 1)]), packed(HEADS, [1, [{"eval": "1"}]]),
    packed(HEADS, [1, [{"date": "x"}]]),
    packed(HEADS, [1, [{"timedelta": [1e300, 0, 0]}]]), packed(HEADS, b"[" * 100_000), packed(HEADS, [1, "text"]),
    packed(HEADS, [1, [], 5]), packed(HEADS, [1, []])[:-6], packed({"refused": [["a"]]}), packed({"refused": 5})],
    ids=range(23))
def test_what_does_not_fit_is_not_believed(given: bytes) -> None:
    with pytest.raises(NotPacked):
        unpack(given)


def test_why_there_is_none_comes_in_its_place() -> None:
    reasons = pack_refusal(Unusable(Reason("a", "một", "one"), Reason("b", "hai", "two")))
    for opens in (unpack, check_head):
        with pytest.raises(Unusable, match="một / one; hai / two"):
            opens(reasons)


def test_it_does_not_unpack_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("binhan.casework.households.imports.table.LINES_MAX", 10_000)
    with pytest.raises(NotPacked):
        unpack(packed(HEADS, [1, ["x" * 20_000]]))
