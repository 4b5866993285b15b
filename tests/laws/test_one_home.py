"""What everybody needs has one home: which ward has a point, search without diacritics, cursors, which ward is meant."""
from __future__ import annotations

import re
from pathlib import Path

import pytest

PRODUCT = Path(__file__).resolve().parents[2] / "binhan"
HOMES = {
    r"unicodedata\.combining\(": ["kernel/text.py"],
    r"\bunaccent\b": [],
    r"urlsafe_b64decode\(": ["kernel/cursors.py"],
    r"\"bad_cursor\"": ["kernel/cursors.py"],
    r"\"which_ward\"": ["commons/access/queries.py"],
    r"\bWardIndex\(": ["commons/places/queries.py", "live/wards.py"],
    r"\.nearest\(lat": ["kernel/geo.py"],
}


@pytest.mark.parametrize(("pattern", "homes"), HOMES.items(), ids=str)
def test_one_home(pattern: str, homes: list[str]) -> None:
    sources = [*PRODUCT.rglob("*.py"), *PRODUCT.rglob("*.sql")]
    found = [str(path.relative_to(PRODUCT)) for path in sources if re.search(pattern, path.read_text(encoding="utf-8"))]
    assert sorted(found) == sorted(homes)
