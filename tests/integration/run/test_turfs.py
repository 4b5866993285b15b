"""binhan turfs, as a person runs it: a process of its own, no database, no data directory."""
from __future__ import annotations

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from binhan.kernel.geo import haversine_m
from tests.unit.casework.visits.ward import alleys

ROADS = Path(__file__).parents[2] / "fixtures" / "alleys.osm"
HEAD = "door_id,lat,lon,minutes,group,priority\n"


def run(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """The command in an empty folder, with settings that any other command would refuse."""
    root = str(Path(__file__).parents[3])
    return subprocess.run([sys.executable, "-m", "binhan.run.cli", "turfs", *map(str, arguments)], cwd=cwd, text=True,
                          capture_output=True, timeout=120, check=False, encoding="utf-8",
                          env={"PYTHONPATH": root, "PATH": "/usr/bin:/bin", "PYTHONUTF8": "1", "BINHAN_NO_SUCH": "1"})


def written(folder: Path, rows: str) -> Path:
    path = folder / "doors.csv"
    path.write_bytes(rows.encode("utf-8"))
    return path


def ward(folder: Path, count: int) -> tuple[Path, dict[str, Any]]:
    doors = alleys(count, 1) + alleys(70, 2, "Khu phố 10", 1)
    known = {d.door_id: d for d in doors}
    return written(folder, HEAD + "".join(
        f"{d.door_id},{d.lat!r},{d.lon!r},{d.minutes},{d.group},{d.priority}\n" for d in doors)), known


@pytest.mark.parametrize("count", [150, 700])
def test_json(tmp_path: Path, count: int) -> None:
    """150 in one process, 700 in several."""
    path, known = ward(tmp_path, count)
    done = run(path, "--json", "--max-doors", 50, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    answer = json.loads(done.stdout)
    assert {"turfs", "total_length_m", "seconds", "distance", "balance", "unreachable_doors"} == set(answer)
    assert all(set(t) == {"turf", "group", "priority", "doors", "length_m", "minutes"} for t in answer["turfs"])
    assert sorted(d for t in answer["turfs"] for d in t["doors"]) == sorted(known)
    for turf in answer["turfs"]:
        walk = [known[d] for d in turf["doors"]]
        assert len(walk) <= 50
        metres = sum(haversine_m(a.lat, a.lon, b.lat, b.lon) for a, b in pairwise(walk))
        assert turf["length_m"] == pytest.approx(metres, abs=0.06)
    assert answer["total_length_m"] == pytest.approx(sum(t["length_m"] for t in answer["turfs"]), abs=0.06)
    assert [t["group"] for t in answer["turfs"]][:2] == ["Khu phố 10"] * 2
    assert answer["distance"] == "straight_line"
    again = json.loads(run(path, "--json", "--max-doors", 50, cwd=tmp_path).stdout)
    assert again["turfs"] == answer["turfs"]
    assert list(tmp_path.iterdir()) == [path], "nothing else is written"


def test_table(tmp_path: Path) -> None:
    path, _ = ward(tmp_path, 61)
    done = run(path, cwd=tmp_path)
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert len([line for line in lines if " → " in line]) == 1 + 4
    assert "4 cụm, 131 cửa" in done.stdout
    assert "đường chim bay / straight line" in done.stdout


def test_no_doors(tmp_path: Path) -> None:
    done = run(written(tmp_path, HEAD), "--json", cwd=tmp_path)
    assert done.returncode == 0
    assert json.loads(done.stdout)["turfs"] == []
    assert "0 cụm" in run(tmp_path / "doors.csv", cwd=tmp_path).stdout


def test_roads(tmp_path: Path) -> None:
    path = written(tmp_path, "door_id,lat,lon\nA,10.982,106.671\nB,10.982,106.6712\nC,10.95,106.6\n")
    done = run(path, "--roads", ROADS, "--json", cwd=tmp_path)
    answer = json.loads(done.stdout)
    assert (answer["distance"], answer["unreachable_doors"]) == ("roads", 1)
    assert answer["total_length_m"] > 467 + 5000, "down one alley and up the other, then far away"
    assert "1 doors not reached" in run(path, "--roads", ROADS, cwd=tmp_path).stderr


def test_roads_of_another_place_are_said_not_to_count(tmp_path: Path) -> None:
    path = written(tmp_path, "door_id,lat,lon\nA,21.03,105.85\nB,21.031,105.85\n")
    answer = json.loads(run(path, "--roads", ROADS, "--json", cwd=tmp_path).stdout)
    assert (answer["distance"], answer["unreachable_doors"]) == ("straight_line", 2)


def test_doors_abroad_only_with_the_roads_there(tmp_path: Path, shared: Path) -> None:
    path = written(tmp_path, "door_id,lat,lon\nA,43.7312,7.4145\nB,43.7384,7.4246\n")
    assert run(path, "--json", cwd=tmp_path).returncode == 1
    answer = json.loads(run(path, "--roads", shared / "osm" / "monaco.osm.gz", "--json", cwd=tmp_path).stdout)
    assert (answer["distance"], answer["unreachable_doors"]) == ("roads", 0)
    assert 1140 < answer["total_length_m"] < 3000


def test_every_wrong_row_is_named_and_nothing_planned(tmp_path: Path) -> None:
    path = tmp_path / "doors.csv"
    path.write_bytes(HEAD.encode() + b"A,10.98,106.67,5,,2\nA,10.98,106.67,5,,2\n,10.98,106.67,,,\nN,NaN,106.67,,,\n"
                     b"Z,0,0,,,\nP,48.9,2.3,,,\nM,10.98,106.67,-5,,\nQ,10.98,106.67,,,9.5\nF,10.98\nU,10.98,106.67,,\xe9,\n"
                     b"C,10.98,106.67,,a\x1bb,\n")
    done = run(path, "--json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    answer = json.loads(done.stdout)
    assert list(answer) == ["errors"]
    assert [(e["row"], e["door_id"]) for e in answer["errors"]] == list(
        enumerate(["A", "", "N", "Z", "P", "M", "Q", "F", "U", "C"], 3))
    assert all(set(e) == {"row", "door_id", "reason"} and " / " in e["reason"] for e in answer["errors"])
    plain = run(path, cwd=tmp_path)
    assert (plain.returncode, plain.stdout) == (1, "")
    assert "row 12 (C): " in plain.stderr
    assert all(f"row {row}" in plain.stderr for row in range(3, 13))
    assert "\x1b" not in plain.stderr


@pytest.mark.parametrize(("body", "said"), [(b"", "empty"), (b"A,10.98,106.67\n", "heading"), (b"\xff\xfed\x00", "UTF-8")])
def test_wrong_files(tmp_path: Path, body: bytes, said: str) -> None:
    path = tmp_path / "doors.csv"
    path.write_bytes(body)
    done = run(path, "--json", cwd=tmp_path)
    assert done.returncode == 1
    assert said in json.loads(done.stdout)["errors"][0]["reason"]


def test_files_that_are_not_there_or_not_what_they_should_be(tmp_path: Path) -> None:
    path = written(tmp_path, "door_id,lat,lon\nA,10.98,106.67\n")
    for arguments in ([tmp_path / "none.csv"], [tmp_path], [path, "--roads", tmp_path / "none.osm"],
                      [path, "--roads", path]):
        done = run(*arguments, "--json", cwd=tmp_path)
        assert (done.returncode, done.stderr) == (1, "")
        assert [(e["row"], e["door_id"]) for e in json.loads(done.stdout)["errors"]] == [(0, "")]
        assert run(*arguments, cwd=tmp_path).stdout == ""


@pytest.mark.parametrize("number", ["0", "-1", "501", "sáu", "1.5"])
def test_a_wrong_number_of_doors(tmp_path: Path, number: str) -> None:
    done = run(written(tmp_path, HEAD), "--max-doors", number, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "1–500" in done.stderr
