"""Which column means what: the header row found by itself, its words in many spellings, and the operator's own --map."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from binhan.casework.households.imports.reasons import Reason, Unmapped
from binhan.casework.households.imports.table import Table
from binhan.kernel.text import fold

LOOKED_AT = 30  # rows at the top in which the header may stand
_WORDS: dict[str, str] = {
    "full_name": "họ và tên|họ tên|tên|họ và tên công dân|họ tên nhân khẩu|tên thành viên|full name|name",
    "head_name": "chủ hộ|họ tên chủ hộ|họ và tên chủ hộ|tên chủ hộ|chủ nhà",
    "address": "địa chỉ|địa chỉ thường trú|địa chỉ hiện tại|địa chỉ nơi ở|nơi ở|nơi ở hiện tại|chỗ ở hiện nay|"
               "nơi thường trú|nơi tạm trú|address",
    "number": "số nhà|nhà số|số nhà hẻm|house number",
    "street": "đường|tên đường|đường hẻm|tuyến đường|đường phố|tuyến|street",
    "group": "tổ|tổ dân phố|tổ số|số tổ|tổ dân cư|tdp",
    "area": "khu phố|kp|ấp|khu phố ấp|thôn|khóm|khu phố thôn",
    "landmark": "điểm mốc|mốc|vị trí gần|địa điểm gần|landmark",
    "kind": "loại hộ|hình thức ở|hình thức cư trú|loại hình ở|loại hình",
    "code": "mã hộ|số hộ|mã số hộ|số hộ khẩu|hộ số|household code",
    "birth": "năm sinh|ngày sinh|ngày tháng năm sinh|sinh năm|ngày năm sinh|birth year",
    "phone": "điện thoại|số điện thoại|sđt|đt|di động|số đt|số di động|điện thoại liên hệ|phone",
    "relation": "quan hệ|quan hệ với chủ hộ|qh với chủ hộ|qh chủ hộ|relation",
    "residence": "cư trú|tình trạng cư trú|thường trú tạm trú|diện cư trú|loại cư trú|residence",
    "national_id": "cccd|số cccd|căn cước|số căn cước|căn cước công dân|số căn cước công dân|số định danh|"
                   "số định danh cá nhân|cmnd|cccd cmnd|cmnd cccd|số cmnd cccd|số giấy tờ|số cccd cmnd",
    "started": "ngày đến|ngày bắt đầu|ngày chuyển đến|từ ngày|ngày vào ở",
    "lat": "vĩ độ|lat|latitude", "lon": "kinh độ|lon|lng|longitude",
}
FIELDS: tuple[str, ...] = tuple(_WORDS)
SYNONYMS: dict[str, str] = {fold(word): name for name, words in _WORDS.items() for word in words.split("|")}
# What this register never takes, whatever the file holds.
SENSITIVE: frozenset[str] = frozenset(map(fold, (
    "dân tộc", "tôn giáo", "quốc tịch", "đảng viên", "đảng phái", "chính trị", "quan điểm", "thái độ", "tiền án",
    "tiền án tiền sự", "tiền sự", "nhóm máu", "sức khỏe", "bệnh", "thu nhập", "đánh giá", "xếp loại", "điểm", "nhân thân")))


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the header stands, which column is which field, and what is left out."""

    header_row: int
    header: list[str]
    of_field: dict[str, int]
    ignored: list[str]
    sensitive: list[str]


@dataclass(frozen=True, slots=True)
class MappedTable:
    """A table, and what its columns mean."""

    table: Table
    columns: Columns


def map_table(table: Table, given: Mapping[str, str]) -> MappedTable:
    """The table with its columns; see map_columns."""
    return MappedTable(table, map_columns(table, given))


def map_columns(table: Table, given: Mapping[str, str]) -> Columns:
    """The columns of a table; `given` is the operator's {header: field}, "" for one to leave out. Raises Unmapped."""
    own = {fold(head): name for head, name in given.items()}
    if unknown := sorted(set(given.values()) - {"", *FIELDS}):
        raise _unmapped("unknown_field", f"--map: không có trường {', '.join(unknown)}; các trường: {', '.join(FIELDS)}",
                        f"--map: no such field: {', '.join(unknown)}; there are: {', '.join(FIELDS)}")
    best, number, header = 0, 0, list[Any]()
    for n, cells in table.rows[:LOOKED_AT]:
        score = len({(SYNONYMS | own).get(head_of(c)) for c in cells if isinstance(c, str)} - {None, ""})
        if score > best:
            best, number, header = score, n, cells
    if not best:
        raise _unmapped("no_header", "không thấy dòng tiêu đề (họ tên, địa chỉ, số nhà…); hãy thêm, hoặc dùng"
                        " --map \"Cột=trường\"", "no header row found; add one or use --map \"Column=field\"")
    names = [str(c).strip() for c in header]
    of_field: dict[str, int] = {}
    for words in (own, SYNONYMS):  # the operator's own word goes before ours
        for at, cell in enumerate(header):
            name = words.get(head_of(cell))
            if name and at not in of_field.values() and (words is own or head_of(cell) not in own):
                of_field.setdefault(name, at)
    if missing := [head for head in given if fold(head) not in {head_of(c) for c in header}]:
        unknown_heads, heads = ", ".join(missing), ", ".join(filter(None, names))
        raise _unmapped("unknown_column", f"--map: tệp không có cột {unknown_heads}; có: {heads}",
                        f"--map: no such column: {unknown_heads}; there are: {heads}")
    if not {"address", "number", "street", "landmark"} & set(of_field):
        raise _unmapped("no_address", "không có cột địa chỉ hay số nhà", "no column with addresses or house numbers")
    left = [n for at, n in enumerate(names) if n and at not in of_field.values()]
    return Columns(number, names, of_field, left, [n for n in left if head_of(n) in SENSITIVE])


def _unmapped(code: str, vi: str, en: str) -> Unmapped:
    return Unmapped(Reason(code, vi, en))


def head_of(cell: Any) -> str:
    """A header cell as it is looked up: without what stands in brackets."""
    return fold(cell.partition("(")[0]) if isinstance(cell, str) else ""


def cells_of(columns: Columns, cells: Sequence[Any]) -> dict[str, Any]:
    """The row's cells by field; text without its outer spaces, None where there is nothing."""
    found = {name: cells[at] if at < len(cells) else None for name, at in columns.of_field.items()}
    return {k: (v.strip() or None) if isinstance(v, str) else v for k, v in found.items()}
