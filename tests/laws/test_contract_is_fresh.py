"""What is generated from the code is what is committed."""
from __future__ import annotations

from pathlib import Path

import pytest

from binhan.site.contract import ROOT, generated

GENERATED = generated()


@pytest.mark.parametrize("path", sorted(GENERATED), ids=lambda p: str(Path(p).relative_to(ROOT)))
def test_fresh(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == GENERATED[path], "run `make contract`"
