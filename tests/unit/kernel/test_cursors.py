"""Cursors give back what they were given, and refuse everything else in words."""
from __future__ import annotations

import base64
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binhan.kernel.cursors import as_cursor, from_cursor
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
