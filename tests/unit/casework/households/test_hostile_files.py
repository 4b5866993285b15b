"""Files that are made to hurt: each is refused with a sentence, in time that grows with its length, in bounded memory."""
from __future__ import annotations

import io
import struct
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest

from binhan.casework.households.imports import apart, workbook
from binhan.casework.households.imports.apart import read_apart
from binhan.casework.households.imports.files import read_table
from binhan.casework.households.imports.reasons import Unusable
from binhan.casework.households.imports.table import CELLS_MAX, FILE_MAX
from tests.support.sheets import HEAD, book_of, sheet_of

ROW = b'<row r="1"><c r="A1"><v>1</v></c></row>'


def unclosed(n: int) -> bytes:
    """Cells that never end, and one formula: what a pattern over markup tries again from every one of them."""
    return sheet_of(ROW + b'<row r="2">' + b"<c >" * n + b"<f>1</f></row>")


def repeated(n: int) -> bytes:
    """Formulas without a value, merged over each other."""
    return sheet_of(b'<row r="1">' + b'<c r="A1"><f>1</f></c>' * n + b"</row></sheetData><mergeCells>"
                    + b'<mergeCell ref="A1:A9"/>' * n + b"</mergeCells><sheetData>")


def attributes(n: int) -> bytes:
    """One cell with a very long attribute, and no end of its tag."""
    return sheet_of(ROW + b'<row r="2"><c r="' + b"A" * n)


def quotes(n: int) -> bytes:
    """A CSV of quotes."""
    return b"a,b\n" + b'"",' * n + b"\n"


def seconds(body: bytes) -> float:
    began = time.process_time()
    with suppress(Unusable):
        read_table(body)
    return time.process_time() - began


@pytest.mark.parametrize("made", [unclosed, repeated, attributes, quotes])
def test_time_grows_with_the_length_and_not_faster(made: Callable[[int], bytes]) -> None:
    n = 20_000
    while (once := min(seconds(made(n)) for _ in range(2))) < 0.02 and n < 3_000_000:
        n *= 2
    assert seconds(made(4 * n)) < 8 * max(once, 0.02)


def test_the_file_that_froze_an_office_is_refused_at_once() -> None:
    body = unclosed(40_000)
    assert len(body) < 20_000
    began = time.process_time()
    with pytest.raises(Unusable):
        read_table(body)
    assert time.process_time() - began < 1
    with pytest.raises(Unusable):
        read_apart(body)


@pytest.mark.parametrize("rows", [b'<row r="2">' + b"<c>" * 20_000, b'<row r="2"><c r="A2">' + b"<t>" * 50_000,
                                  b"<x>" * 4_100_000], ids=["cells", "texts", "others"])
def test_what_never_ends_is_given_up(rows: bytes) -> None:
    with pytest.raises(Unusable, match="broken"):
        read_table(sheet_of(ROW + rows))


def test_a_small_file_that_unpacks_to_a_gigabyte_is_refused_from_its_head() -> None:
    row = b"".join(b'<c r="%s1"><v>1</v></c>' % name for name in [b"A", b"B", b"C", b"D", b"E", b"F", b"G", b"H"] * 25)
    body = sheet_of(b"".join([ROW, b"<row>", row * 10, b"</row>"]) * 5000)
    assert len(body) < 2_000_000
    began = time.process_time()
    with pytest.raises(Unusable, match="unpacks to too much"):
        read_table(body)
    assert time.process_time() - began < 1


def test_one_that_lies_about_its_size_is_given_no_more_than_it_says() -> None:
    honest = sheet_of(ROW * 100_000)
    with zipfile.ZipFile(io.BytesIO(honest)) as book:
        size = book.getinfo("xl/worksheets/sheet1.xml").file_size
    lying = honest.replace(struct.pack("<I", size), struct.pack("<I", 1000))
    assert lying != honest
    with pytest.raises(Unusable, match="broken"):
        read_table(lying)


def test_too_many_cells_too_far_apart_or_merged_over_each_other() -> None:
    cells = b"".join(b'<c r="%c1"><v>1</v></c>' % letter for letter in b"ABCDEFGHIJKLMNOPQRSTUVWXYZ" * 4)
    with pytest.raises(Unusable, match=f"{CELLS_MAX:,}"):
        read_table(sheet_of((b"<row>" + cells + b"</row>") * 20_000))
    far = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="200000"><c r="CV200000"><v>1</v></c></row>'
    with pytest.raises(Unusable, match="stray cells"):
        read_table(sheet_of(far))
    merged = b'</sheetData><mergeCells>' + b'<mergeCell ref="A1:A200000"/>' * 100 + b"</mergeCells><sheetData>"
    with pytest.raises(Unusable, match="lie over each other"):
        read_table(sheet_of(ROW + b'<row r="2"><c r="A2"><v>1</v></c></row>' + merged))


def test_a_csv_of_too_many_cells_is_refused() -> None:
    body = b",".join([b"1"] * 180) + b"\n"
    body *= CELLS_MAX // 180 + 2
    assert len(body) < FILE_MAX
    with pytest.raises(Unusable, match=f"{CELLS_MAX:,}"):
        read_apart(body)


def test_declarations_in_a_sheet_are_refused() -> None:
    with pytest.raises(Unusable, match="unsafe"):
        read_table(sheet_of(ROW, b"<!DOCTYPE x [<!ENTITY a 'b'>]>"))


def test_one_text_in_every_cell_does_not_take_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """4 kB of text once, then 100,000 cells that point to it: 400 MB."""
    monkeypatch.setattr(apart, "LIMITS", replace(apart.LIMITS, memory=200 << 20))
    text = (b"<sst xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><si><t>" + b"x" * 4000
            + b"</t></si></sst>")
    rows = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(1, 100_001))
    with pytest.raises(Unusable, match="memory"):
        read_apart(sheet_of(rows, texts=text))


def test_more_text_than_can_be_kept_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("binhan.casework.households.imports.table.LINES_MAX", 1000)
    from binhan.casework.households.imports.table import Table, pack
    with pytest.raises(Unusable, match="too much text|of text"):
        pack(Table("x", [(n, ["x" * 100]) for n in range(1, 20)]))


@pytest.mark.parametrize(("name", "said"), [("forever", "seconds"), ("greedy", "memory"), ("faulty", "cannot be read"),
                                            ("echo", "cannot be read"), ("killed", "busy")])
def test_whatever_it_does_somebody_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch, name: str, said: str) -> None:
    monkeypatch.setattr(apart, "WORK", f"tests.unit.commons.sandbox.labour:{name}")
    monkeypatch.setattr(apart, "LIMITS", replace(apart.LIMITS, cpu_s=1, memory=200 << 20))
    with pytest.raises(Unusable, match=said):
        read_apart(book_of([HEAD]))


def test_a_formula_counts_by_its_value_whatever_the_prefix() -> None:
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rows = (b'<x:row r="1"><x:c r="A1"><x:f>1</x:f><x:v>2</x:v></x:c><x:c r="B1"><x:f>1</x:f><x:v></x:v>\n</x:c>'
            b'<x:c r="C1"><x:f/></x:c></x:row>')
    body = sheet_of(b"", whole=b"<x:worksheet xmlns:x='" + main + b"'><x:sheetData>" + rows
                    + b"</x:sheetData><x:extLst><x:f>A1</x:f></x:extLst></x:worksheet>")
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        scan = workbook.scan_sheet(book, "xl/worksheets/sheet1.xml", lambda _rows: None)
    assert (scan.unset, scan.formulas, scan.filled, scan.cells) == ({1: ["B1", "C1"]}, 3, 1, 3)
