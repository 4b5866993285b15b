"""Templates are written to be read: short lines, one thought a line, indented as they nest, styles in files."""
from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "binhan").rglob("templates/**/*.html"))
IDS = [str(p.relative_to(ROOT)) for p in TEMPLATES]
LINE, FILE, TAGS = 120, 400, 3
TAG = re.compile(r"<[a-z][a-z0-9-]*[\s>]")


def long_lines(text: str) -> list[str]:
    return [f"{n}: {len(line)} characters" for n, line in enumerate(text.splitlines(), 1) if len(line) > LINE]


def crowded_lines(text: str) -> list[str]:
    """Return the lines on which more than three elements begin: that is HTML squeezed together by hand."""
    return [f"{n}: {line.strip()}" for n, line in enumerate(text.splitlines(), 1) if len(TAG.findall(line)) > TAGS]


def test_the_laws_see_what_they_are_for() -> None:
    assert long_lines("ngắn\n" + "ấ" * (LINE + 1)) == [f"2: {LINE + 1} characters"]
    assert crowded_lines("<li><b>1</b><i>2</i><span lang=en>3</span></li>") and not crowded_lines("<p><b>1</b> < 2</p>")


@pytest.mark.parametrize("path", TEMPLATES, ids=IDS)
def test_sizes(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= FILE
    assert long_lines(text) == []
    assert crowded_lines(text) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=IDS)
def test_styles_lie_in_files_of_their_own(path: Path) -> None:
    for style in re.findall(r"<style>(.*?)</style>", path.read_text(encoding="utf-8"), re.S):
        assert re.fullmatch(r'\{% include "[a-z_/]+\.css" %\}', style), "rules belong into a .css file, which is formatted"


def test_they_are_indented_as_they_nest() -> None:
    check = [str(Path(sys.executable).with_name("djhtml")), "--check", "--tabwidth", "2", *map(str, TEMPLATES)]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"run `make format`: {done.stderr}"
