"""binhan import roads: the walkable roads of an OpenStreetMap file, for planning the walks of a ward."""
from __future__ import annotations

import argparse
import csv
import json
import sys
from pathlib import Path
from typing import Any

from binhan.kernel.errors import Problem
from binhan.run.cli.database import database
from binhan.run.cli.settle import settle
from binhan.site.setup import setup

NOBODY = "system"


def register(kinds: Any) -> None:
    """Add the command to `binhan import`."""
    command = kinds.add_parser("roads", help="đường đi bộ từ OpenStreetMap (.osm, .osm.gz, .osm.pbf) / walkable roads")
    command.add_argument("file", type=Path)
    command.add_argument("--ward", metavar="MÃ", help="mã phường; không cần nếu chỉ phục vụ một phường")
    command.add_argument("--source", default="", help="nguồn, giấy phép (mặc định: tên tệp, © OpenStreetMap, ODbL 1.0)")
    command.add_argument("--dry-run", action="store_true", help="kiểm tra, không ghi / check, write nothing")
    command.add_argument("--errors", type=Path, metavar="FILE", help="ghi điều sai ra CSV")
    command.add_argument("--json", action="store_true")
    command.add_argument("--data-dir", type=Path, default=None)
    command.set_defaults(run=run_roads)


def run_roads(given: argparse.Namespace) -> int:
    """Read the roads in and around the ward, and keep them if there are any."""
    try:
        if given.errors:
            given.errors.touch()
        with given.file.open("rb"):
            pass
    except OSError as problem:
        given.errors = None if given.errors and problem.filename == str(given.errors) else given.errors
        return _report(given, 0, f"{problem.filename}: {problem.strerror}")
    env = settle(given)
    setup()
    from binhan.commons.access.queries import served_ward  # noqa: PLC0415 - Django is set up only now
    from binhan.commons.access.scope import ward_scope  # noqa: PLC0415 - as above
    from binhan.commons.places.queries import box_around  # noqa: PLC0415 - as above
    from binhan.commons.roads.actions import keep_roads  # noqa: PLC0415 - as above
    from binhan.commons.roads.imports import AROUND_M, UnreadableRoads, read_roads  # noqa: PLC0415 - as above
    from binhan.commons.roads.rules.modes import Mode  # noqa: PLC0415 - as above
    from binhan.site.database import ensure_migrated  # noqa: PLC0415 - as above
    with database(env):
        ensure_migrated(env)
        try:
            ward = served_ward(given.ward)
        except Problem as problem:
            return _report(given, 0, f"{problem.vi} / {problem.en}")
        with ward_scope([ward], NOBODY):
            try:
                roads = read_roads(given.file, Mode.FOOT, box_around(ward, AROUND_M))
            except UnreadableRoads as error:
                return _report(given, 0, f"không đọc được tệp đường đi / not a readable roads file ({error})")
            if not len(roads.stretches):
                return _report(given, 0, "tệp không có đường đi bộ nào trong phường / no walkable road in this ward")
            if not given.dry_run:
                keep_roads(ward, NOBODY, roads, given.source or f"{given.file.name}, © OpenStreetMap, ODbL 1.0")
    return _report(given, len(roads.stretches), "")


def _report(given: argparse.Namespace, count: int, wrong: str) -> int:
    """Say how many stretches there are, or what is wrong; 1 when something is."""
    errors = [{"row": 0, "code": "", "reason": wrong}] if wrong else []
    if given.errors:
        with given.errors.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, ["row", "code", "reason"])
            writer.writeheader()
            writer.writerows(errors)
    written = 0 if wrong or given.dry_run else count
    if given.json:
        print(json.dumps({"read": count, "written": written, "dry_run": given.dry_run, "errors": errors},
                         ensure_ascii=False))
    elif wrong:
        print(f"tệp: {wrong}", file=sys.stderr)
    else:
        print(f"Đọc {count} đoạn đường đi bộ, ghi {written}. Đợt chia cụm từ nay đo theo đường này.")
    return 1 if wrong else 0
