"""The rows to look at again, as a table to send back to whoever made the file."""
from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any, NamedTuple

from binhan.casework.households.imports.columns import MappedTable
from binhan.casework.households.imports.write import ImportResult


class Line(NamedTuple):
    """One line of a report. `kind`: error, similar or same."""

    kind: str
    row: int
    why: str


def lines_of(done: ImportResult) -> list[Line]:
    """Everything noticed, the errors first."""
    return [Line(kind, notice.row, notice.why)
            for kind, notices in (("error", done.errors), ("similar", done.similar), ("same", done.same))
            for notice in notices]


def review_rows(given: MappedTable, lines: Iterable[Line]) -> list[list[str]]:
    """Number, kind and reason, then the row as it stands in the file; the header first."""
    cells = dict(given.table.rows)
    return [["row", "kind", "reason", *map(_plain, given.columns.header)],
            *([str(line.row), line.kind, line.why, *(_plain(c) for c in cells.get(line.row, []))]
              for line in sorted(lines, key=lambda line: line.row))]


def as_xlsx(rows: Iterable[list[str]]) -> bytes:
    """The table as a workbook."""
    from openpyxl import Workbook  # type: ignore[import-untyped]  # noqa: PLC0415 - takes its time to load
    book, out = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet("Cần xem lại")
    for row in rows:
        sheet.append(row)
    book.save(out)
    return out.getvalue()


def _plain(cell: Any) -> str:
    """Text that no spreadsheet takes for a formula."""
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else "" if cell is None else str(cell)
    text = "".join(ch for ch in text if ch.isprintable())
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
