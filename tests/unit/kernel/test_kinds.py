"""The kinds of SOS: each with names, a number to call, and a priority; nothing said counts as unknown."""
from __future__ import annotations

import pytest

from binhan.kernel.kinds import ALWAYS_CALL, BY_CODE, KINDS, PRIORITIES, Kind, kind_of


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.code)
def test_every_kind_says_whom_to_call(kind: Kind) -> None:
    assert kind_of(kind.code) is kind
    assert kind.vi and kind.en and kind.priority in PRIORITIES
    assert kind.call and set(kind.call) <= set(ALWAYS_CALL)


@pytest.mark.parametrize("code", [None, "", "no_such_kind"])
def test_what_is_not_known_is_unknown_and_comes_first(code: str | None) -> None:
    assert kind_of(code).code == "unknown"
    assert kind_of(code).priority == "P1"


def test_codes_are_given_once() -> None:
    assert len(BY_CODE) == len(KINDS)
