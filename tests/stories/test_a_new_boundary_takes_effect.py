"""Promise: a ward imports its own boundary while the system runs, and the very next press is sorted by it; a file
with one wrong feature changes nothing."""
from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.ground import collection, feature
from tests.support.stack import Stack, new_stack
from tests.support.waiting import wait_until

pytestmark = pytest.mark.slow
SPOT = {"lat": 11.0914, "lon": 106.799}  # the middle of Tân Uyên
# What Tân Khánh would have if it reached up there, and what would then be left of Tân Uyên.
NORTHWARD = [[106.74, 10.99], [106.81, 10.99], [106.81, 11.1], [106.74, 11.1], [106.74, 10.99]]
REST = [[106.76, 11.12], [106.82, 11.12], [106.82, 11.16], [106.76, 11.16], [106.76, 11.12]]


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    running = new_stack().start()
    yield running
    running.stop()


def run_import(stack: Stack, path: Path, body: bytes, *options: str) -> tuple[int, dict[str, Any]]:
    """(exit code, what --json printed) of an import of boundaries."""
    path.write_bytes(body)
    done = stack.command("import", "boundaries", str(path), "--json", *options)
    return done.returncode, json.loads(done.stdout)


def huge(path: Path) -> Path:
    """A file of 65 MB that takes no room."""
    with path.open("wb") as file:
        file.truncate(65 * 2**20)
    return path


def test_a_file_that_cannot_be_imported_ends_the_command_with_one_and_a_reason(stack: Stack, tmp_path: Path) -> None:
    latin, empty = tmp_path / "latin.csv", tmp_path / "empty.geojson"
    latin.write_bytes("mã,tên\n".encode("utf-16"))
    empty.touch()
    for kind, path, reason in [("boundaries", tmp_path / "none", "No such file"), ("units", tmp_path, "directory"),
                               ("units", latin, "UTF-8"), ("boundaries", empty, "empty"),
                               ("boundaries", huge(tmp_path / "huge"), "64 MB")]:
        done = stack.command("import", kind, str(path), "--json")
        assert (done.returncode, json.loads(done.stdout)["written"]) == (1, 0), (kind, path)
        assert reason in json.loads(done.stdout)["errors"][0]["reason"]
        plain = stack.command("import", kind, str(path))
        assert plain.returncode == 1
        assert reason in plain.stderr
        assert "Traceback" not in plain.stderr


def ward_of_a_press(stack: Stack) -> str:
    status, answer, _ = stack.press(**SPOT)
    assert status == 201, answer
    return str(answer["ward_code"])


def test_a_new_boundary_takes_effect_at_once(stack: Stack, tmp_path: Path) -> None:
    mine, errors = tmp_path / "mine.geojson", tmp_path / "errors.csv"
    assert ward_of_a_press(stack) == "25888"

    moved = [feature("25891", NORTHWARD), feature("25888", REST)]
    code, said = run_import(stack, mine, collection(*moved, feature("25920", [[0, 0]])), "--errors", str(errors))
    assert (code, said["written"], len(said["errors"])) == (1, 0, 1)
    assert said["errors"][0]["row"] == 3
    assert errors.read_text(encoding="utf-8-sig").splitlines()[1].startswith("3,25920,")
    assert ward_of_a_press(stack) == "25888"

    code, said = run_import(stack, mine, collection(*moved), "--dry-run")
    assert (code, said["read"], said["written"]) == (0, 2, 0)
    assert ward_of_a_press(stack) == "25888"

    code, said = run_import(stack, mine, collection(*moved))
    assert (code, said["written"]) == (0, 2)
    wait_until(lambda: ward_of_a_press(stack) == "25891", "the hot path still sorts by the old boundary", 5)

    assert stack.command("verify-journal").returncode == 0
