"""binhan import …: files into the system, all or nothing, every wrong row named."""
from __future__ import annotations

import argparse
import csv
import json
import sys
from pathlib import Path
from typing import Any

from binhan.commons.places.rules import FILE_MAX
from binhan.run.cli import forms, households, roads
from binhan.run.cli.database import database
from binhan.run.cli.settle import settle
from binhan.site.setup import setup

SHOWN = 50  # wrong rows on the screen; --errors FILE and --json have them all
Errors = list[dict[str, Any]]


def register(commands: Any) -> None:
    """Add the commands."""
    top = commands.add_parser("import", help="nhập dữ liệu / import data")
    kinds = top.add_subparsers(dest="kind", required=True)
    for name, needs_file, what in (("units", "?", "danh mục đơn vị hành chính (mặc định: bản đóng gói)"),
                                   ("boundaries", None, "ranh giới phường, xã (GeoJSON)")):
        command = kinds.add_parser(name, help=what)
        command.add_argument("file", type=Path, nargs=needs_file, help="tệp UTF-8 (CSV / GeoJSON)")
        command.add_argument("--ward", action="append", metavar="MÃ", help="chỉ mã này, lặp lại được / only this code")
        command.add_argument("--dry-run", action="store_true", help="kiểm tra, không ghi / check, write nothing")
        command.add_argument("--errors", type=Path, metavar="FILE", help="ghi các dòng sai ra CSV")
        command.add_argument("--json", action="store_true", help="kết quả dạng JSON")
        command.add_argument("--data-dir", type=Path, default=None)
        command.set_defaults(run=run_import)
    households.register(kinds)
    roads.register(kinds)
    forms.register(kinds)


def run_import(given: argparse.Namespace) -> int:
    """Read, check everything, and write only if nothing is wrong."""
    body: bytes | None = None
    try:
        if given.errors:
            given.errors.touch()
        if given.file is not None:
            with given.file.open("rb") as file:
                body = file.read(FILE_MAX + 1)
    except OSError as problem:
        given.errors = None
        return _report(given, 0, [{"row": 0, "code": "", "reason": f"{problem.filename}: {problem.strerror}"}])
    env = settle(given)
    setup()
    from binhan.commons.places import imports  # noqa: PLC0415 - Django is set up only now
    from binhan.site.database import ensure_migrated  # noqa: PLC0415 - as above
    with database(env):
        ensure_migrated(env)
        rows, errors = (imports.read_units(body, given.ward) if given.kind == "units"
                        else imports.read_boundaries(body or b"", given.ward))
        if not errors and not given.dry_run:
            imports.write(given.kind, rows)
    return _report(given, len(rows), errors)


def _report(given: argparse.Namespace, count: int, errors: Errors) -> int:
    """Say what was read, written and wrong; 1 when anything was wrong."""
    if given.errors:
        _write_errors(given.errors, errors)
    written = 0 if errors or given.dry_run else count
    if given.json:
        print(json.dumps({"read": count + len(errors), "written": written, "dry_run": given.dry_run,
                          "errors": errors}, ensure_ascii=False))
    else:
        for error in errors[:SHOWN]:
            where = f"dòng {error['row']}" if error["row"] else "tệp"
            print(f"{where}{' (' + error['code'] + ')' if error['code'] else ''}: {error['reason']}", file=sys.stderr)
        if len(errors) > SHOWN:
            print(f"… và {len(errors) - SHOWN} dòng sai nữa: --errors FILE ghi đủ.", file=sys.stderr)
        print(f"Đọc {count + len(errors)}, ghi {written}"
              + (f", {len(errors)} dòng sai: không ghi gì." if errors else "."))
    return 1 if errors else 0


def _write_errors(path: Path, errors: Errors) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, ["row", "code", "reason"])
        writer.writeheader()
        writer.writerows(errors)
