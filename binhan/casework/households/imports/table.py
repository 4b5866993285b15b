"""The rows of one sheet, how many there may be, and how they are kept between reading and importing: as JSON, a row a line,
packed. Whatever unpacks has been written by a process that read a stranger's file: nothing of it is believed unseen."""
from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from binhan.casework.households.imports.reasons import Reason, Unusable, unusable

FILE_MAX = 64 * 2**20  # bytes
ROWS_MAX = 200_000  # rows with something in them: twice the people of the largest ward
COLUMNS_MAX = 200
CELLS_MAX = 2_000_000  # cells with something in them
GRID_MAX = 8_000_000  # cells from the first to the last with something in it, empty ones too: all are in memory
LINES_MAX = 160 * 2**20  # bytes of all rows, as JSON
PACKED_MAX = 96 * 2**20
MARK = b"BA1\n"  # before what is packed
REASONS_MAX = 100
HEAD_MAX = 1 << 20  # bytes of the first line


@dataclass(slots=True)
class Table:
    """The rows of one sheet that have something in them, by their number in the file (the first is 1)."""

    sheet: str
    rows: list[tuple[int, list[Any]]]
    notes: list[Reason] = field(default_factory=list)
    unset: dict[int, list[str]] = field(default_factory=dict)  # formulas without a value: row → cells


class NotPacked(ValueError):
    """These bytes are no packed table, or no longer one."""


def check_amount(rows: int, cells: int) -> None:
    """Refuse a table that is too much to hold."""
    if rows > ROWS_MAX:
        raise too_many_rows()
    if cells > CELLS_MAX:
        raise unusable("too_many_cells", f"hơn {CELLS_MAX:,} ô có dữ liệu; hãy xoá các cột không cần, hoặc chia nhỏ, mỗi"
                       " khu phố một tệp",
                       f"more than {CELLS_MAX:,} cells; delete columns that are not needed, or split it")


def too_many_rows() -> Unusable:
    """The refusal of a table that is too long."""
    return unusable("too_many_rows", f"hơn {ROWS_MAX:,} dòng; hãy chia nhỏ, mỗi khu phố một tệp",
                    f"more than {ROWS_MAX:,} rows; split it")


def pack(table: Table) -> bytes:
    """The table as unpack takes it; raises Unusable for one that nobody could unpack."""
    packed = _packed(_lines(table))
    if len(packed) > PACKED_MAX:
        raise _too_much_text()
    return packed


def pack_refusal(refusal: Unusable) -> bytes:
    """In the place of a table: why there is none."""
    return _packed(iter([_line({"refused": [_of_reason(r) for r in refusal.reasons[:REASONS_MAX]]})]))


def _packed(lines: Iterator[bytes]) -> bytes:
    press, pieces, size = zlib.compressobj(1), [MARK], 0
    for line in lines:
        size += len(line)
        if size > LINES_MAX:
            raise _too_much_text()
        pieces.append(press.compress(line))
    return b"".join([*pieces, press.flush()])


def _too_much_text() -> Unusable:
    return unusable("too_much_text", f"hơn {LINES_MAX >> 20} MB chữ; hãy xoá các cột không cần, hoặc chia nhỏ, mỗi khu phố"
                    " một tệp", f"more than {LINES_MAX >> 20} MB of text; delete columns that are not needed, or split it")


def _lines(table: Table) -> Iterator[bytes]:
    yield _line({"sheet": table.sheet, "notes": [_of_reason(r) for r in table.notes[:REASONS_MAX]]})
    for number, cells in table.rows:
        unset = table.unset.get(number)
        yield _line([number, cells, unset[:COLUMNS_MAX]] if unset else [number, cells])


def _line(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_tagged)
    return text.encode("utf-8", "surrogatepass") + b"\n"


def _tagged(cell: Any) -> Any:
    """What JSON has no word for. A datetime is a date too: it comes first."""
    if isinstance(cell, datetime | date | time):
        return {type(cell).__name__: cell.isoformat()}
    if isinstance(cell, timedelta):
        return {"timedelta": [cell.days, cell.seconds, cell.microseconds]}
    raise TypeError(type(cell).__name__)


def _of_reason(reason: Reason) -> list[Any]:
    return [reason.code, reason.vi[:2000], reason.en[:2000]]


def unpack(packed: bytes) -> Table:
    """The table; raises Unusable where the file was refused, NotPacked for anything else."""
    with _trusting_nothing():
        head, *lines = _opened(packed, LINES_MAX, whole=True).splitlines()
        return _table(json.loads(head), lines)


def check_head(packed: bytes) -> None:
    """As unpack, but looking at the first line alone."""
    with _trusting_nothing():
        head, _, _ = _opened(packed, HEAD_MAX, whole=False).partition(b"\n")
        _table(json.loads(head), [])


@contextmanager
def _trusting_nothing() -> Iterator[None]:
    try:
        yield
    except (zlib.error, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        if isinstance(error, Unusable | NotPacked):
            raise
        raise NotPacked(type(error).__name__) from None


def _opened(packed: bytes, most: int, whole: bool) -> bytes:
    if not packed.startswith(MARK) or len(packed) > PACKED_MAX:
        raise NotPacked("no mark, or too long")
    press = zlib.decompressobj()
    text = press.decompress(memoryview(packed)[len(MARK):], most + whole)
    if whole and (len(text) > most or not press.eof):
        raise NotPacked("too long, or cut off")
    return text


def _table(head: dict[str, Any], lines: list[bytes]) -> Table:
    if "refused" in head:
        raise Unusable(*_reasons(head["refused"]))
    if len(lines) > ROWS_MAX or not isinstance(head["sheet"], str):
        raise NotPacked("too many rows")
    table = Table(head["sheet"][:200], [], _reasons(head["notes"]))
    for line in lines:
        number, cells, *unset = json.loads(line)
        if type(number) is not int or number < 1 or not isinstance(cells, list) or len(cells) > COLUMNS_MAX:
            raise NotPacked("no row")
        table.rows.append((number, [c if type(c) in (str, float, int, bool, type(None)) else _untagged(c) for c in cells]))
        if unset:
            table.unset[number] = [str(name)[:20] for name in unset[0]]
    return table


def _untagged(cell: dict[str, Any]) -> Any:
    (name, value), = cell.items()
    if name == "timedelta":
        return timedelta(*map(int, value))
    return _FROM[name](value)


_FROM: dict[str, Callable[[str], Any]] = {
    "datetime": datetime.fromisoformat, "date": date.fromisoformat, "time": time.fromisoformat}


def _reasons(given: list[list[str]]) -> list[Reason]:
    return [Reason(str(code), str(vi), str(en)) for code, vi, en in given[:REASONS_MAX]]
