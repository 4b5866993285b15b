"""Signed tokens: what anybody may hand in as a token is only ever wrong, never a crash."""
from __future__ import annotations

import pytest

from binhan.kernel.ids import new_id
from binhan.kernel.tokens import TokenExpired, TokenInvalid, is_track_token, sign, track_token, unsign

KEY = b"k" * 32
NONSENSE = ["", ".", "a.b", "a.b.c", "é.x", "\ud800.x", "\x00", "x" * 10_000]


def test_a_track_token_opens_its_own_press_only() -> None:
    one, other = new_id(), new_id()
    assert is_track_token(track_token(one, KEY), one, KEY)
    assert not is_track_token(track_token(one, KEY), other, KEY)
    assert not is_track_token(track_token(one, b"x" * 32), one, KEY)


@pytest.mark.parametrize("token", NONSENSE)
def test_nonsense_is_no_track_token(token: str) -> None:
    assert not is_track_token(token, new_id(), KEY)


@pytest.mark.parametrize("token", NONSENSE)
def test_nonsense_is_no_signed_token(token: str) -> None:
    with pytest.raises(TokenInvalid):
        unsign(token, KEY, "desk-stream")


def test_purpose_key_and_time_are_part_of_it() -> None:
    token = sign({"ward_id": 1, "exp": 100}, KEY, "desk-stream")
    assert unsign(token, KEY, "desk-stream", now=99) == {"ward_id": 1, "exp": 100}
    with pytest.raises(TokenExpired):
        unsign(token, KEY, "desk-stream", now=100)
    for key, purpose in ((KEY, "track"), (b"x" * 32, "desk-stream")):
        with pytest.raises(TokenInvalid):
            unsign(token, key, purpose, now=99)
