"""Every decision says when it was taken, whether it holds, and what else was possible."""
from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.laws.source import ROOT

RECORDS = sorted((ROOT / "docs" / "adr").glob("*.md"))


@pytest.mark.parametrize("path", RECORDS, ids=lambda p: p.stem)
def test_a_record_has_date_status_and_options(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    number = int(path.stem[:4])
    assert text.startswith(f"# {number}. ")
    assert re.search(r"^Date: 20\d\d-\d\d-\d\d · Status: (?:accepted|superseded by \d+)$", text, re.M)
    assert re.search(r"^(?:\*\*Options\.?\*\*|## Options)", text, re.M), "what else was possible"


def test_numbers_are_given_once() -> None:
    numbers = [path.stem[:4] for path in RECORDS]
    assert len(set(numbers)) == len(numbers)
