"""Once, not at night, and again while it stands."""
from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from binhan.casework.appointments.rules.digest import DEFAULTS, is_due, is_quiet
from binhan.commons.context import messages
from binhan.kernel.workdays import VIETNAM

NOON = datetime(2026, 11, 26, 12, tzinfo=VIETNAM)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(("hour", "quiet"), [(0, True), (6, True), (7, False), (12, False), (19, False), (20, True),
                                             (23, True)])
def test_the_night_is_quiet(hour: int, quiet: bool) -> None:
    assert is_quiet(NOON.replace(hour=hour), DEFAULTS) is quiet


def test_a_ward_may_rest_at_noon_too() -> None:
    siesta = {**DEFAULTS, "promise.quiet_from": 41_400, "promise.quiet_to": 48_600}
    assert [is_quiet(NOON.replace(hour=h), siesta) for h in (3, 12, 14)] == [False, True, False]


def test_when_it_is_told() -> None:
    assert is_due(None, NOON, NOON, DEFAULTS)
    assert not is_due(NOON - HOUR, NOON, NOON, DEFAULTS), "new, but only an hour ago"
    assert is_due(NOON - 5 * HOUR, NOON - HOUR, NOON, DEFAULTS)
    assert not is_due(NOON - 5 * HOUR, NOON - 9 * HOUR, NOON, DEFAULTS), "nothing new"
    assert is_due(NOON - 24 * HOUR, NOON - 30 * HOUR, NOON, DEFAULTS)


def test_messages_count_and_name_nobody() -> None:
    for name in ("promises_team", "promises_board"):
        for lang in ("vi", "en"):
            assert {"3", "2"} <= set("".join(messages()[name].said(lang, {"replies": 3, "visits": 2})))
    assert messages()["test"].said("vi", {})[1] == messages()["test"].body.vi
