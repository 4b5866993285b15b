"""Spreadsheets for tests, made in memory."""
from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

HEAD = ["Họ và tên", "Địa chỉ", "Năm sinh", "Quan hệ với chủ hộ", "Số điện thoại", "Số CCCD", "Khu phố", "Tổ", "Loại hộ"]


def book_of(rows: Sequence[Sequence[Any]]) -> bytes:
    """An XLSX with one sheet of these rows."""
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def swap(body: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """The same archive with bytes of one part replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            text = before.read(name)
            after.writestr(name, text.replace(old, new) if name == part else text)
    return out.getvalue()


def sheet_of(rows: bytes, before: bytes = b"", whole: bytes = b"", texts: bytes = b"") -> bytes:
    """An XLSX whose sheet is these bytes, well-formed or not: between the tags of its data, or the `whole` of it."""
    sheet = whole or (before + b"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>"
                      + rows + b"</sheetData></worksheet>")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book_of([HEAD, ["x", "y"]]))) as old, zipfile.ZipFile(
            out, "w", zipfile.ZIP_DEFLATED) as new:
        parts = {name: old.read(name) for name in old.namelist()} | {"xl/worksheets/sheet1.xml": sheet}
        for name, part in {**parts, **({"xl/sharedStrings.xml": texts} if texts else {})}.items():
            new.writestr(name, part)
    return out.getvalue()
