"""Our Python sources, as the laws read them."""
from __future__ import annotations

import ast
import functools
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
# Ours, and any context that the list has from elsewhere.
FOLDERS = [ROOT / "binhan", *(ROOT.joinpath(*app.split(".")) for app in settings.CONTEXTS if not app.startswith("binhan."))]
SOURCES = sorted(p for folder in FOLDERS for p in folder.rglob("*.py") if "migrations" not in p.parts)
IDS = [str(p.relative_to(ROOT)) for p in SOURCES]


@functools.cache
def tree(path: Path) -> ast.Module:
    """The parsed module."""
    return ast.parse(path.read_text(encoding="utf-8"))


def dotted(path: Path) -> str:
    """A source file's module name."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def imported(path: Path) -> set[str]:
    """Every module, and every name of one, that a file imports."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found
