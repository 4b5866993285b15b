"""binhan import form: a questionnaire (XLSForm) into the ward's forms – taken whole, or every wrong row named."""
from __future__ import annotations

import argparse
import csv
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from binhan.casework.households.rules import BASES
from binhan.run.cli.database import database
from binhan.run.cli.settle import settle
from binhan.site.setup import setup

if TYPE_CHECKING:
    from typing import Any

    from binhan.casework.forms.imports.loaded import Loaded
    from binhan.casework.forms.rules.finding import Finding

SHOWN = 50  # lines on the screen; --errors FILE and --json have them all


def register(kinds: Any) -> None:
    """Add the command to `binhan import`."""
    command = kinds.add_parser("form", help="phiếu hỏi XLSForm (.xlsx, .xls) / questionnaire")
    command.add_argument("file", type=Path)
    command.add_argument("--ward", metavar="MÃ", help="mã phường; không cần nếu chỉ phục vụ một phường")
    command.add_argument("--purpose", default="", help="mục đích của phiếu (cần khi ghi) / why it is asked")
    command.add_argument("--basis", choices=sorted(BASES), default="state_duty", help="cơ sở pháp lý")
    command.add_argument("--dry-run", action="store_true", help="kiểm tra, không ghi / check, write nothing")
    command.add_argument("--errors", type=Path, metavar="FILE", help="ghi những chỗ sai ra CSV")
    command.add_argument("--json", action="store_true", help="kết quả dạng JSON")
    command.add_argument("--data-dir", type=Path, default=None)
    command.set_defaults(run=run_form)


def run_form(given: argparse.Namespace) -> int:
    """Check the file before anything is started; then store it."""
    from binhan.casework.forms.imports.apart import load_apart  # noqa: PLC0415 - pydantic takes its time to load
    from binhan.casework.forms.imports.loaded import FILE_MAX  # noqa: PLC0415 - as above
    from binhan.casework.forms.rules.finding import Finding, Refused  # noqa: PLC0415 - as above
    try:
        if given.errors:
            given.errors.touch()
        with given.file.open("rb") as file:
            loaded = load_apart(file.read(FILE_MAX + 1), given.file.name)
        if not given.dry_run and not given.purpose.strip():
            raise Refused(Finding("", 0, "no_purpose", "hãy nêu mục đích bằng --purpose", "state the purpose: --purpose"))
    except Refused as refused:
        return _report(given, None, refused.findings, False)
    except OSError as problem:
        said = f"{problem.filename}: {problem.strerror}"
        return _report(given, None, [Finding("", 0, "unreadable", said, said)], False)
    if given.dry_run:
        return _report(given, loaded, [], False)
    return _store(given, loaded)


def _store(given: argparse.Namespace, loaded: Loaded) -> int:
    env = settle(given)
    setup()
    from binhan.casework.forms.actions import FormGrounds, store_form  # noqa: PLC0415 - Django is set up only now
    from binhan.casework.forms.rules.finding import Finding  # noqa: PLC0415 - as above
    from binhan.commons.access.queries import served_ward  # noqa: PLC0415 - as above
    from binhan.commons.access.scope import ward_scope  # noqa: PLC0415 - as above
    from binhan.kernel.errors import Problem  # noqa: PLC0415 - as above
    from binhan.site.database import ensure_migrated  # noqa: PLC0415 - as above
    with database(env):
        ensure_migrated(env)
        try:
            ward = served_ward(given.ward)
        except Problem as problem:
            return _report(given, None, [Finding("", 0, "ward", problem.vi, problem.en)], False)
        try:
            with ward_scope([ward], "import"):
                _, new = store_form(ward, "import", loaded, FormGrounds(
                    given.purpose.strip()[:1000], given.basis, given.file.name[-120:]))
        except Problem as problem:
            return _report(given, None, [Finding("", 0, problem.code, problem.vi, problem.en)], False)
    return _report(given, loaded, [], new)


def _report(given: argparse.Namespace, loaded: Loaded | None, wrong: list[Finding], written: bool) -> int:
    """Say what was read, written and wrong; 1 when anything was wrong."""
    if given.errors:
        with given.errors.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([["sheet", "row", "code", "reason"], *(
                [f.sheet, f.row, f.code, f"{f.vi} / {f.en}"] for f in wrong)])
    if given.json:
        form = {"form_id": loaded.form_id, "version": loaded.version, "title": loaded.title, "questions": loaded.questions,
                "languages": loaded.languages, "notes": [n.json() for n in loaded.notes]} if loaded else None
        print(json.dumps({"read": loaded.questions if loaded else 0, "written": int(written), "dry_run": given.dry_run,
                          "form": form, "errors": [{"sheet": f.sheet, "row": f.row, "code": f.code,
                                                    "reason": f"{f.vi} / {f.en}"} for f in wrong]}, ensure_ascii=False))
        return 1 if wrong else 0
    for finding in wrong[:SHOWN]:
        print(f"{finding.said()} / {finding.en}", file=sys.stderr)
    if len(wrong) > SHOWN:
        print("… còn nữa: --errors FILE ghi đủ.", file=sys.stderr)
    if loaded is None:
        print(f"Không nhận phiếu: {len(wrong)} chỗ cần sửa; không ghi gì.")
        return 1
    for note in loaded.notes:
        print(f"Ghi chú: {note.said()}")
    what = "chỉ thử, không ghi" if given.dry_run else "đã ghi" if written else "đã có, không đổi gì"
    print(f"Phiếu “{loaded.title}” ({loaded.form_id}, bản {loaded.version}): {loaded.questions} câu, {what}.")
    return 0
