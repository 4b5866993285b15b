"""These tests need the list with one line more: tests/laws/test_a_noun_is_one_folder.py runs them so."""
from __future__ import annotations

from pathlib import Path

from django.conf import settings

HERE = Path(__file__).parent


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Without that line there is nothing of them to collect."""
    return True if "tests.nouns.finds" not in settings.CONTEXTS and HERE in collection_path.parents else None
