"""binhan turfs: a list of doors cut into walks, from a file, with no database and no data directory."""
from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from binhan.casework.visits.rules.doors import BadRow, Door, Reading
    from binhan.casework.visits.rules.turfs import SolveAll, Turf
    from binhan.commons.roads.rules.distances import Distances

ALONE = 600  # up to so many doors one process is done sooner than a second has started
FILE_MAX = 64 * 2**20  # bytes


def register(commands: Any) -> None:
    """Add the command."""
    command = commands.add_parser("turfs", help="chia danh sách cửa thành cụm đi bộ / cut a list of doors into walks")
    command.add_argument("file", type=Path, metavar="DOORS.csv", help="door_id,lat,lon[,minutes,group,priority]")
    command.add_argument("--max-doors", type=_max_doors, default=60, metavar="N", help="số cửa tối đa mỗi cụm (60)")
    command.add_argument("--roads", type=Path, metavar="FILE", help="đường đi: .osm, .osm.gz, .osm.pbf / roads")
    command.add_argument("--json", action="store_true", help="kết quả dạng JSON")
    command.set_defaults(run=run_turfs)


def _max_doors(text: str) -> int:
    from binhan.casework.visits.rules.turfs import MOST_DOORS  # noqa: PLC0415 - numpy only for who needs it
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= MOST_DOORS:
        raise argparse.ArgumentTypeError(f"1–{MOST_DOORS}, không phải / not {text!r}")
    return int(text)


def run_turfs(given: argparse.Namespace) -> int:
    """Read, check everything, and plan only if nothing is wrong."""
    from binhan.casework.visits.rules.doors import BadRow  # noqa: PLC0415 - numpy and scipy only for who needs them
    from binhan.casework.visits.rules.turfs import plan  # noqa: PLC0415 - as above
    began = time.perf_counter()
    try:
        reading = _read(given)
        if reading.errors:
            return _refuse(given, reading.errors)
        distances, unreachable = _distances(given, reading.doors)
    except OSError as error:
        return _refuse(given, [BadRow(0, "", f"{error.filename or given.file}: {error.strerror or error}")])
    with _processes(len(reading.doors)) as solve_all:
        turfs = plan(reading.doors, given.max_doors, distances, solve_all)
    result = _result(turfs, distances.kind, unreachable, reading.ignored)
    result["seconds"] = round(time.perf_counter() - began, 3)
    (_print_json if given.json else _print_table)(result)
    return 0


def _read(given: argparse.Namespace) -> Reading:
    """The doors. With roads, doors outside Viet Nam are allowed where the roads are."""
    from binhan.casework.visits.rules.doors import read_doors  # noqa: PLC0415 - as in run_turfs
    with given.file.open("rb") as file:
        body = file.read(FILE_MAX + 1)
    if len(body) > FILE_MAX:
        raise OSError(0, f"lớn hơn {FILE_MAX >> 20} MB / larger than {FILE_MAX >> 20} MB", str(given.file))
    reading = read_doors(body)
    if reading.errors and given.roads:
        reading = read_doors(body, _roads(given.roads, None).box)
    return reading


def _roads(path: Path, box: Any) -> Any:
    from binhan.commons.roads.imports import UnreadableRoads, read_roads  # noqa: PLC0415 - as in run_turfs
    from binhan.commons.roads.rules.modes import Mode  # noqa: PLC0415 - as in run_turfs
    with path.open("rb"):
        pass  # says plainly what is wrong with the file, if it cannot be opened
    try:
        return read_roads(path, Mode.FOOT, box)
    except UnreadableRoads as error:
        raise OSError(0, f"không đọc được tệp đường đi / not a readable roads file ({error})", str(path)) from error


def _distances(given: argparse.Namespace, doors: list[Door]) -> tuple[Distances, int]:
    """Distances between the doors, and how many of them no road reaches."""
    from binhan.commons.roads.rules.distances import StraightLine  # noqa: PLC0415 - as in run_turfs
    if not given.roads or not doors:
        return StraightLine(), 0
    from binhan.commons.roads.rules.walking import around, distances_on_foot  # noqa: PLC0415 - as in run_turfs
    points = [(door.lat, door.lon) for door in doors]
    return distances_on_foot(_roads(given.roads, around(points)), points)


@contextmanager
def _processes(doors: int) -> Iterator[SolveAll]:
    """The map that solves blocks: as many processes as this one may use, if that pays."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if doors <= ALONE or cores < 2:
        yield map
        return
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - only for large lists
    from multiprocessing import get_context  # noqa: PLC0415 - as above
    with ProcessPoolExecutor(cores, get_context("spawn")) as pool:
        def in_order(solve: Callable[[Any], Any], blocks: Iterable[Any]) -> Iterable[Any]:
            return pool.map(solve, blocks)
        yield in_order


def _result(turfs: list[Turf], distance: str, unreachable: int, ignored: list[str]) -> dict[str, Any]:
    """The answer, all but the seconds."""
    from binhan.casework.visits.rules.turfs import balance  # noqa: PLC0415 - as in run_turfs
    result: dict[str, Any] = {
        "turfs": [{"turf": t.turf, "group": t.group, "priority": t.priority, "doors": list(t.doors),
                   "length_m": t.length_m, "minutes": t.minutes} for t in turfs],
        "total_length_m": round(sum((t.length_m for t in turfs), 0.0), 1), "seconds": 0.0, "distance": distance,
        "unreachable_doors": unreachable, "balance": balance(turfs)}
    if ignored:
        result["ignored_columns"] = ignored
    return result


def _refuse(given: argparse.Namespace, errors: list[BadRow]) -> int:
    """Name every wrong row; nothing is planned."""
    if given.json:
        _print_json({"errors": [{"row": e.row, "door_id": e.door_id, "reason": e.reason} for e in errors]})
        return 1
    for e in errors:
        where = f"dòng / row {e.row}" if e.row else "tệp / file"
        print(f"{where}{f' ({e.door_id})' if e.door_id else ''}: {e.reason}", file=sys.stderr)
    print(f"{len(errors)} lỗi, không chia cụm nào. / {len(errors)} errors, nothing planned.", file=sys.stderr)
    return 1


def _print_json(value: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def _print_table(result: dict[str, Any]) -> None:
    """One line per turf, and what the whole comes to."""
    rows = [("cụm", "ưu tiên", "nhóm", "cửa", "mét", "phút", "từ cửa → đến cửa")]
    rows += [(str(t["turf"]), str(t["priority"]), t["group"] or "–", str(len(t["doors"])), f"{t['length_m']:.0f}",
              f"{t['minutes']:.0f}", f"{t['doors'][0]} → {t['doors'][-1]}") for t in result["turfs"]]
    wide = [max(len(row[i]) for row in rows) for i in range(6)]
    for row in rows:
        cells = [cell.ljust(w) if i == 2 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, wide, strict=False))]
        print("  ".join([*cells, row[6]]))
    doors = sum(len(t["doors"]) for t in result["turfs"])
    word = {"straight_line": "đường chim bay / straight line", "roads": "đi bộ theo đường / on foot along roads"}
    print(f"\n{len(result['turfs'])} cụm, {doors} cửa, {result['total_length_m']:.0f} m ({word[result['distance']]}), "
          f"{result['seconds']:.1f} giây. Thứ tự từng cửa: --json.")
    if result["balance"]:
        print("Cụm lớn nhất so với trung bình / largest to mean: cửa {doors:.2f}, phút {minutes:.2f}"
              .format(**result["balance"]))
    if result["unreachable_doors"]:
        print(f"{result['unreachable_doors']} cửa không tới được theo tệp đường đi: tính đường chim bay. / "
              f"{result['unreachable_doors']} doors not reached by the roads: straight line.", file=sys.stderr)
    if result.get("ignored_columns"):
        print(f"Cột không dùng / columns not used: {', '.join(result['ignored_columns'])}", file=sys.stderr)
