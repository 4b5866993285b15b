"""The built screens as they are held in memory."""
from __future__ import annotations

import gzip
from pathlib import Path

from binhan.run.front import Static

PAGE = "<!doctype html>" + "<p>Khẩn cấp: gọi 113.</p>" * 40


def packed(root: Path) -> bytes:
    """The compressed form of the only page."""
    files = Static(root).files
    assert list(files) == ["/press.html"], "a twin is no file of its own"
    found = files["/press.html"][1]
    assert found is not None
    return found


def test_the_builds_own_twin_is_served_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "press.html").write_text(PAGE, encoding="utf-8")
    twin = gzip.compress(PAGE.encode(), 1)
    (tmp_path / "press.html.gz").write_bytes(twin)
    assert packed(tmp_path) == twin


def test_a_twin_of_another_day_or_none_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "press.html").write_text(PAGE, encoding="utf-8")
    assert gzip.decompress(packed(tmp_path)) == PAGE.encode()
    for stale in (gzip.compress(PAGE.replace("113", "114").encode()), gzip.compress(PAGE.encode())[:-20], b""):
        (tmp_path / "press.html.gz").write_bytes(stale)
        assert gzip.decompress(packed(tmp_path)) == PAGE.encode()
