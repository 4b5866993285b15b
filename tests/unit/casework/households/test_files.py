"""Spreadsheets as offices send them: what is read, and what is refused with a sentence that says what to do."""
from __future__ import annotations

import io
import time
import zipfile
from datetime import datetime
from typing import Any

import pytest
from openpyxl import Workbook

from binhan.casework.households.imports.files import FILE_MAX, ROWS_MAX, read_table
from binhan.casework.households.imports.reasons import Unusable
from tests.support.sheets import HEAD, book_of, swap

ROW = ["Trần Mẫu An", "12/3 Đường Mẫu"]


def test_a_sheet_is_read_with_its_row_numbers() -> None:
    table = read_table(book_of([["DANH SÁCH"], [], HEAD, ["Trần Mẫu An", "12/3 Đường Mẫu", 1980], [],
    ["Lê Mẫu", "5", 1.5]]))
    assert [n for n, _ in table.rows] == [1, 3, 4, 6]
    assert table.rows[2][1][:3] == ["Trần Mẫu An", "12/3 Đường Mẫu", 1980.0]


def test_a_sheet_that_begins_further_in() -> None:
    book = Workbook()
    book.active["C4"], book.active["C6"] = "Địa chỉ", "12 Đường Mẫu"
    out = io.BytesIO()
    book.save(out)
    assert [(n, c[2]) for n, c in read_table(out.getvalue()).rows] == [(4, "Địa chỉ"), (6, "12 Đường Mẫu")]


def test_formulas_count_only_with_a_value() -> None:
    body = book_of([HEAD, ["Trần Mẫu An", "=A1&B1", "=1+1"], ["Lê Mẫu", "5", 1]])
    assert read_table(body).unset == {2: ["B2", "C2"]}
    saved = swap(body, "xl/worksheets/sheet1.xml", b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>")
    table = read_table(saved)
    assert (table.unset, table.rows[1][1][2]) == ({2: ["B2"]}, 2.0)
    assert "công thức" in " ".join(map(str, table.notes))


def test_a_cell_merged_over_rows_holds_for_each() -> None:
    book = Workbook()
    sheet = book.active
    for row in (["Sổ hộ", None], HEAD[:2], ["Trần Mẫu An", "12 Đường Mẫu"], ["Trần Mẫu Bình", None], ["Lê Mẫu", "5"]):
        sheet.append(row)
    sheet.merge_cells("A1:B1")
    sheet.merge_cells("B3:B4")
    out = io.BytesIO()
    book.save(out)
    table = read_table(out.getvalue())
    assert [c[1] for _, c in table.rows[2:]] == ["12 Đường Mẫu", "12 Đường Mẫu", "5"]
    assert "1 ô gộp" in table.notes[0].vi


def test_hidden_sheets_are_passed_over_and_several_must_be_chosen_from() -> None:
    book = Workbook()
    book.active.append(HEAD)
    other = book.create_sheet("Ẩn")
    other.append(["bí mật"])
    other.sheet_state = "hidden"
    book.create_sheet("Trống")
    out = io.BytesIO()
    book.save(out)
    table = read_table(out.getvalue())
    assert (table.sheet, "Ẩn" in str(table.notes[0])) == ("Sheet", True)
    other.sheet_state = "visible"
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(Unusable, match="--sheet"):
        read_table(out.getvalue())
    assert read_table(out.getvalue(), "Ẩn").rows == [(1, ["bí mật"])]
    with pytest.raises(Unusable, match="no such sheet"):
        read_table(out.getvalue(), "Khác")


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_of_any_separator(mark: str, encoding: str) -> None:
    rows = [["Họ tên", "Địa chỉ"], ["Trần Mẫu An", '"12/3, Đường ""Mẫu"";\ntổ 5"'], [], []]
    text = "\r\n".join(mark.join(row) for row in rows)
    assert read_table(text.encode(encoding)).rows == [
        (1, ["Họ tên", "Địa chỉ"]), (3, ["Trần Mẫu An", '12/3, Đường "Mẫu";\ntổ 5'])]


def _zip(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, body in parts.items():
            made.writestr(name.replace("__", "/").replace("_", "."), body)
    return out.getvalue()


BOOK = book_of([HEAD, ROW])
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)


@pytest.mark.parametrize(("body", "reason"), [
    (b"", "empty"), (b" \r\n", "empty"), (OLE, "save it as .xlsx"),
    (OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
    (b"<html><table><tr><td>1</td></tr></table></html>", "web page"),
    (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", "web page"),
    ("<html>".encode("utf-16"), "web page"), (BOOK[:len(BOOK) // 2], "broken"), (BOOK[:200], "broken"),
    (_zip(word__document_xml=b"<a/>"), "not an .xlsx"), (_zip(xl__workbook_xml=b"<a"), "broken"),
    (swap(BOOK, "xl/workbook.xml", b"<workbook", b"<!DOCTYPE x [<!ENTITY a 'b'>]><workbook"), "unsafe"),
    (swap(BOOK, "xl/worksheets/sheet1.xml", b"<row", b"<raw"), "no sheet has rows"),
    (book_of([]), "no sheet has rows"), (b"x" * (FILE_MAX + 1), "larger than"),
    ("Họ tên;Địa chỉ\nTrần;12".encode("utf-16-le"), "UTF-16 không có dấu"), (b"a,b\x00c\n", "NUL"),
    ("Họ tên,Địa chỉ\n".encode("cp1258", "ignore") + b"Tr\xeen V\xe3n \xddn,Ng\xf4\xec\n", "windows-1258"),
    (b"H\xe4 t\xaan,\xa7\xdea ch\xd8\nNguy\xd4n V\xa8n An,12\n", "TCVN3"), (b'a,b\n"c,d\n', "not CSV"),
    (b'a,b\n"c"d,e\n', "not CSV")],
    ids=range(21))
def test_what_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(Unusable, match=reason):
        read_table(body)


def test_a_stray_cell_far_away_costs_nothing() -> None:
    book = Workbook()
    book.active.append(HEAD)
    book.active["XFD3"] = "?"
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(Unusable, match="beyond column"):
        read_table(out.getvalue())
    book = Workbook()
    book.active.append(HEAD)
    book.active["A1048576"] = "?"
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(Unusable, match="rows"):
        read_table(out.getvalue())


def _many(rows: int, cell: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(BOOK)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED,
    compresslevel=1) as new:
        for part in old.namelist():
            if part != "xl/worksheets/sheet1.xml":
                new.writestr(part, old.read(part))
        with new.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(b"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>")
            for first in range(1, rows + 1, 5000):
                sheet.write(b"".join(b'<row r="%d">' % n + cell.replace(b"#", b"%d" % n) + b"</row>"
                                     for n in range(first, min(first + 5000, rows + 1))))
            sheet.write(b"</sheetData></worksheet>")
    return out.getvalue()


def test_a_million_rows_are_refused_at_once_and_cheaply() -> None:
    body = _many(1_000_000, b'<c r="A#" t="inlineStr"><is><t>Mau</t></is></c><c r="B#"><v>12</v></c>')
    assert len(body) < FILE_MAX
    began = time.process_time()
    with pytest.raises(Unusable, match=f"{ROWS_MAX:,}"):
        read_table(body)
    assert time.process_time() - began < 5


def test_rows_that_are_only_formatted_do_not_count() -> None:
    body = _many(ROWS_MAX + 10, b'<c r="A#" s="1"/>')
    with pytest.raises(Unusable, match="no sheet has rows"):
        read_table(body)


def test_a_csv_of_too_many_rows() -> None:
    with pytest.raises(Unusable, match="rows"):
        read_table(b"a,b\n" * (2 * ROWS_MAX + 2))
    with pytest.raises(Unusable, match="rows"):
        read_table(b"a,b\n" * (ROWS_MAX + 2))


def test_a_zip_bomb_is_not_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(BOOK)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED,
    compresslevel=1) as new:
        for part in old.namelist():
            if part != "xl/sharedStrings.xml":
                new.writestr(part, old.read(part))
        with new.open("xl/sharedStrings.xml", "w") as part_file:
            for _ in range(300):
                part_file.write(bytes(2**20))
    with pytest.raises(Unusable, match="unpacks to too much"):
        read_table(out.getvalue())


def test_dates_come_as_dates() -> None:
    value: Any = read_table(book_of([HEAD, ["Trần Mẫu", "1", datetime(1980, 5, 1)]])).rows[1][1][2]
    assert value.year == 1980


def test_a_value_merged_over_columns_and_rows_holds_for_each_row() -> None:
    book = Workbook()
    sheet = book.active
    for row in (["Họ và tên", "Địa chỉ", "Khu phố", None], ["Trần Mẫu An", "1", "Khu phố 2", None],
                ["Lê Mẫu", "2", None, None], ["Võ Mẫu", "3", None, None]):
        sheet.append(row)
    sheet.merge_cells("C1:D1")
    sheet.merge_cells("C2:D4")
    out = io.BytesIO()
    book.save(out)
    assert [c[2] for _, c in read_table(out.getvalue()).rows] == ["Khu phố", "Khu phố 2", "Khu phố 2", "Khu phố 2"]


def test_hidden_rows_are_read_and_said() -> None:
    book = Workbook()
    for row in (HEAD, ROW, ["Hồ Mẫu Hai", "2"], ["Hồ Mẫu Ba", "3"]):
        book.active.append(row)
    book.active.row_dimensions[3].hidden = book.active.row_dimensions[4].hidden = True
    out = io.BytesIO()
    book.save(out)
    table = read_table(out.getvalue())
    assert (len(table.rows), [n.code for n in table.notes]) == (4, ["hidden_rows"])
    assert "2 dòng đang ẩn" in table.notes[0].vi


def test_what_keeps_a_spreadsheet_from_making_a_day_of_it_is_no_part_of_it() -> None:
    body = 'Mã hộ,Số nhà\n"=""000123""","=""12/3"""\n\'000125,\'12/7\n=""x,\'\n'
    assert [c for _, c in read_table(body.encode()).rows[1:]] == [["000123", "12/3"], ["000125", "12/7"], ['=""x', "'"]]
