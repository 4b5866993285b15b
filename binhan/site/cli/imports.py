"""binhan import …: files into the system, all or nothing, every wrong row named."""
from __future__ import annotations

import argparse
import csv
import json
import sys
from pathlib import Path
from typing import Any

from binhan.site.cli.run import _settle
from binhan.site.process import database, setup

ROWS_MAX = 100_000_000  # bytes: larger than any real file of these kinds


def register(commands: Any) -> None:
    """Add the commands."""
    top = commands.add_parser("import", help="nhập dữ liệu / import data")
    kinds = top.add_subparsers(dest="kind", required=True)
    for name, needs_file, what in (("units", "?", "danh mục đơn vị hành chính (mặc định: bản đóng gói)"),
                                   ("boundaries", None, "ranh giới phường, xã (GeoJSON)")):
        command = kinds.add_parser(name, help=what)
        command.add_argument("file", type=Path, nargs=needs_file)
        command.add_argument("--ward", action="append", metavar="MÃ")
        command.add_argument("--dry-run", action="store_true")
        command.add_argument("--errors", type=Path, metavar="FILE")
        command.add_argument("--json", action="store_true")
        command.add_argument("--data-dir", type=Path, default=None)
        command.set_defaults(run=run_import)


def run_import(given: argparse.Namespace) -> int:
    """Read, check everything, and write only if nothing is wrong."""
    env = _settle(given)
    setup()
    from binhan.commons.places import imports  # noqa: PLC0415 - Django is set up only now
    with database(env):
        from binhan.site.database import migrate  # noqa: PLC0415 - as above
        migrate(env)
        if given.kind == "units":
            rows, errors = imports.read_units(_text(given.file) if given.file else None, given.ward)
        else:
            rows, errors = imports.read_boundaries(_text(given.file), given.ward)
        if not errors and not given.dry_run:
            imports.write(given.kind, rows)
    return _report(given, len(rows), errors)


def _text(path: Path) -> bytes:
    try:
        if path.stat().st_size > ROWS_MAX:
            return b"\x00"
        return path.read_bytes()
    except OSError as error:
        print(f"{path}: {error.strerror}", file=sys.stderr)
        raise SystemExit(1) from None


def _report(given: argparse.Namespace, count: int, errors: list[dict[str, Any]]) -> int:
    if given.errors:
        with given.errors.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, ["row", "code", "reason"])
            writer.writeheader()
            writer.writerows(errors)
    written = 0 if errors or given.dry_run else count
    if given.json:
        print(json.dumps({"read": count, "written": written, "dry_run": given.dry_run, "errors": errors},
                         ensure_ascii=False))
    else:
        for error in errors[:50]:
            print(f"dòng {error['row']} ({error['code']}): {error['reason']}", file=sys.stderr)
        print(f"Đọc {count}, ghi {written}" + (f", {len(errors)} dòng sai: không ghi gì." if errors else "."))
    return 1 if errors else 0
