"""Markup is read by a parser: a pattern over it is wrong by the first file that nests, and slow by the first one that is
meant to be. What is not markup but has a `<` in it says so here."""
from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from tests.laws.source import IDS, ROOT, SOURCES, tree

NO_MARKUP = {
    "binhan/casework/forms/rules/xpath.py": "less-than, in XPath",
    "binhan/casework/households/imports/rows.py": "one of the characters that no name has",
}
BRACKETS = (ord("<"), ord(">"))
CALLS = {"compile", "search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn"}


def patterns(module: ast.Module) -> Iterator[tuple[int, str]]:
    """What is given to `re` as a pattern, with its line; an unknown part of one counts as a letter."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args and (
                ast.unparse(node.func.value) == "re" and node.func.attr in CALLS):
            yield node.lineno, "".join(_texts(node.args[0]))


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant):
        yield node.value.decode("latin-1") if isinstance(node.value, bytes) else str(node.value)
    elif isinstance(node, ast.JoinedStr):
        for part in node.values:
            yield from _texts(part)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield from _texts(node.left)
        yield from _texts(node.right)
    else:
        yield "x"


def brackets(pattern: str) -> bool:
    """Whether it matches, or stops at, an angle bracket."""
    try:
        parsed: Any = _parser.parse(pattern)
    except re.error:  # what stands in its unknown parts makes it whole
        return bool(re.search(r"(?<!\?)(?<!\?P)<(?![=!])", pattern))
    return any(_found(item) for item in parsed)


def _found(item: Any) -> bool:
    if isinstance(item, tuple) and len(item) == 2 and item[0] in (_constants.LITERAL, _constants.NOT_LITERAL):
        return item[1] in BRACKETS
    return isinstance(item, list | tuple | _parser.SubPattern) and any(_found(part) for part in item)


def wrong_in(path: Path) -> list[str]:
    """The patterns of a file that are about markup."""
    return [f"{line}: {pattern}" for line, pattern in patterns(tree(path)) if brackets(pattern)]


@pytest.mark.parametrize("path", SOURCES, ids=IDS)
def test_no_pattern_is_about_markup(path: Path) -> None:
    assert str(path.relative_to(ROOT)) in NO_MARKUP or wrong_in(path) == []


def test_no_exception_is_kept_for_what_is_gone() -> None:
    assert [name for name in NO_MARKUP if not wrong_in(ROOT / name)] == []


@pytest.mark.parametrize("code", [
    r're.compile(rb"<(?:\w+:)?row[\s>]")', r're.sub(r"\s*<\?xml[^>]*\?>", "", text)', r're.findall("<" + name, text)',
    r'''re.compile(r"mergeCell\s[^>]*?ref=")''', r're.split(f"</{name}>", text)'])
def test_markup_is_seen(code: str) -> None:
    (_, pattern), = patterns(ast.parse(code))
    assert brackets(pattern)


@pytest.mark.parametrize("code", [r're.compile(r"(?<!\S)(?P<number>[0-9]+)(?<=x)")', r're.match(f"(?P<a>{b})", text)',
                                  r're.split("[,;]", text)'])
def test_a_group_and_what_stands_before_are_no_markup(code: str) -> None:
    (_, pattern), = patterns(ast.parse(code))
    assert not brackets(pattern)
