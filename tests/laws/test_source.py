"""The source keeps its own house rules: sizes, no forbidden fields, no wall clock in rules, no silent failure."""
from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps

from tests.laws.source import IDS, ROOT, SOURCES, tree

FORBIDDEN_FIELDS = re.compile(r"politic|relig|attitude|sentiment|score|loyal|ethnic", re.I)
LINES, FUNCTION_LINES = 400, 50
OTHER_LANGUAGES = [p for folder in ("binhan", "web/src", "web/build", "ops") for p in sorted((ROOT / folder).rglob("*.*"))
                   if p.suffix in (".ts", ".css", ".html", ".sql", ".sh", ".mjs")
                   and p.name != "openapi.ts"]  # generated
PURE = {"kernel", "lifecycle.py", "rules", "rules.py", "events", "events.py"}


@pytest.mark.parametrize("path", SOURCES, ids=IDS)
def test_sizes(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= LINES, f"{len(lines)} lines"
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= FUNCTION_LINES, f"{node.name} has {length} lines"


@pytest.mark.parametrize("path", OTHER_LANGUAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_sizes_of_other_languages(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LINES


@pytest.mark.parametrize("path", SOURCES, ids=IDS)
def test_every_module_says_what_it_owns(path: Path) -> None:
    assert ast.get_docstring(tree(path)), "no module docstring"


@pytest.mark.parametrize("path", [p for p in SOURCES if PURE & set(p.relative_to(ROOT).parts)], ids=str)
def test_rules_are_pure(path: Path) -> None:
    """No Django, and no wall clock: time comes in as a value."""
    if path.name in ("clock.py", "ids.py", "tokens.py"):
        return  # these are the clock, and what stamps it
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"^\s*(from|import) django", text, re.M)
    assert not re.search(r"datetime\.now\(|timezone\.now\(|time\.time\(", text)


def test_no_field_about_what_people_think_or_believe() -> None:
    wrong = [f"{m.__name__}.{f.name}" for m in apps.get_models() if m.__module__.startswith("binhan.")
             for f in m._meta.get_fields() if FORBIDDEN_FIELDS.search(f.name)]
    assert wrong == []


@pytest.mark.parametrize("path", SOURCES, ids=IDS)
def test_no_broad_except_without_a_reason(path: Path) -> None:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if re.search(r"except( Exception)?\s*:", line):
            assert "noqa: BLE001 - " in line, f"{number}: {line.strip()}"
