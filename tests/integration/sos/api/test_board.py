"""The desk's board: journal rows applied one by one show what a desk shows that is opened only afterwards – for every kind
of row that reaches a desk, produced by the verb that really writes it, sent as the hot path sends it, and read by the real
code of the screen."""
from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from binhan.commons.context import contexts, lifecycles
from binhan.live.validate import FACTS
from binhan.site.environment import Environment
from tests.integration.sos.api.desk_cases import CASES, play
from tests.integration.sos.api.desk_world import World
from tests.laws.source import ROOT, SOURCES, tree
from tests.support.databases import copied

DESK_KINDS = {kind for context in contexts() for kind in context.desk_events}
WEB = ROOT / "web"
MAIN = """import { readFileSync } from "node:fs";
import { replayAll } from "./replay.mjs";
process.stdout.write(JSON.stringify(await replayAll(JSON.parse(readFileSync(process.argv[2], "utf8")))));"""
OFTEN = {"waiting_s", "age_s"}  # these run while one looks
NOT_SHOWN = {"verbs", "actions"}  # of a task: what its crew may do, which is no business of the desk
ACTORS = {"resident", "clock", "incident"}  # other words that stand in an array_fill
MICRO = re.compile(r"(T\d\d:\d\d:\d\d\.\d{3})\d*Z$")
# Verbs that the hot path's own functions write.
WRITTEN_IN_SQL = re.compile(r"array_fill\('(\w+)'::text|verbs \|\| '(\w+)'|THEN '(\w+)' ELSE '(\w+)' END ORDER BY p")


@pytest.fixture(scope="module")
def played(server: Environment, django_db_setup: None, django_db_blocker: Any) -> Iterator[list[dict[str, Any]]]:
    """Every case, on a database of its own."""
    with django_db_blocker.unblock(), copied(server) as database:
        world = World(server, database)
        try:
            yield [play(world, case) for case in CASES]
        finally:
            world.close()


@pytest.fixture(scope="module")
def told(played: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What the screen's own code makes of them, by case."""
    folder = tmp_path_factory.mktemp("board")
    given, bundle, main = folder / "cases.json", folder / "replay.mjs", folder / "main.mjs"
    given.write_text(json.dumps(played), encoding="utf-8")
    main.write_text(MAIN, encoding="utf-8")
    path = f"{ROOT / '.venv/bin'}:/usr/local/bin:/usr/bin:/bin"
    node = shutil.which("node") or shutil.which("node", path=path)
    assert node, "node is needed: ops/setup.sh test"
    subprocess.run([WEB / "node_modules/.bin/esbuild", WEB / "tests/sos/desk/replay.ts", "--bundle", "--platform=node",
                    "--format=esm", f"--outfile={bundle}", "--log-level=error"], check=True, cwd=WEB)
    done = subprocess.run([node, main, given], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return {one["name"]: one for one in json.loads(done.stdout)}


@pytest.mark.parametrize("name", [case.__name__ for case in CASES])
def test_events_one_by_one_give_the_same_board_as_a_fresh_fetch(told: dict[str, dict[str, Any]], name: str) -> None:
    kept, fresh = plain(told[name]["kept"]), plain(told[name]["fresh"])
    assert kept["rows"].keys() == fresh["rows"].keys()
    for key, row in fresh["rows"].items():
        assert kept["rows"][key] == row
    assert kept["units"] == fresh["units"]
    assert kept["ward"] == fresh["ward"]
    assert kept["chosen"] == fresh["chosen"]


@pytest.mark.parametrize("name", [case.__name__ for case in CASES])
def test_what_an_event_changes_by_itself_is_so(told: dict[str, dict[str, Any]], name: str) -> None:
    """Before anything was read again: whatever the board has changed in a row is what the server has there."""
    begun, at_once, fresh = (told[name][moment] for moment in ("begun", "at_once", "fresh"))
    for key, row in at_once.items():
        for field, value in row.items():
            if key in begun and value != begun[key][field]:
                true = fresh["rows"][key][field]
                assert (bool(value), bool(true)) == (True, True) if field.endswith("_at") else value == true, (key, field)


def plain(shown: Any) -> Any:
    """Without what runs on by itself; times to the millisecond, as the API gives them."""
    if isinstance(shown, dict):
        return {k: plain(v) for k, v in shown.items() if k not in OFTEN and not (k in NOT_SHOWN and "offered_at" in shown)}
    if isinstance(shown, list):
        return [plain(v) for v in shown]
    return MICRO.sub(r"\1Z", shown) if isinstance(shown, str) else shown


def test_every_event_of_the_desks_stream_is_among_the_cases(played: list[dict[str, Any]]) -> None:
    """A verb or a kind that is new is missing here until somebody adds how it comes about."""
    seen = {(event["subject_kind"], event["verb"]) for one in played for event in one["events"]}
    assert {kind for kind, _ in seen} == DESK_KINDS - {"incident_list"}, "that one is read before each case"
    assert expected() - seen == set()


def expected() -> set[tuple[str, str]]:
    """(kind, verb) of every row that the sources can write for a desk: lifecycles, what a phone adds, and words in code."""
    found = {(lifecycle.name, move.verb) for lifecycle in lifecycles() if lifecycle.name in DESK_KINDS
             for move in lifecycle.moves} | {("incident", kind) for kind in FACTS}
    for path in sorted((ROOT / "binhan/sos").rglob("*.sql")):
        for match in WRITTEN_IN_SQL.finditer(path.read_text(encoding="utf-8")):
            found |= {("incident", verb) for verb in match.groups() if verb and verb not in ACTORS}
    for path in SOURCES:
        found |= set(written_by(path))
    return found


def written_by(path: Path) -> Iterator[tuple[str, str]]:
    """(kind, verb) in `append(ward, actor, verb, kind, …)` and in rows of that shape, where both are words."""
    for node in ast.walk(tree(path)):
        row = node.args if isinstance(node, ast.Call) and ast.unparse(node.func) == "append" else \
            node.elts if isinstance(node, ast.Tuple) and len(node.elts) == 6 else []
        if len(row) >= 5 and isinstance(row[3], ast.Constant) and row[3].value in DESK_KINDS:
            for word in ast.walk(row[2]):
                if isinstance(word, ast.Constant) and isinstance(word.value, str):
                    yield str(row[3].value), word.value
