"""The one place where a test lets time go by: it waits for something to be so, and says what did not come."""
from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
PATIENCE_S = 60.0  # on a machine that does much else; a test that passes never waits this long


def wait_until(seen: Callable[[], T | None], missing: str | Callable[[], object], patience_s: float = PATIENCE_S,
               every_s: float = 0.05) -> T:
    """Look again and again, and return what was seen as soon as it is something. Fails with `missing` when it is still
    nothing after `patience_s`; always looks once more after the time is up."""
    deadline = time.monotonic() + patience_s
    while True:
        late = time.monotonic() >= deadline
        if found := seen():
            return found
        if late:
            raise AssertionError(f"not within {patience_s:g} s: {missing() if callable(missing) else missing}")
        time.sleep(every_s)


def still(seen: Callable[[], T], until: Callable[[], object], missing: str) -> T:
    """Look at something, wait until something else is so that comes later, and return what is seen then."""
    before = seen()
    wait_until(until, missing)
    after = seen()
    assert after == before, f"was {before}, is {after}"
    return after
