"""Writing an Excel workbook. Text is text: nothing that somebody typed is ever taken for a formula."""
from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell  # type: ignore[import-untyped]
from openpyxl.styles import Font  # type: ignore[import-untyped]

from binhan.kernel.workdays import VIETNAM

CELL_MAX = 32_000


def write(sheets: Mapping[str, tuple[Sequence[str], Iterable[Sequence[Any]]]]) -> bytes:
    """Name → (heads, rows) as .xlsx."""
    book, out = Workbook(write_only=True), io.BytesIO()
    for name, (heads, rows) in sheets.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        for n, _ in enumerate(heads):
            sheet.column_dimensions[chr(65 + n)].width = 26 if n < 2 else 14
        sheet.append([_cell(sheet, head, bold=True) for head in heads])
        for row in rows:
            sheet.append([_cell(sheet, value) for value in row])
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: Any, bold: bool = False) -> Any:
    if isinstance(value, datetime):
        value = value.astimezone(VIETNAM).replace(tzinfo=None)
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value)[:CELL_MAX]
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"  # also what begins with =
        cell.style = "Normal"
        cell.quotePrefix = value[:1] in ("=", "+", "-", "@", "\t")
    if bold:
        cell.font = Font(bold=True)
    return cell
