"""A khu phố's spreadsheet with one wrong row: the row is named, nothing is written; put right, all of it is – once."""
from __future__ import annotations

import csv
import json
import resource
import subprocess
import sys
from pathlib import Path

from openpyxl import load_workbook

from tests.support.sheets import HEAD, book_of
from tests.support.stack import Stack, new_stack

GOOD = [["Trần Mẫu An", "123/45/6 Đường Mẫu, tổ 5", 1970, "Chủ hộ", None, None, "Khu phố Mẫu 1", None, None],
        ["Lê Mẫu Bình", "123/45/6 Đường Mẫu, tổ 5", 1972, "vợ", None, None, "Khu phố Mẫu 1", None, None]]
BAD = ["Võ Mẫu Cúc", "125 Đường Mẫu", 1980, None, None, "07912345E+11", "Khu phố Mẫu 1", None, None]


def test_an_import_is_all_or_nothing(tmp_path: Path) -> None:
    stack = new_stack()
    book, sheet, report = tmp_path / "so.xlsx", tmp_path / "sai.xlsx", tmp_path / "sai.csv"
    book.write_bytes(book_of([HEAD, *GOOD, BAD]))
    refused = _run(stack, book, "--errors", str(sheet))
    assert refused.returncode == 1
    assert "dòng 4" in refused.stderr
    assert "khoa học" in refused.stderr
    assert "ghi 0 dòng" in refused.stdout
    rows = list(load_workbook(sheet).active.values)
    assert rows[1][:2] == ("4", "error")
    assert rows[1][3:5] == ("Võ Mẫu Cúc", "125 Đường Mẫu")

    book.write_bytes(book_of([HEAD, *GOOD, [*BAD[:5], None, *BAD[6:]]]))
    seen = json.loads(_run(stack, book, "--json", "--dry-run").stdout)
    assert (seen["written"], seen["created"]["people"], seen["columns"]["full_name"]) == (0, 3, "Họ và tên")
    done = json.loads(_run(stack, book, "--json").stdout)
    assert (done["written"], done["created"]) == (3, {"dwellings": 2, "households": 2, "people": 3})
    again = json.loads(_run(stack, book, "--json", "--errors", str(report)).stdout)
    assert (again["written"], len(again["same"])) == (0, 3)
    assert [r["kind"] for r in csv.DictReader(report.open(encoding="utf-8-sig"))] == ["same"] * 3
    assert stack.command("verify-journal").returncode == 0


def _run(stack: Stack, book: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return stack.command("import", "households", str(book), "--ward", "25888", *options)


def test_a_huge_file_is_refused_before_anything_starts(tmp_path: Path) -> None:
    huge = tmp_path / "to.csv"
    huge.write_bytes(b"Ho ten,Dia chi\n" + b"Mau,1 Mau\n" * 1_000_000)
    done = subprocess.run([sys.executable, "-W", "ignore", "-m", "binhan.run.cli", "import", "households", str(huge),
                           "--data-dir", str(tmp_path / "d"), "--json"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "split it" in json.loads(done.stdout)["errors"][0]["reason"]
    assert not (tmp_path / "d").exists()
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss > 0
