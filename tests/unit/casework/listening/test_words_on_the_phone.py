"""The phone asks about the same words while they are typed as the server does once it has them."""
from __future__ import annotations

import re
from pathlib import Path

from binhan.casework.listening.rules import DANGER

PHONE = Path(__file__).parents[4] / "web" / "src" / "casework" / "field" / "sounds.ts"


def test_the_lists_are_the_same() -> None:
    found = re.findall(r'\[\s*"(\w+)",\s*\[([^\]]*)\],?\s*\]', PHONE.read_text("utf-8"))
    theirs = {kind: tuple(re.findall(r'"([^"]+)"', terms)) for kind, terms in found}
    assert theirs == DANGER
    assert list(theirs) == list(DANGER)  # the first that fits is the one that is shown
