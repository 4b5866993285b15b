"""The scope of these tests, and a round that is walked."""
from __future__ import annotations

from collections.abc import Iterator

import pytest

from binhan.commons.access.scope import ward_scope
from tests.integration.casework.phones.walk import Walk
from tests.integration.casework.visits.ground import HOME


@pytest.fixture(autouse=True)
def _scope() -> Iterator[None]:
    with ward_scope([HOME], "test"):
        yield


@pytest.fixture
def walk() -> Walk:
    return Walk()
