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
