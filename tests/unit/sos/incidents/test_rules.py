"""How long somebody has waited, and whether a call back could harm them."""
from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from binhan.sos.incidents.rules import AGENCIES, OUTCOMES, may_ring_back, waiting_s

PRESSED = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(("acknowledged_after", "now_after", "waited"), [
    (None, 12.5, 12.5), (4, 60, 4), (None, -3, 0)])
def test_waiting_ends_with_a_humans_word_and_is_never_negative(acknowledged_after: float | None, now_after: float,
                                                               waited: float) -> None:
    at = None if acknowledged_after is None else PRESSED + timedelta(seconds=acknowledged_after)
    assert waiting_s(PRESSED, at, PRESSED + timedelta(seconds=now_after)) == waited


@pytest.mark.parametrize(("silent", "duress", "may"), [
    (False, False, True), (True, False, False), (False, True, False), (True, True, False)])
def test_nobody_who_must_keep_quiet_is_rung(silent: bool, duress: bool, may: bool) -> None:
    assert may_ring_back(silent, duress) is may


def test_outcomes_and_agencies_are_named_in_both_languages() -> None:
    assert all(vi and en and vi != en for vi, en in [*OUTCOMES.values(), *AGENCIES.values()])
