"""binhan import households: a spreadsheet into the household register, all or nothing, every wrong row named."""
from __future__ import annotations

import argparse
import csv
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from binhan.casework.households.imports.apart import read_apart
from binhan.casework.households.imports.columns import FIELDS, MappedTable, map_table
from binhan.casework.households.imports.reasons import Unusable
from binhan.casework.households.imports.table import FILE_MAX
from binhan.casework.households.rules import BASES, PURPOSES
from binhan.run.cli.database import database
from binhan.run.cli.settle import settle
from binhan.site.setup import setup

if TYPE_CHECKING:
    from binhan.casework.households.imports.sheet import Line
    from binhan.casework.households.imports.write import ImportResult

SHOWN = 50  # lines on the screen; --errors FILE and --json have them all


def register(kinds: Any) -> None:
    """Add the command to `binhan import`."""
    command = kinds.add_parser("households", help="sổ hộ từ bảng tính .xlsx hoặc .csv / household register")
    command.add_argument("file", type=Path)
    command.add_argument("--ward", metavar="MÃ", help="mã phường; không cần nếu chỉ phục vụ một phường")
    command.add_argument("--map", action="append", default=[], metavar="CỘT=TRƯỜNG", help=f"trường: {', '.join(FIELDS)}")
    command.add_argument("--sheet", metavar="TÊN", help="trang tính, nếu tệp có nhiều trang")
    command.add_argument("--keep-similar", action="store_true", help="nhập cả người có tên rất giống người đã có")
    command.add_argument("--purpose", choices=sorted(PURPOSES), default="door_to_door", help="mục đích xử lý dữ liệu")
    command.add_argument("--basis", choices=sorted(BASES), default="state_duty", help="cơ sở pháp lý")
    command.add_argument("--dry-run", action="store_true", help="kiểm tra và cho xem trước, không ghi")
    command.add_argument("--errors", type=Path, metavar="FILE", help="các dòng cần xem lại, ra .csv hoặc .xlsx")
    command.add_argument("--json", action="store_true")
    command.add_argument("--data-dir", type=Path, default=None)
    command.set_defaults(run=run_households)


def run_households(given: argparse.Namespace) -> int:
    """Read and check the file before anything is started; then import it, all or nothing."""
    try:
        if given.errors:
            given.errors.touch()
        with given.file.open("rb") as file:
            table = read_apart(file.read(FILE_MAX + 1), given.sheet)
        pairs = [m.rpartition("=") for m in given.map]
        mapped = map_table(table, {head.strip(): name.strip() for head, _, name in pairs})
    except Unusable as refusal:
        return _refuse(given, str(refusal))
    except OSError as problem:
        return _refuse(given, f"{problem.filename}: {problem.strerror}")
    env = settle(given)
    setup()
    from binhan.casework.households.imports.plan import Terms  # noqa: PLC0415 - Django is set up only now
    from binhan.casework.households.imports.write import check_table, import_table  # noqa: PLC0415 - as above
    from binhan.commons.access.queries import served_ward  # noqa: PLC0415 - as above
    from binhan.kernel.errors import Problem  # noqa: PLC0415 - as above
    from binhan.site.database import ensure_migrated  # noqa: PLC0415 - as above
    with database(env):
        ensure_migrated(env)
        today = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()
        try:
            ward = served_ward(given.ward)
            terms = Terms(given.purpose, given.basis, given.keep_similar)
            outcome = (check_table(ward, mapped, terms, today) if given.dry_run
                       else import_table(ward, "system", mapped, terms, today))
        except Problem as problem:
            return _refuse(given, f"{problem.vi} / {problem.en}")
    return _report(given, mapped, outcome)


def _refuse(given: argparse.Namespace, reason: str) -> int:
    if given.json:
        print(json.dumps({"read": 0, "written": 0, "dry_run": given.dry_run,
                          "errors": [{"row": 0, "code": "", "reason": reason}]}, ensure_ascii=False))
    else:
        print(f"tệp: {reason}", file=sys.stderr)
    return 1


def _report(given: argparse.Namespace, mapped: MappedTable, done: ImportResult) -> int:
    """Say how the file was understood and what came of it; 1 when a row was wrong."""
    from binhan.casework.households.imports.sheet import lines_of  # noqa: PLC0415 - Django is set up by now
    lines, table, columns = lines_of(done), mapped.table, mapped.columns
    if given.errors:
        _write_sheet(given.errors, mapped, lines)
    if given.json:
        named = {kind: [{"row": n, "code": "", "reason": why} for k, n, why in lines if k == kind]
                 for kind in ("error", "similar", "same")}
        print(json.dumps({
            "read": done.read, "written": done.written, "dry_run": given.dry_run, "sheet": table.sheet,
            "header_row": columns.header_row, "columns": {f: columns.header[at] for f, at in columns.of_field.items()},
            "ignored": columns.ignored, "notes": list(map(str, table.notes)), "created": dict(done.created),
            "preview": done.preview,
            "errors": named["error"], "similar": named["similar"], "same": named["same"]}, ensure_ascii=False))
        return 1 if done.errors else 0
    _explain(given, mapped, done)
    for kind, number, why in [line for line in lines if line[0] != "same"][:SHOWN]:
        print(f"dòng {number}{' (xem lại)' if kind == 'similar' else ''}: {why}", file=sys.stderr)
    if len(done.errors) + len(done.similar) > SHOWN:
        print("… còn nữa: --errors FILE ghi đủ.", file=sys.stderr)
    print(f"Đọc {done.read} dòng: {len(done.errors)} sai, {len(done.same)} đã có, {len(done.similar)} cần xem lại; ghi"
          f" {done.written} dòng (căn {done.created.get('dwellings', 0)}, hộ {done.created.get('households', 0)}, người"
          f" {done.created.get('people', 0)})" + (": không ghi gì vì có dòng sai." if done.errors else
                                                " – chỉ thử, không ghi." if given.dry_run else "."))
    return 1 if done.errors else 0


def _explain(given: argparse.Namespace, mapped: MappedTable, done: ImportResult) -> None:
    """In a dry run: which column was taken for what, and the first rows as understood."""
    table, columns = mapped.table, mapped.columns
    for note in table.notes:
        print(f"Ghi chú: {note}")
    if columns.sensitive:
        print(f"Không nhập cột {', '.join(columns.sensitive)}: sổ này không giữ loại dữ liệu đó. / Never taken in.")
    if not given.dry_run:
        return
    print(f"Trang {table.sheet}, tiêu đề ở dòng {columns.header_row}:")
    for name, at in columns.of_field.items():
        print(f"  {columns.header[at]} → {name}")
    if columns.ignored:
        print(f"  bỏ qua: {', '.join(columns.ignored)}")
    for row in done.preview:
        print("  " + " · ".join(f"{k}: {v}" for k, v in row.items() if v not in ("", None)))


def _write_sheet(path: Path, mapped: MappedTable, lines: list[Line]) -> None:
    """The rows to look at again: number, kind and reason, then the row as it stands in the file."""
    from binhan.casework.households.imports.sheet import as_xlsx, review_rows  # noqa: PLC0415 - as above
    rows = review_rows(mapped, lines)
    if path.suffix.lower() != ".xlsx":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(rows)
        return
    path.write_bytes(as_xlsx(rows))
