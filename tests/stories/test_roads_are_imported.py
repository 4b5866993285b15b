"""The ward's roads from an OpenStreetMap file: taken whole, or refused with the reason and nothing written."""
from __future__ import annotations

import json
from pathlib import Path

from tests.support.stack import Stack, new_stack

ALLEYS = Path(__file__).parents[1] / "fixtures" / "alleys.osm"


def answer(stack: Stack, file: Path, *options: str) -> tuple[int, dict[str, object]]:
    """What `binhan import roads` says of a file."""
    done = stack.command("import", "roads", str(file), "--ward", "25888", "--json", *options)
    return done.returncode, json.loads(done.stdout)


def test_roads_are_imported(tmp_path: Path) -> None:
    stack = new_stack()
    status, said = answer(stack, ALLEYS)  # the fixture lies kilometres away from the ward
    assert (status, said["written"]) == (1, 0)
    assert "no walkable road in this ward" in str(said["errors"])
    rubbish, report = tmp_path / "rac.osm.pbf", tmp_path / "sai.csv"
    rubbish.write_bytes(b"not roads")
    status, said = answer(stack, rubbish, "--errors", str(report))
    assert (status, said["written"]) == (1, 0)
    assert "not a readable roads file" in report.read_text(encoding="utf-8-sig")
    assert answer(stack, tmp_path / "none.osm")[0] == 1

    here = tmp_path / "phuong.osm"
    moved = ALLEYS.read_text(encoding="utf-8").replace('lat="10.9', 'lat="11.0').replace('lon="106.6', 'lon="106.7')
    here.write_text(moved, encoding="utf-8")
    status, tried = answer(stack, here, "--dry-run")
    assert (status, tried["written"]) == (0, 0)
    status, said = answer(stack, here)
    assert (status, said["written"]) == (0, tried["read"])
    assert int(str(said["written"])) > 5
    assert stack.command("verify-journal").returncode == 0
