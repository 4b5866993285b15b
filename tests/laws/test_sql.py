"""The statements in sql/ are written to be read: short lines, short files, functions whose long steps are told."""
from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "binhan").rglob("sql/*.sql"))
IDS = [str(p.relative_to(ROOT)) for p in FILES]
LINE, FILE = 120, 400
# A function of the hot path is one call and often one statement, because each round between steps costs a press time.
# Splitting such a statement would read its tables once for every part. So the bound is wider than elsewhere (80 lines of
# code, where Python has 50), and what passes 40 must tell its steps, in numbered comments. `sos_escalate_due` is the
# longest.
FUNCTION, TOLD = 80, 40
BODY = re.compile(r"CREATE OR REPLACE FUNCTION (\w+)\(.*?\bAS \$\$(.*?)\$\$;", re.S)


def functions(text: str) -> dict[str, list[str]]:
    """Return the lines of each function's whole statement, by its name."""
    return {m[1]: m[0].splitlines() for m in BODY.finditer(text)}


def code(lines: list[str]) -> int:
    """Return how many lines say something: neither a comment alone nor brackets alone."""
    return sum(1 for line in lines if re.search(r"\w", line) and not line.strip().startswith("--"))


def untold(lines: list[str]) -> bool:
    """Whether a long function fails to number its steps from 1 without a gap, three of them at least."""
    steps = [int(n) for n in re.findall(r"^\s*-- (\d+)\. ", "\n".join(lines), re.M)]
    return code(lines) > TOLD and not (len(steps) >= 3 and steps == list(range(1, len(steps) + 1)))


def test_the_laws_see_what_they_are_for() -> None:
    body = ["  x := 1;"] * 41
    long = ["CREATE OR REPLACE FUNCTION f(a int) RETURNS int LANGUAGE plpgsql AS $$", *body, "$$;"]
    assert list(functions("\n".join([*long, "", *[line.replace("f(", "g(") for line in long]]))) == ["f", "g"]
    assert code(["", "  -- told", "  ),", "  x := 1;  -- so"]) == 1
    assert untold(long) and untold(["-- 1. a", "-- 3. b", "-- 2. c", *long])
    assert not untold(["-- 1. a", "-- 2. b", "  -- 3. c", *long]) and not untold(long[:30])


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_sizes(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= FILE
    assert [f"{n}: {len(line)} characters" for n, line in enumerate(text.splitlines(), 1) if len(line) > LINE] == []
    found = functions(text)
    assert {name: code(lines) for name, lines in found.items() if code(lines) > FUNCTION} == {}
    assert [name for name, lines in found.items() if untold(lines)] == [], "tell the steps: -- 1. …"


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_every_file_says_what_it_holds(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("-- ")
