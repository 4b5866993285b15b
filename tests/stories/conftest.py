"""What several stories begin from."""
from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.burst import quick_ladder
from tests.support.stack import Stack, new_stack


@pytest.fixture(scope="module")
def hurried() -> Iterator[Stack]:
    """A system whose ladder has rungs of one, two and three seconds."""
    running = new_stack().start()
    quick_ladder(running)
    yield running
    running.stop()
