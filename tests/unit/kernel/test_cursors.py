"""Cursors give back what they were given, and refuse everything else in words."""
from __future__ import annotations

import base64
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binhan.kernel.cursors import as_cursor, from_cursor, offset_of
from binhan.kernel.errors import Problem

KEY = UUID("018f0000-0000-7000-8000-000000000001")


@given(st.integers(), st.text())
def test_there_and_back(place: int, sort: str) -> None:
    assert from_cursor(as_cursor(place, sort, KEY), 3) == [place, sort, str(KEY)]


@pytest.mark.parametrize("text", [
    "", "x", "====", "à", as_cursor(1), as_cursor(1, "not an id"), as_cursor(1, 2, KEY), "bnVsbA",
    base64.urlsafe_b64encode(b'{"a": 1}').decode(), base64.urlsafe_b64encode(b"\xff\xfe").decode()])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(Problem) as refusal:
        from_cursor(text, 2)
    assert (refusal.value.status, refusal.value.code) == (422, "bad_cursor")


def test_a_numbered_list_begins_where_the_last_page_ended() -> None:
    assert offset_of("") == 0
    assert offset_of(as_cursor(40, KEY)) == 40


@pytest.mark.parametrize("offset", ["x", -5, None, 2**40, 1.5, True, [1]])
def test_an_offset_of_somebody_elses_is_refused(offset: object) -> None:
    with pytest.raises(Problem) as refusal:
        offset_of(as_cursor(offset, KEY))
    assert (refusal.value.status, refusal.value.code) == (422, "bad_cursor")
