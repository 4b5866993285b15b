"""From bytes to rows of cells: XLSX or CSV as offices really send them; what cannot be read safely is refused, with what to
do about it, before it costs memory or time. Runs in a process of its own: ask `apart.read_apart`."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from binhan.casework.households.imports.delimited import read_delimited
from binhan.casework.households.imports.reasons import Unusable, unusable
from binhan.casework.households.imports.table import FILE_MAX, ROWS_MAX, Table, pack, pack_refusal
from binhan.casework.households.imports.workbook import password, read_workbook

__all__ = ["FILE_MAX", "ROWS_MAX", "Table", "read_table", "work"]


def work(body: bytes, options: Mapping[str, str | None], tell: Callable[[int], None]) -> Iterator[bytes]:
    """What the process is asked for: the table packed, or why there is none."""
    try:
        yield pack(read_table(body, options["sheet"], tell))
    except Unusable as refusal:
        yield pack_refusal(refusal)


def read_table(body: bytes, sheet: str | None = None, tell: Callable[[int], None] = lambda _rows: None) -> Table:
    """The table in the file; raises Unusable. `tell` hears how many rows have been read."""
    if len(body) > FILE_MAX:
        raise unusable("too_large", f"tệp lớn hơn {FILE_MAX >> 20} MB; hãy chia nhỏ, mỗi khu phố một tệp",
                       f"larger than {FILE_MAX >> 20} MB; split it")
    if not body.strip():
        raise unusable("empty", "tệp rỗng", "the file is empty")
    if body[:4] == b"PK\x03\x04":
        return read_workbook(body, sheet, tell)
    if body[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        if "EncryptedPackage".encode("utf-16-le") in body:
            raise password()
        raise unusable("old_xls", "tệp .xls đời cũ; hãy mở bằng Excel và lưu thành .xlsx", "old .xls: save it as .xlsx")
    head = body[:2000].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").lower()
    if head.startswith((b"<!doctype", b"<html", b"<table", b"<?xml", b"<meta", b"<style")):
        raise unusable("web_page", "tệp là trang web đổi tên; hãy mở bằng Excel và lưu thành .xlsx",
                       "a web page under another name: save it as .xlsx")
    return read_delimited(body, tell)
