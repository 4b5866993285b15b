"""The front end keeps the house's measures: short lines, files and functions, no way around the types; and its half of a
noun's phone says what the server's half says.

Shape, types and floors are checked by Prettier, oxlint and dependency-cruiser (`make lint`); what can be told without
Node is told here, so that it is also told where Node is missing.
"""
from __future__ import annotations

import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

from binhan.casework.phones.phone import PhoneDocuments, PhoneItem
from binhan.site.contexts import CONTEXTS

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "web"
LINE, FILE, FUNCTION = 120, 400, 50
WRITTEN = (".ts", ".mjs", ".cjs", ".css", ".html")
GENERATED = WEB / "src" / "contract" / "openapi.ts"
SOURCES = sorted(p for p in WEB.rglob("*") if p.suffix in WRITTEN and p != GENERATED
                 and not {"node_modules", "dist"} & set(p.parts))
IDS = [str(p.relative_to(WEB)) for p in SOURCES]
SCRIPTS = [p for p in SOURCES if p.suffix == ".ts" and p.is_relative_to(WEB / "src")]
# Prettier puts the end of a function under its beginning: the next line so indented that starts with a brace.
BEGINS = re.compile(
    r"^(?P<indent> *)(?:(?:export|default|async|private|protected|public|static|override|readonly|get|set) )*"
    r"(?:function (?P<name>\w+)|(?:const )?(?P<arrow>\w+)(?:: [^=]+)? = (?:async )?\(|(?!if|for|while|switch|catch|return)"
    r"(?P<method>\w+)(?:<[^(]*>)?\()")
WAY_AROUND = re.compile(r"@ts-(?:ignore|nocheck|expect-error)|(?:oxlint|eslint)-disable|(?::|\bas|<) ?any\b")


def lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def functions(lines: list[str]) -> dict[str, int]:
    """Return the length in lines of each function, method and named arrow function that has a block of its own."""
    found = {}
    for start, line in enumerate(lines):
        begin = BEGINS.match(line)
        if begin is None or line.rstrip().endswith((";", ",")):
            continue
        close = begin["indent"] + "}"
        end = next((n for n in range(start + 1, len(lines)) if lines[n].startswith(close)), None)
        leaves = next((n for n in range(start + 1, len(lines)) if lines[n].strip() and not lines[n].startswith(
            (begin["indent"] + " ", begin["indent"] + ")", close))), len(lines))
        if end is not None and end < leaves:
            found[f"{begin['name'] or begin['arrow'] or begin['method']}:{start + 1}"] = end - start + 1
    return found


def test_the_laws_see_what_they_are_for() -> None:
    body = ["    x;"] * 60
    sample = ["export function long(", "  a: string,", "): void {", *body, "}",
              "class A {", "  private short(): void {", "    x;", "  }", "", "  override async render() {", *body,
              "  }", "}", "const arrow = async (a: A) => {", *body, "};",
              "call(a, b);", "if (a) {", *body, "}"]
    seen = functions(sample)
    assert {name.split(":")[0]: size for name, size in seen.items()} == {
        "long": 64, "short": 3, "render": 62, "arrow": 62}
    assert all(WAY_AROUND.search(line) for line in (
        "let a: any;", "b as any", "Map<any>", "// @ts-ignore", "// oxlint-disable-next-line no-var"))
    assert not WAY_AROUND.search("// so any reader; many: company")


@pytest.mark.parametrize("path", SOURCES, ids=IDS)
def test_sizes(path: Path) -> None:
    lines = lines_of(path)
    assert len(lines) <= FILE
    assert [f"{n}: {len(line)} characters" for n, line in enumerate(lines, 1) if len(line) > LINE] == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda p: str(p.relative_to(WEB)))
def test_functions_and_types(path: Path) -> None:
    lines = lines_of(path)
    assert {name: size for name, size in functions(lines).items() if size > FUNCTION} == {}
    assert [line.strip() for line in lines if WAY_AROUND.search(line)] == []


def brought(source: str, part: str) -> set[str]:
    """The kinds that a noun's `phone.ts` declares as its items or its documents."""
    if part == "documents":
        found = re.search(r"^  documents: \[(.*?)\],$", source, re.DOTALL | re.MULTILINE)
        return set(re.findall(r'kind: "(\w+)"', found[1])) if found else set()
    return set(re.findall(r'^const \w+: PhoneItem<\w+> = \{\n  kind: "(\w+)",$', source, re.MULTILINE))


def brings_of_phones() -> dict[str, tuple[object, ...]]:
    """What each context brings to phones, by its folder."""
    found = {}
    for context in CONTEXTS:
        if find_spec(f"{context}.phone") is not None:
            module = import_module(f"{context}.phone")
            found[context.rpartition(".")[2]] = getattr(module, "PHONE", ())
    return {name: brings for name, brings in found.items() if brings}


def test_a_noun_brings_to_the_browser_what_it_brings_at_the_server() -> None:
    """Each `phone.py` has its `phone.ts`, in the one list of the field app, with the same kinds."""
    nouns = WEB / "src" / "casework"
    listed = re.findall(r'from "(?:\.\./(\w+)|\.)/phone";', (nouns / "field" / "phones.ts").read_text(encoding="utf-8"))
    assert sorted(name or "field" for name in listed) == sorted(p.parent.name for p in nouns.glob("*/phone.ts"))
    for noun, brings in brings_of_phones().items():
        source = (nouns / noun / "phone.ts").read_text(encoding="utf-8")
        assert brought(source, "items") == {b.kind for b in brings if isinstance(b, PhoneItem)}, noun
        assert brought(source, "documents") == {b.kind for b in brings if isinstance(b, PhoneDocuments)}, noun


def test_the_phones_engine_names_no_noun() -> None:
    """By string, where imports cannot see it; that two values met is also what an answer says."""
    kinds = {b.kind for brings in brings_of_phones().values() for b in brings
             if isinstance(b, (PhoneItem, PhoneDocuments))} - {"conflict"}
    named = {path.name: sorted(kinds & set(re.findall(r'"(\w+)"', path.read_text(encoding="utf-8"))))
             for path in (WEB / "src" / "offline").glob("*.ts")}
    assert {name: found for name, found in named.items() if found} == {}
