"""An XLSX as rows of cells: its sheets looked through as a stream, then the values of the one that is meant."""
from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from binhan.casework.households.imports.markup import BrokenMarkup, Markup, plain
from binhan.casework.households.imports.reasons import Reason, Unusable, unusable
from binhan.casework.households.imports.scan import Scan, scan_sheet
from binhan.casework.households.imports.table import CELLS_MAX, ROWS_MAX, Table

UNPACKED_MAX = 128 * 2**20  # bytes of all parts
PARTS_MAX = 5000
INDEX_MAX = 4 * 2**20  # bytes of the list of sheets
Tell = Callable[[int], None]


def read_workbook(body: bytes, sheet: str | None, tell: Tell) -> Table:
    """The one visible sheet with rows, or the one named; raises Unusable."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            _check_parts(book)
            name, notes, scan = _pick_sheet(book, sheet, tell)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, BrokenMarkup, KeyError, OSError) as error:
        raise unusable("broken_xlsx", f"tệp .xlsx bị hỏng ({type(error).__name__}); hãy mở bằng Excel và lưu lại",
                       "a broken .xlsx: open it in Excel and save it again") from None
    rows = _rows(body, name)
    filled = _unmerge(rows, scan.merges)
    for count, code, vi, en in (
            (filled, "merged_cells", "ô gộp: giá trị được dùng cho mọi dòng của ô",
             "merged cells: the value holds for each row"),
            (scan.formulas, "formulas", "công thức: dùng giá trị đã tính", "formulas: their stored values are used"),
            (scan.hidden, "hidden_rows", "dòng đang ẩn (bị lọc hoặc giấu) cũng được đọc; nếu không muốn, hãy xoá chúng khỏi"
             " tệp", "hidden rows (filtered out or hidden) are read too; delete them from the file if they are not meant")):
        if count:
            notes.append(Reason(code, f"{count} {vi}", f"{count} {en}"))
    return Table(name, [(n, cells) for n, cells in rows if any(c not in ("", None) for c in cells)], notes, scan.unset)


def password() -> Unusable:
    """The refusal of a file that is locked."""
    return unusable("password", "tệp có mật khẩu; hãy bỏ mật khẩu rồi lưu lại",
                    "password-protected: remove it and save again")


def _check_parts(book: zipfile.ZipFile) -> None:
    parts = {p.filename: p for p in book.infolist()}
    if any(p.flag_bits & 1 for p in parts.values()):
        raise password()
    if "xl/workbook.xml" not in parts:
        raise unusable("not_xlsx", "không phải bảng tính .xlsx (có lẽ .docx, .ods hoặc tệp nén đổi tên)",
                       "not an .xlsx workbook")
    if sum(p.file_size for p in book.infolist()) > UNPACKED_MAX or len(parts) > PARTS_MAX:
        raise unusable("unpacks_too_large", f"giải nén quá lớn (hơn {UNPACKED_MAX >> 20} MB), không phải bảng tính thường;"
                       " hãy xoá trang, cột và định dạng thừa, hoặc chia nhỏ tệp",
                       f"unpacks to too much (over {UNPACKED_MAX >> 20} MB): delete spare sheets, columns and formats, or"
                       " split it")


def _pick_sheet(book: zipfile.ZipFile, wanted: str | None, tell: Tell) -> tuple[str, list[Reason], Scan]:
    """The one visible sheet that has rows (or the one named), every visible sheet looked through."""
    sheets = _sheets(book)
    shown = {name: path for name, path, hidden in sheets if not hidden}
    out_of_sight = ", ".join(name for name, _, hidden in sheets if hidden)
    notes = [Reason("hidden_sheets", f"trang ẩn không đọc: {out_of_sight}", f"hidden sheets are not read: {out_of_sight}")
             ] if out_of_sight else []
    if wanted is not None and wanted not in shown:
        raise unusable("no_such_sheet", f"không có trang “{wanted}”; có: {', '.join(shown)}",
                       f"no such sheet; there are: {', '.join(shown)}")
    scans = {name: scan_sheet(book, path, tell) for name, path in shown.items() if wanted in (None, name)}
    full = [name for name, scan in scans.items() if scan.filled]
    if not full:
        raise unusable("no_rows", "không có trang nào có dữ liệu", "no sheet has rows")
    if len(full) > 1:
        raise unusable("several_sheets", f"nhiều trang có dữ liệu: {', '.join(full)}; hãy chọn bằng --sheet TÊN",
                       f"several sheets have rows: {', '.join(full)}; choose one with --sheet NAME")
    return full[0], notes, scans[full[0]]


def _sheets(book: zipfile.ZipFile) -> list[tuple[str, str, bool]]:
    """(name, part, hidden) of every worksheet."""
    links = {given.get("Id", ""): given.get("Target", "")
             for given in _elements(book, "xl/_rels/workbook.xml.rels", "Relationship")}
    found = []
    for given in _elements(book, "xl/workbook.xml", "sheet"):
        linked = next((text for name, text in given.items() if name.endswith(":id")), "")
        target = links.get(linked, "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if "worksheets/" in path:
            found.append((given.get("name", ""), path, given.get("state", "visible") != "visible"))
    return found


def _elements(book: zipfile.ZipFile, part: str, kind: str) -> list[dict[str, str]]:
    """The attributes of every element of that name."""
    if book.getinfo(part).file_size > INDEX_MAX:
        raise unusable("index_too_large", "mục lục của tệp quá lớn", "the workbook's index is too large")
    found: list[dict[str, str]] = []
    with book.open(part) as stream:
        Markup(lambda name, given: found.append(given) if plain(name) == kind else None).read(stream)
    return found


def _rows(body: bytes, name: str) -> list[tuple[int, list[Any]]]:
    """The sheet's values, as the office program stored them."""
    try:
        grid = CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_name(name)
        start = grid.start or (0, 0)
        return [(start[0] + n, [""] * start[1] + cells) for n, cells in enumerate(grid.to_python(skip_empty_area=True), 1)]
    except (CalamineError, OSError, ValueError) as error:
        raise unusable("unreadable_sheet", f"không đọc được trang tính: {str(error)[:120]}",
                       "the sheet cannot be read") from None


def _unmerge(rows: list[tuple[int, list[Any]]], merges: list[tuple[int, int, int, int]]) -> int:
    """Give the value of a cell that is merged over several rows to each of them; returns how many such cells there are."""
    by_number = dict(rows)
    done = copies = 0
    for left, top, _right, bottom in merges:
        above = by_number.get(top)
        if top >= bottom or above is None or left >= len(above) or above[left] in ("", None):
            continue
        done += 1
        copies += min(bottom - top, ROWS_MAX)
        if copies > CELLS_MAX:
            raise unusable("merged_over_each_other", "các ô gộp chồng lên nhau; hãy bỏ gộp ô rồi lưu lại",
                           "merged cells lie over each other: unmerge them and save again")
        for number in range(top + 1, min(bottom, top + ROWS_MAX) + 1):
            if number in by_number and left < len(by_number[number]):
                by_number[number][left] = above[left]
    return done
