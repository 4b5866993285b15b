"""A CSV as rows of cells: any separator, UTF-8 or marked UTF-16; what is neither is named and refused."""
from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import Any

from binhan.casework.households.imports.reasons import unusable
from binhan.casework.households.imports.table import COLUMNS_MAX, ROWS_MAX, Table, check_amount, too_many_rows

TELL_EVERY = 5000  # rows
SAMPLE = 20_000  # characters


def read_delimited(body: bytes, tell: Callable[[int], None]) -> Table:
    """The rows of a CSV; raises Unusable."""
    if body.count(b"\n") > 2 * ROWS_MAX:
        raise too_many_rows()
    encoding = _encoding(body)
    with io.TextIOWrapper(io.BytesIO(body), encoding, newline="") as text:
        mark = _separator(text.read(SAMPLE))
    with io.TextIOWrapper(io.BytesIO(body), encoding, newline="") as text:
        reader = csv.reader(text, delimiter=mark, strict=True)
        rows: list[tuple[int, list[Any]]] = []
        filled = 0
        try:
            for cells in reader:
                if any(c.strip() for c in cells):
                    kept = [_plain(c) for c in cells[:COLUMNS_MAX]]
                    rows.append((reader.line_num, kept))
                    filled += sum(map(bool, kept))
                    check_amount(len(rows), filled)
                    if len(rows) % TELL_EVERY == 0:
                        tell(len(rows))
        except csv.Error as error:
            raise unusable("not_csv", f"dòng {reader.line_num}: dấu ngoặc kép hoặc ô không đúng CSV ({error})",
                           f"row {reader.line_num} is not CSV") from None
    return Table("CSV", rows)


def _plain(cell: str) -> str:
    """What was meant by ="12/3" and '12/3, the two ways to keep a spreadsheet from turning 12/3 into a day."""
    if len(cell) > 3 and cell.startswith('="') and cell.endswith('"'):
        return cell[2:-1].replace('""', '"')
    return cell[1:] if cell.startswith("'") and cell[1:2].isalnum() and "'" not in cell[1:] else cell


def _separator(sample: str) -> str:
    """The mark that stands in most of the first lines, outside of quotes."""
    outside = re.sub(r'"[^"]*"', "", sample)
    top = outside.splitlines()[:30]
    return max(",;\t|", key=lambda m: (sum(m in line for line in top), outside.count(m)))


def _encoding(body: bytes) -> str:
    """UTF-8 or (with its mark) UTF-16; other encodings would only be guessed, so they are named and refused."""
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            text = body.decode("utf-16")
        except UnicodeDecodeError:
            raise unusable("broken_utf16", "tệp UTF-16 bị hỏng", "broken UTF-16") from None
        return _of_text("utf-16", "\x00" in text)
    try:
        body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        where = error.start
    else:
        return _of_text("utf-8-sig", b"\x00" in body)
    kind = "UTF-16 không có dấu đầu tệp" if body[:2000].count(0) * 4 > len(body[:2000]) else (
        "windows-1258" if re.search(rb"[A-Za-z\xca\xd4\xd5\xdd\xea\xf4\xf5\xfd][\xcc\xec\xd2\xf2\xde]", body)
        and not re.search(rb"[\xb5-\xb9\xa8\xae]", body) else "TCVN3, VNI hoặc bảng mã cũ khác")
    raise unusable("not_utf8", f"không phải UTF-8 từ byte {where}, có lẽ là {kind}; hãy mở bằng Excel, lưu kiểu “CSV UTF-8”"
                   " hoặc .xlsx", "not UTF-8: save it as CSV UTF-8 or .xlsx")


def _of_text(encoding: str, nul: bool) -> str:
    if nul:
        raise unusable("not_text", "có ký tự NUL, không phải văn bản", "NUL characters: this is not text")
    return encoding
