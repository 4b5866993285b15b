"""Where things are called what: the names of files at every depth of a context, and tests that mirror the tree."""
from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.laws.source import IDS, ROOT, SOURCES, dotted, imported, tree

GROUPS = ("commons", "sos", "casework", "insight")
USUAL = {"__init__", "lifecycle", "rules", "events", "models", "actions", "queries", "api", "pages", "tasks", "admin"}
PURE = {"rules", "events"}
BANNED = re.compile(r"(service|manager|helper|util|common|misc|base|core|data|handler)s?")
WRITTEN = [p for kind in ("py", "ts", "sql", "css", "sh") for folder in ("binhan", "web/src", "ops", "bench", "tests")
           for p in (ROOT / folder).rglob(f"*.{kind}")]  # a template called base.html is what others look for
MIRRORS = [ROOT / "tests" / kind for kind in ("unit", "integration")]


def allowed() -> dict[str, set[str]]:
    """By place – a context's path, or "any context" – the names that the decision lists."""
    found: dict[str, set[str]] = {}
    for line in (ROOT / "docs/adr/0003-file-names.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `") and re.fullmatch(r"\d{1,2} \w{3} \d{4}", cells[-1]):
            for place in ["any context"] if cells[1] == "any context" else re.findall(r"`([^`]+)`", cells[1]):
                found.setdefault(place, set()).update(re.findall(r"`([^`]+)`", cells[0]))
    return found


def place_of(path: Path) -> tuple[str, ...]:
    """(group, context, file) of a source, as if a context from elsewhere stood in casework."""
    ours = path.relative_to(ROOT).with_suffix("").parts
    return ours[1:] if ours[0] == "binhan" else ("casework", *ours[2:])


def contexts() -> Iterator[Path]:
    """Every context, as a path below binhan/: what holds code in a group, a group's own `api` among them."""
    for group in GROUPS:
        for folder in sorted((ROOT / "binhan" / group).iterdir()):
            if (folder / "__init__.py").exists():
                yield folder.relative_to(ROOT / "binhan")


def test_every_file_of_a_context_has_a_name_that_was_decided() -> None:
    names, wrong = allowed(), []
    assert {"imports", "context"} <= names["any context"], "the table of the decision can be read"
    for path, shown in zip(SOURCES, IDS, strict=True):
        group, *inside = place_of(path)
        if group not in GROUPS or len(inside) < 2 or inside[0] in USUAL:
            continue
        if inside[1] not in USUAL | names["any context"] | names.get(f"{group}/{inside[0]}", set()):
            wrong.append(shown)
    assert wrong == [], "name it as the others are, or decide in docs/adr/0003-file-names.md"


def test_no_name_that_says_nothing() -> None:
    named = {part.partition(".")[0]: p for p in WRITTEN for part in p.relative_to(ROOT).parts[1:]}
    assert {name: str(p) for name, p in named.items() if BANNED.fullmatch(name) and name != "commons"} == {}


@pytest.mark.parametrize("mirror", MIRRORS, ids=lambda p: p.name)
def test_every_folder_of_tests_is_named_after_what_it_tests(mirror: Path) -> None:
    folders = {p.parent.relative_to(mirror) for p in mirror.rglob("test_*.py")}
    assert [str(f) for f in sorted(folders) if not (ROOT / "binhan" / f / "__init__.py").exists()] == []


@pytest.mark.parametrize("context", list(contexts()), ids=str)
def test_every_context_has_tests_in_its_mirrored_folder(context: Path) -> None:
    tests = [p for mirror in MIRRORS for p in (mirror / context).rglob("test_*.py")]
    module = ".".join(("binhan", *context.parts))
    over_http = context.name == "api"  # its tests speak HTTP and need not import it
    assert tests and (over_http or any(name.startswith(module) for p in tests for name in imported(p)))


def pure_modules() -> Iterator[Path]:
    """Modules of pure functions: the kernel's, and the rules and events of every context."""
    for path in SOURCES:
        parts = path.relative_to(ROOT).with_suffix("").parts[1:]
        says_something = any(isinstance(node, ast.FunctionDef) for node in ast.walk(tree(path)))
        if says_something and (parts[0] == "kernel" or PURE & set(parts)):
            yield path


@pytest.mark.parametrize("path", list(pure_modules()), ids=lambda p: str(p.relative_to(ROOT)))
def test_every_pure_module_is_called_by_a_unit_test(path: Path) -> None:
    inside = path.relative_to(ROOT / "binhan").parent
    while inside.name in PURE:
        inside = inside.parent
    names = {name for p in (ROOT / "tests" / "unit" / inside).rglob("*.py") for name in imported(p)}
    assert dotted(path) in names
