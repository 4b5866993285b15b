"""From bytes to rows of cells: XLSX or CSV as offices really send them; what cannot be read safely is refused, with what to
do about it, before it costs memory or time."""
from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook

from binhan.casework.households.imports.reasons import Reason, Unusable, unusable

FILE_MAX = 64 * 2**20  # bytes
ROWS_MAX = 200_000  # rows with something in them: twice the people of the largest ward
COLUMNS_MAX = 200
UNPACKED_MAX = 1024 * 2**20  # bytes of all parts of an XLSX
TEXTS_MAX = 256 * 2**20  # bytes of its shared texts
MERGES_MAX = 50_000
CHUNK = 1 << 20
_ROW = re.compile(rb"<(?:\w+:)?row[\s>]")
_FILLED = (b"<v", b"<t>", b"<t ", b"<f", b":v>", b":t>", b":t ", b":f")
_FORMULA = re.compile(rb"<(?:\w+:)?c\s([^>]*)>((?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?f[\s>/].*?)</(?:\w+:)?c>", re.S)
_VALUE = re.compile(rb"<(?:\w+:)?v>[^<]|<(?:\w+:)?t[\s>]")
_NUMBER = re.compile(rb"""^[^>]*?\br=["'](\d{1,7})["']""")
_CELL = re.compile(rb"""\br=["']([A-Z]{1,3})(\d{1,7})["']""")
_MERGE = re.compile(rb"""mergeCell\s[^>]*?ref=["']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})["']""")
_PART = {"r": "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"}


@dataclass(slots=True)
class Table:
    """The rows of one sheet that have something in them, by their number in the file (the first is 1)."""

    sheet: str
    rows: list[tuple[int, list[Any]]]
    notes: list[Reason] = field(default_factory=list)
    unset: dict[int, list[str]] = field(default_factory=dict)  # formulas without a value: row → cells


@dataclass(slots=True)
class _Scan:
    filled: int = 0
    first: int = 0
    last: int = 0
    formulas: int = 0
    unset: dict[int, list[str]] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)


def read_table(body: bytes, sheet: str | None = None) -> Table:
    """The table in the file; raises Unusable."""
    if len(body) > FILE_MAX:
        raise unusable("too_large", f"tệp lớn hơn {FILE_MAX >> 20} MB; hãy chia nhỏ, mỗi khu phố một tệp",
                       f"larger than {FILE_MAX >> 20} MB; split it")
    if not body.strip():
        raise unusable("empty", "tệp rỗng", "the file is empty")
    if body[:4] == b"PK\x03\x04":
        return _xlsx(body, sheet)
    if body[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        if "EncryptedPackage".encode("utf-16-le") in body:
            raise _password()
        raise unusable("old_xls", "tệp .xls đời cũ; hãy mở bằng Excel và lưu thành .xlsx", "old .xls: save it as .xlsx")
    head = body[:2000].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").lower()
    if head.startswith((b"<!doctype", b"<html", b"<table", b"<?xml", b"<meta", b"<style")):
        raise unusable("web_page", "tệp là trang web đổi tên; hãy mở bằng Excel và lưu thành .xlsx",
                       "a web page under another name: save it as .xlsx")
    return Table("CSV", _csv(body))


def _too_many() -> Unusable:
    return unusable("too_many_rows", f"hơn {ROWS_MAX:,} dòng; hãy chia nhỏ, mỗi khu phố một tệp",
                    f"more than {ROWS_MAX:,} rows; split it")


def _password() -> Unusable:
    return unusable("password", "tệp có mật khẩu; hãy bỏ mật khẩu rồi lưu lại",
                    "password-protected: remove it and save again")


def _csv(body: bytes) -> list[tuple[int, list[Any]]]:
    if body.count(b"\n") > 2 * ROWS_MAX:
        raise _too_many()
    text = _decoded(body)
    if "\x00" in text:
        raise unusable("not_text", "có ký tự NUL, không phải văn bản", "NUL characters: this is not text")
    sample = text[:20_000]
    outside = re.sub(r'"[^"]*"', "", sample)
    top = outside.splitlines()[:30]
    mark = max(",;\t|", key=lambda m: (sum(m in line for line in top), outside.count(m)))
    rows: list[tuple[int, list[Any]]] = []
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
        for cells in reader:
            if any(c.strip() for c in cells):
                rows.append((reader.line_num, list(cells[:COLUMNS_MAX])))
                if len(rows) > ROWS_MAX:
                    raise _too_many()
    except csv.Error as error:
        raise unusable("not_csv", f"dòng {reader.line_num}: dấu ngoặc kép hoặc ô không đúng CSV ({error})",
                       f"row {reader.line_num} is not CSV") from None
    return rows


def _decoded(body: bytes) -> str:
    """The text of UTF-8 or (with its mark) UTF-16; other encodings would only be guessed, so they are named and refused."""
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return body.decode("utf-16")
        except UnicodeDecodeError:
            raise unusable("broken_utf16", "tệp UTF-16 bị hỏng", "broken UTF-16") from None
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        where = error.start
    kind = "UTF-16 không có dấu đầu tệp" if body[:2000].count(0) * 4 > len(body[:2000]) else (
        "windows-1258" if re.search(rb"[A-Za-z\xca\xd4\xd5\xdd\xea\xf4\xf5\xfd][\xcc\xec\xd2\xf2\xde]", body)
        and not re.search(rb"[\xb5-\xb9\xa8\xae]", body) else "TCVN3, VNI hoặc bảng mã cũ khác")
    raise unusable("not_utf8", f"không phải UTF-8 từ byte {where}, có lẽ là {kind}; hãy mở bằng Excel, lưu kiểu “CSV UTF-8”"
                   " hoặc .xlsx", "not UTF-8: save it as CSV UTF-8 or .xlsx")


def _xlsx(body: bytes, sheet: str | None) -> Table:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            parts = {p.filename: p for p in book.infolist()}
            if any(p.flag_bits & 1 for p in parts.values()):
                raise _password()
            if "xl/workbook.xml" not in parts:
                raise unusable("not_xlsx", "không phải bảng tính .xlsx (có lẽ .docx, .ods hoặc tệp nén đổi tên)",
                               "not an .xlsx workbook")
            texts = sum(p.file_size for n, p in parts.items() if n.lower().endswith("sharedstrings.xml"))
            if sum(p.file_size for p in parts.values()) > UNPACKED_MAX or texts > TEXTS_MAX or len(parts) > 5000:
                raise unusable("unpacks_too_large", "giải nén quá lớn, không phải bảng tính thường",
                               "unpacks to too much: not an ordinary workbook")
            name, notes, scan = _pick_sheet(book, sheet)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, ElementTree.ParseError, KeyError) as error:
        raise unusable("broken_xlsx", f"tệp .xlsx bị hỏng ({type(error).__name__}); hãy mở bằng Excel và lưu lại",
                       "a broken .xlsx: open it in Excel and save it again") from None
    try:
        grid = CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_name(name)
        start = grid.start or (0, 0)
        rows = [(start[0] + n, [""] * start[1] + cells) for n, cells in enumerate(grid.to_python(skip_empty_area=True), 1)]
    except (CalamineError, OSError, ValueError) as error:
        raise unusable("unreadable_sheet", f"không đọc được trang tính: {str(error)[:120]}",
                       "the sheet cannot be read") from None
    filled = _unmerge(rows, scan.merges)
    if filled:
        notes.append(Reason("merged_cells", f"{filled} ô gộp: giá trị được dùng cho mọi dòng của ô",
                            f"{filled} merged cells: the value holds for each row"))
    if scan.formulas:
        notes.append(Reason("formulas", f"{scan.formulas} công thức: dùng giá trị đã tính",
                            f"{scan.formulas} formulas: their stored values are used"))
    return Table(name, [(n, cells) for n, cells in rows if any(c not in ("", None) for c in cells)], notes, scan.unset)


def _pick_sheet(book: zipfile.ZipFile, wanted: str | None) -> tuple[str, list[Reason], _Scan]:
    """The one visible sheet that has rows (or the one named), every visible sheet looked through."""
    sheets = _sheets(book)
    shown = {name: path for name, path, hidden in sheets if not hidden}
    out_of_sight = ", ".join(name for name, _, hidden in sheets if hidden)
    notes = [Reason("hidden_sheets", f"trang ẩn không đọc: {out_of_sight}", f"hidden sheets are not read: {out_of_sight}")
             ] if out_of_sight else []
    if wanted is not None and wanted not in shown:
        raise unusable("no_such_sheet", f"không có trang “{wanted}”; có: {', '.join(shown)}",
                       f"no such sheet; there are: {', '.join(shown)}")
    scans = {name: _scan(book, path) for name, path in shown.items() if wanted in (None, name)}
    full = [name for name, scan in scans.items() if scan.filled]
    if not full:
        raise unusable("no_rows", "không có trang nào có dữ liệu", "no sheet has rows")
    if len(full) > 1:
        raise unusable("several_sheets", f"nhiều trang có dữ liệu: {', '.join(full)}; hãy chọn bằng --sheet TÊN",
                       f"several sheets have rows: {', '.join(full)}; choose one with --sheet NAME")
    return full[0], notes, scans[full[0]]


def _sheets(book: zipfile.ZipFile) -> list[tuple[str, str, bool]]:
    """(name, part, hidden) of every worksheet."""
    links = {e.get("Id"): e.get("Target", "") for e in _xml(book, "xl/_rels/workbook.xml.rels")}
    found = []
    for e in _xml(book, "xl/workbook.xml").iter():
        if e.tag.rpartition("}")[2] == "sheet":
            target = links.get(e.get(_PART["r"]) or "", "")
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if "worksheets/" in path:
                found.append((e.get("name", ""), path, e.get("state", "visible") != "visible"))
    return found


def _xml(book: zipfile.ZipFile, part: str) -> ElementTree.Element:
    if book.getinfo(part).file_size > 4 * CHUNK:
        raise unusable("index_too_large", "mục lục của tệp quá lớn", "the workbook's index is too large")
    text = book.read(part)
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise unusable("unsafe_xml", "tệp có khai báo XML không an toàn", "unsafe XML declarations")
    return ElementTree.fromstring(text)


def _pieces(book: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """What lies between one `<row` and the next, as it is unpacked."""
    rest = b""
    with book.open(part) as stream:
        while chunk := stream.read(CHUNK):
            *whole, rest = _ROW.split(rest + chunk)
            yield from whole
            if len(rest) > 16 * CHUNK:
                raise unusable("row_too_long", "một dòng quá dài, không phải bảng tính thường",
                               "one row is too long for a workbook")
    yield rest


def _scan(book: zipfile.ZipFile, part: str) -> _Scan:
    """How much a sheet holds, its formulas and merged cells – read as a stream, given up at the limit."""
    scan, number = _Scan(), 0
    for n, piece in enumerate(_pieces(book, part)):
        if n:
            numbered = _NUMBER.match(piece)
            number = int(numbered[1]) if numbered else number + 1
            if any(mark in piece for mark in _FILLED):
                _scan_row(scan, number, piece)
        if b"mergeCell" in piece:
            for a, top, b, bottom in _MERGE.findall(piece)[:MERGES_MAX]:
                scan.merges.append((_column(a), int(top), _column(b), int(bottom)))
    return scan


def _scan_row(scan: _Scan, number: int, piece: bytes) -> None:
    scan.filled += 1
    scan.first = scan.first or number
    scan.last = max(scan.last, number)
    if scan.filled > ROWS_MAX or scan.last - scan.first > 2 * ROWS_MAX:
        raise _too_many()
    at = piece.rfind(b' r="') + 4
    if piece[at + 2:at + 3].isalpha() or (piece[at + 1:at + 2].isalpha() and piece[at:at + 2] > b"GR"):
        _check_width(number, piece)
    if b"<f" in piece or b":f" in piece:
        for attributes, inner in _FORMULA.findall(piece):
            scan.formulas += 1
            if not _VALUE.search(inner):
                named = _CELL.search(attributes)
                scan.unset.setdefault(number, []).append((named[1] + named[2]).decode() if named else "?")


def _check_width(number: int, piece: bytes) -> None:
    """Refuse a value far to the right: the grid up to it would fill the memory."""
    for cell in piece.split(b"<c ")[1:]:
        named = _CELL.search(cell)
        if named and _column(named[1]) >= COLUMNS_MAX and any(mark in cell for mark in _FILLED):
            raise unusable("too_wide", f"dòng {number} có ô ngoài cột thứ {COLUMNS_MAX}; hãy xoá các cột thừa",
                           f"row {number} has a cell beyond column {COLUMNS_MAX}; delete the columns that are not needed")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _unmerge(rows: list[tuple[int, list[Any]]], merges: list[tuple[int, int, int, int]]) -> int:
    """Give the value of a cell that is merged over several rows to each of them; returns how many such cells there are."""
    by_number = dict(rows)
    done = 0
    for left, top, right, bottom in merges:
        above = by_number.get(top)
        if top == bottom or left != right or above is None or left >= len(above) or above[left] in ("", None):
            continue
        done += 1
        for number in range(top + 1, min(bottom, top + ROWS_MAX) + 1):
            if number in by_number and left < len(by_number[number]):
                by_number[number][left] = above[left]
    return done
