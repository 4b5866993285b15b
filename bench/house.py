"""python -m bench.house CHECKOUT [CHECKOUT…]: counts of the source, side by side: what seconds do not tell."""
from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

LEFT_OUT = {"node_modules", ".venv", "dist", "migrations", ".git", "__pycache__"}
GENERATED = {"openapi.ts", "lifecycles.json", "openapi.json"}
LANGUAGES = {"Python": "*.py", "TypeScript": "*.ts", "CSS": "*.css", "HTML": "*.html", "SQL": "*.sql"}


def files(root: Path, folder: str, pattern: str) -> Iterator[Path]:
    """What people write in a folder."""
    for path in sorted((root / folder).rglob(pattern)):
        if not LEFT_OUT & set(path.relative_to(root).parts) and path.name not in GENERATED:
            yield path


def longest(root: Path, pattern: str) -> int:
    """Characters of the longest line of a language."""
    lines = (line for folder in ("binhan", "web", "bench", "tests") for path in files(root, folder, pattern)
             for line in path.read_text(encoding="utf-8", errors="replace").splitlines())
    return max(map(len, lines), default=0)


def lines_of(root: Path, folder: str, pattern: str) -> int:
    """How many lines people wrote there."""
    return sum(len(path.read_text(encoding="utf-8").splitlines()) for path in files(root, folder, pattern))


def fan_out(root: Path) -> tuple[int, str]:
    """The most contexts that one module names, and which module it is."""
    return max((len(set(_contexts(path))), str(path.relative_to(root))) for path in files(root, "binhan", "*.py"))


def _contexts(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        parts = (node.module or "").split(".") if isinstance(node, ast.ImportFrom) else []
        if parts[:1] == ["binhan"] and len(parts) > 2 and parts[1] in ("commons", "sos", "casework"):
            yield ".".join(parts[:3])


def operations(root: Path) -> tuple[int, int]:
    """(with a shape or a media type of their own, all) of the API's operations."""
    document = json.loads((root / "docs" / "reference" / "openapi.json").read_text(encoding="utf-8"))
    every = [operation for path in document["paths"].values() for operation in path.values()]
    return sum(_typed(o) for o in every), len(every)


def _typed(operation: dict[str, Any]) -> bool:
    good = {status: answer for status, answer in operation["responses"].items() if status.startswith("2")}
    return all(status == "204" or _shaped(answer.get("content", {})) for status, answer in good.items())


def _shaped(content: dict[str, Any]) -> bool:
    if set(content) != {"application/json"}:
        return bool(content)
    schema = content["application/json"]["schema"]
    return all("$ref" in one or "properties" in one for one in schema.get("anyOf", [schema.get("items", schema)]))


def main() -> None:
    """Print them."""
    roots = [Path(name).resolve() for name in sys.argv[1:] or ["."]]
    rows = {"typed operations of the API": ["{} of {}".format(*operations(r)) for r in roots],
            "contexts named by one module, at most": ["{} ({})".format(*fan_out(r)) for r in roots],
            "lines of `binhan` (Python, without migrations)": [str(lines_of(r, "binhan", "*.py")) for r in roots],
            "lines of `web/src` (TypeScript)": [str(lines_of(r, "web/src", "*.ts")) for r in roots],
            **{f"longest line, {name}": [str(longest(r, pattern)) for r in roots] for name, pattern in LANGUAGES.items()}}
    for name, values in rows.items():
        print(f"| {name} | {' | '.join(values)} |")


if __name__ == "__main__":
    main()
