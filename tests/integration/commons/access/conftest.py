"""Signing in happens dozens of times here: a quick hash, so that the tests measure rights and not arithmetic."""
from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _quick_hash(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
