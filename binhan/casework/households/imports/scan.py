"""How much a sheet holds before any of it is read: rows, cells, how far out they lie, formulas, merged and hidden ones."""
from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field

from binhan.casework.households.imports.markup import BrokenMarkup, Markup, plain
from binhan.casework.households.imports.reasons import unusable
from binhan.casework.households.imports.table import CELLS_MAX, COLUMNS_MAX, GRID_MAX, ROWS_MAX, check_amount, too_many_rows

MERGES_MAX = 50_000
IN_ROW_MAX = 16_384  # cells: as many columns as Excel has. Beyond these three what never ends is nested, and costs memory
IN_CELL_MAX = 40_000  # texts: a cell has at most 32,767 characters
OTHERS_MAX = 4_000_000  # all other elements
TELL_EVERY = 5000  # rows
_DIGITS = "0123456789"
_HOLDS = frozenset(("v", "t", "f"))  # inside a cell: a value, a text, a formula
_AROUND = frozenset(("is", "r", "rPr", "rPh", "phoneticPr", "b", "i", "u", "sz", "color", "rFont", "family", "scheme",
                     "charset", "strike", "outline", "shadow", "condense", "extend", "vertAlign"))  # also inside one


@dataclass(slots=True)
class Scan:
    """What was found in a sheet so far. Columns count from 0, rows as the sheet does."""

    filled: int = 0
    cells: int = 0
    first: int = 0
    last: int = 0
    left: int = COLUMNS_MAX
    right: int = 0
    hidden: int = 0
    formulas: int = 0
    unset: dict[int, list[str]] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)


def scan_sheet(book: zipfile.ZipFile, part: str, tell: Callable[[int], None]) -> Scan:
    """Read through a sheet as a stream, given up at the first limit. One that breaks before its first row has none."""
    reader = _Reader(tell)
    with book.open(part) as stream:
        try:
            reader.markup.read(stream)
            reader.settle()
        except BrokenMarkup:
            if reader.scan.filled:
                raise
    return reader.scan


class _Reader:
    """Hears of each element as it begins – that one ends need not be heard: what comes next says it – and keeps only the
    place that it has come to. It is called twice for each of up to two million cells."""

    def __init__(self, tell: Callable[[int], None]) -> None:
        self.scan, self.tell = Scan(), tell
        self.markup = Markup(self.start)
        self.row, self.row_text, self.row_hidden = 0, "", False
        self.in_row = self.row_filled = False
        self.cells = self.holds = self.others = 0  # in this row, in this cell, in all
        self.reference, self.column = "", -1
        self.in_cell = self.filled = self.value = False
        self.place = (0, 0)
        self.unset: tuple[int, int] | None = None  # the formula that has no value yet

    def start(self, name: str, given: dict[str, str]) -> None:
        if ":" in name:
            name = plain(name)
        if name in _HOLDS:
            if self.in_cell:
                self._inside(name)
            return
        if self.unset and name not in _AROUND:
            self.settle()
        if name == "c":
            self.in_cell, self.filled, self.value, self.holds = True, False, False, 0
            self.cells += 1
            if self.cells > IN_ROW_MAX:
                raise BrokenMarkup("a row without end")
            self.reference = given.get("r", "")
            if not self.reference:
                self.column += 1
        else:
            self.others += 1
            if self.others > OTHERS_MAX:
                raise BrokenMarkup("elements without end")
            if name not in _AROUND:
                self.in_cell = False
                self._outside(name, given)

    def _outside(self, name: str, given: dict[str, str]) -> None:
        self.in_row = name == "row"
        if self.in_row:
            self.cells = 0
            self.row_text = given.get("r", "")
            self.row = _whole(self.row_text) if self.row_text else self.row + 1
            self.row_filled, self.column = False, -1
            self.row_hidden = given.get("hidden") in ("1", "true")
        elif name == "mergeCell":
            self._merge(given.get("ref", ""))

    def _inside(self, name: str) -> None:
        self.holds += 1
        if self.holds > IN_CELL_MAX:
            raise BrokenMarkup("a cell without end")
        if not self.filled:
            self.filled = True
            self._found()
        if name == "f":
            self.scan.formulas += 1
            self.unset = None if self.value else self.place
        elif self.unset and name == "v":
            self.markup.listen(self._text)
        else:
            self.value, self.unset = True, None

    def _text(self, text: str) -> None:
        if text.strip():
            self.unset = None
            self.markup.listen(None)

    def settle(self) -> None:
        """The cell is over: a formula in it that has no value by now has none."""
        if self.unset:
            self.scan.unset.setdefault(self.unset[0], []).append(f"{_letters(self.unset[1])}{self.unset[0]}")
            self.unset = None
            self.markup.listen(None)

    def _found(self) -> None:
        """There is something in the cell: the limits are kept here."""
        reference, scan, number = self.reference, self.scan, self.row
        column = self.column
        if reference:
            known = _COLUMNS.get(reference.removesuffix(self.row_text)) if self.row_text else None
            number, column = (number, known) if known is not None else _place(reference)
            self.column = column
        self.place = (number, column)
        scan.cells += 1
        if not self.row_filled or number != self.row or scan.cells > CELLS_MAX:
            self._new_row(number)
        if column > scan.right or column < scan.left:
            self._wider(number, column)

    def _new_row(self, number: int) -> None:
        scan = self.scan
        if self.in_row and not self.row_filled:
            self.row_filled = True
            scan.filled += 1
            scan.hidden += self.row_hidden
            if scan.filled % TELL_EVERY == 0:
                self.tell(scan.filled)
        scan.first, scan.last = min(scan.first or number, number), max(scan.last, number)
        check_amount(scan.filled, scan.cells)
        if scan.last - scan.first > 2 * ROWS_MAX:
            raise too_many_rows()
        self._check_grid()

    def _wider(self, number: int, column: int) -> None:
        """Refuse a value far to the right: the grid up to it would fill the memory."""
        scan = self.scan
        if column >= COLUMNS_MAX:
            raise unusable("too_wide", f"dòng {number} có ô ngoài cột thứ {COLUMNS_MAX}; hãy xoá các cột thừa",
                           f"row {number} has a cell beyond column {COLUMNS_MAX}; delete the columns that are not needed")
        scan.left, scan.right = min(scan.left, column), max(scan.right, column)
        self._check_grid()

    def _check_grid(self) -> None:
        scan = self.scan
        if (scan.last - scan.first + 1) * (scan.right + 1) > GRID_MAX:
            raise unusable("too_spread", f"dữ liệu trải trên hơn {GRID_MAX:,} ô (dòng {scan.first}–{scan.last}, đến cột"
                           f" {_letters(scan.right)}); hãy xoá cột thừa, ô lẻ ở xa, hoặc chia nhỏ tệp",
                           f"spread over more than {GRID_MAX:,} cells; delete columns and stray cells, or split it")

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        if last and len(self.scan.merges) < MERGES_MAX:
            (top, left), (bottom, right) = _place(first), _place(last)
            self.scan.merges.append((left, top, right, bottom))


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 7:
        raise BrokenMarkup("no row number")
    return int(text)


def _place(reference: str) -> tuple[int, int]:
    """Row and column of a reference like B12."""
    letters = reference.rstrip(_DIGITS)
    if letters not in _COLUMNS:
        raise BrokenMarkup("no cell")
    return _whole(reference[len(letters):]), _COLUMNS[letters]


def _letters(column: int) -> str:
    """How a spreadsheet calls a column."""
    text = ""
    while column >= 0:
        text, column = chr(65 + column % 26) + text, column // 26 - 1
    return text


_COLUMNS = {_letters(n): n for n in range(16_384)}  # as many as Excel has
