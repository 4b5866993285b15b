"""Signing in happens dozens of times here, from one address."""
from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _no_rate_limit(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = False
