"""When somebody is told that promises are late: once for all of them, not at night, not again and again."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from binhan.kernel.workdays import VIETNAM

DEFAULTS = {"promise.digest_every": 14_400, "promise.remind_every": 86_400, "promise.quiet_from": 72_000,
            "promise.quiet_to": 25_200}


def is_quiet(at: datetime, limits: Mapping[str, int]) -> bool:
    """True in the hours in which nobody is woken for this (given in seconds after midnight)."""
    local = at.astimezone(VIETNAM)
    second, begin, end = local.hour * 3600 + local.minute * 60, limits["promise.quiet_from"], limits["promise.quiet_to"]
    return begin <= second < end if begin <= end else second >= begin or second < end


def is_due(last: datetime | None, newest: datetime, at: datetime, limits: Mapping[str, int]) -> bool:
    """True if an account that was last told then should be told now: something has become late since, and enough time has
    passed; or it still stands after a longer time."""
    if last is None:
        return True
    since = at - last
    return (newest > last and since >= timedelta(seconds=limits["promise.digest_every"])
            ) or since >= timedelta(seconds=limits["promise.remind_every"])
