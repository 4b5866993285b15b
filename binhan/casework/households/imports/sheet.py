"""The rows to look at again, as a table to send back to whoever made the file."""
from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from openpyxl import Workbook  # type: ignore[import-untyped]

from binhan.casework.households.imports.columns import Columns
from binhan.casework.households.imports.files import Table
from binhan.casework.households.imports.write import Outcome


def lines_of(done: Outcome) -> list[tuple[str, int, str]]:
    """(error, similar or same; row; why) of everything noticed."""
    return [*(("error", n, why) for n, why in done.errors), *(("similar", n, why) for n, why in done.similar),
            *(("same", n, why) for n, why in done.same)]


def review_rows(table: Table, columns: Columns, lines: Iterable[tuple[str, int, str]]) -> list[list[str]]:
    """Number, kind and reason, then the row as it stands in the file; the header first."""
    cells = dict(table.rows)
    return [["row", "kind", "reason", *map(_plain, columns.header)],
            *([str(number), kind, why, *(_plain(c) for c in cells.get(number, []))]
              for kind, number, why in sorted(lines, key=lambda line: line[1]))]


def as_xlsx(rows: Iterable[list[str]]) -> bytes:
    """The table as a workbook."""
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
