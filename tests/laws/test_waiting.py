"""A test waits for something to be so, never for time to go by: the one loop that does is `tests/support/waiting.py`.

What is about time itself moves a clock: of the database (`tests/support/virtual_time.py`), of a page (`page.clock`), of the
code under test (a value handed in). Letting other tasks of one event loop run (`asyncio.sleep(0)`) is no waiting.
"""
from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.laws.source import ROOT, tree

TESTS = sorted((ROOT / "tests").rglob("*.py"))
THE_ONE = ROOT / "tests" / "support" / "waiting.py"
SLEEPS = {"sleep", "wait_for_timeout", "Timer"}


def sleeps(module: ast.Module) -> Iterator[str]:
    """Every call that lets time go by, with its line."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in SLEEPS:
            yields = ast.unparse(node.func) == "asyncio.sleep" and [ast.unparse(a) for a in node.args] == ["0"]
            if not yields:
                yield f"{node.lineno}: {ast.unparse(node)[:80]}"


@pytest.mark.parametrize("path", [p for p in TESTS if p != THE_ONE], ids=lambda p: str(p.relative_to(ROOT)))
def test_no_test_lets_time_go_by(path: Path) -> None:
    assert list(sleeps(tree(path))) == [], "wait_until something is so, or move a clock"


def test_the_one_that_waits_sleeps_in_one_place() -> None:
    assert len(list(sleeps(tree(THE_ONE)))) == 1


@pytest.mark.parametrize("line", ["time.sleep(1)", "sleep(0)", "await asyncio.sleep(0.01)", "page.wait_for_timeout(300)",
                                  "threading.Timer(1, kill).start()", "await asyncio.sleep(n)"])
def test_sleeping_is_seen(line: str) -> None:
    assert list(sleeps(ast.parse(line)))


def test_giving_others_a_turn_is_no_sleep() -> None:
    assert list(sleeps(ast.parse("await asyncio.sleep(0)"))) == []
