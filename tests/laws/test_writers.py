"""Only `actions` write: no other file saves, creates, changes or deletes a row, by whatever name it holds it.

Django's own `save`, `delete` and `update` take no positional argument, so `image.save(out)` or `digest.update(chunk)` is
something else; `row.update(a=1)` is let through only where `row` is a dict made or declared in the same function.
"""
from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.laws.source import IDS, SOURCES, tree

ALWAYS = {"create", "get_or_create", "update_or_create", "bulk_create", "bulk_update", "force_insert", "save_base"}
BARE = {"save", "delete", "update"}  # writes when called without a positional argument
WRITES = {f"{prefix}{name}" for name in ALWAYS | BARE for prefix in ("", "a")}
SQL = re.compile(r"\b(INSERT INTO|UPDATE \S+ SET|DELETE FROM|TRUNCATE|COPY \S+ FROM|MERGE INTO)\b")
EXCUSED = {
    "admin.FieldListFilter.create",  # a class of Django's, no row
    "account.save",  # people/models.py: Django's account manager makes the row; people/actions.py calls it
}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def writes_in(module: ast.Module) -> Iterator[str]:
    """Every call and every statement of a module that writes, with its line."""
    for scope in ast.walk(module):
        if isinstance(scope, ast.Module | Function):
            plain = dicts_of(scope)
            for node in _own(scope):
                if isinstance(node, ast.Call) and _is_write(node, plain):
                    yield f"{node.lineno}: {ast.unparse(node.func)}"
                elif SQL.search(_text(node)):
                    yield f"{node.lineno}: SQL that writes"  # type: ignore[attr-defined]


def _own(scope: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a scope, without those of the functions inside it."""
    for child in ast.iter_child_nodes(scope):
        yield child
        if not isinstance(child, Function) and not (isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)):
            yield from _own(child)
        elif isinstance(child, Function):
            for decorator in child.decorator_list:
                yield from ast.walk(decorator)


def _is_write(call: ast.Call, plain: set[str]) -> bool:
    owner, _, name = ast.unparse(call.func).rpartition(".")
    if name not in WRITES or f"{owner}.{name}" in EXCUSED:
        return False
    if name.removeprefix("a") in BARE or name in BARE:
        given = [a for a in call.args if not (isinstance(a, ast.Constant) and isinstance(a.value, bool))]
        return not given and owner not in plain
    return True


def dicts_of(scope: ast.Module | Function) -> set[str]:
    """Names that hold a dict or a set in this scope: by their annotation or by what they are made of."""
    found = set()
    for node in _own(scope):
        if isinstance(node, ast.AnnAssign) and re.match(r"(dict|set)\b", ast.unparse(node.annotation)):
            found.add(ast.unparse(node.target))
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict | ast.DictComp | ast.Set | ast.SetComp):
            found |= {ast.unparse(target) for target in node.targets}
    return found


def _text(node: ast.AST) -> str:
    """A string as it is written; of an f-string, with a word for each part that is filled in."""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(v.value) if isinstance(v, ast.Constant) else "x" for v in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


@pytest.mark.parametrize("path", SOURCES, ids=IDS)
def test_only_actions_write(path: Path) -> None:
    if path.name != "actions.py" and "actions" not in path.parent.parts:
        assert list(writes_in(tree(path))) == [], "only actions write"


@pytest.mark.parametrize("line", [
    "row.save()", "row.save(update_fields=['x'])", "instance.delete()", "await row.asave()", "await rows.aupdate(a=1)",
    "Visit.objects.create(a=1)", "Visit._base_manager.bulk_create(rows)", "visit.issues.create(words='x')",
    "Visit.objects.filter(a=1).update(b=2)", "for row in rows:\n    row.delete()", "get(1).save(True)", "rows.update(a=1)",
    "cursor.execute('INSERT INTO x VALUES (1)')", "cursor.execute(f'UPDATE {table} SET a = 1')",
    "cursor.execute('DELETE FROM x')", "def f(row: Any) -> None:\n    row.save()"])
def test_what_writes_is_seen(line: str) -> None:
    assert list(writes_in(ast.parse(line)))


@pytest.mark.parametrize("line", [
    "image.save(out, 'png')", "digest.update(chunk)", "cells.update((1, 2))", "row: dict[str, int] = {}\nrow.update(a=1)",
    "@router.delete('/people/{id}')\ndef f() -> None: ...", "seen = set()\nseen.update([1])", "'to update a set'"])
def test_what_does_not_is_let_through(line: str) -> None:
    assert list(writes_in(ast.parse(line))) == []
