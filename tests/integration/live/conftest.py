"""The hot path as programs outside see it: one running system for all of these tests."""
from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from binhan.kernel.ids import new_id
from binhan.kernel.tokens import sign
from binhan.site.environment import load
from tests.support.stack import Stack, new_stack

WARD = 25888
Signer = Callable[..., str]


@pytest.fixture(scope="package")
def stack() -> Iterator[Stack]:
    """The sample ward, running for real."""
    running = new_stack().start()
    yield running
    running.stop()


@pytest.fixture(scope="package")
def signed(stack: Stack) -> Signer:
    """Makes stream tokens as Django does."""
    key = load({"BINHAN_DATA_DIR": str(stack.folder), "BINHAN_PORT": str(stack.port)}).key

    def make(ward: int = WARD, seconds: float = 300, desk: bool = True, purpose: str = "desk-stream") -> str:
        return sign({"ward_id": ward, "account": str(new_id()), "roles": ["desk_officer"], "desk": desk,
                     "exp": time.time() + seconds}, key, purpose)
    return make
