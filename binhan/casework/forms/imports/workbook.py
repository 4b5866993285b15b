"""From bytes to the sheets of an XLSForm. What could cost memory or reach outside is refused before it is read; macros are
never run, and of a formula only the value that the office program stored is used."""
from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import ParseError, fromstring  # type: ignore[import-untyped]

from binhan.casework.forms.imports.loaded import FILE_MAX
from binhan.casework.forms.rules.finding import Finding, Refused, whole

if TYPE_CHECKING:
    from pyxform.xls2json_backends import DefinitionData  # type: ignore[import-untyped]

UNPACKED_MAX = 12 * 2**20
PARTS_MAX, ROWS_MAX, COLUMNS_MAX = 400, 5000, 200
SHEETS = ("survey", "choices", "settings", "external_choices", "entities", "osm")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def read_sheets(body: bytes) -> DefinitionData:
    """The sheets with their rows; raises Refused."""
    from pyxform.errors import PyXFormError  # type: ignore[import-untyped]  # noqa: PLC0415 - takes its time to load
    from pyxform.xls2json_backends import get_xlsform  # noqa: PLC0415 - as above
    if len(body) > FILE_MAX:
        raise whole("too_large", f"tệp lớn hơn {FILE_MAX >> 10} kB; hãy bỏ ảnh và trang thừa rồi lưu lại",
                    f"larger than {FILE_MAX >> 10} kB: take out pictures and spare sheets")
    if body[:4] == b"PK\x03\x04":
        _check_xlsx(body)
        kind = ".xlsx"
    elif body[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        if "EncryptedPackage".encode("utf-16-le") in body:
            raise _locked()
        kind = ".xls"
    else:
        raise whole("not_a_workbook", "không phải bảng tính .xlsx hay .xls" if body.strip() else "tệp rỗng",
                    "not an .xlsx or .xls workbook" if body.strip() else "an empty file")
    try:
        sheets = get_xlsform(body, file_type=kind)
    except PyXFormError as error:
        raise whole("unreadable", f"không đọc được bảng tính: {str(error)[:200]}",
                    f"cannot be read: {str(error)[:200]}") from None
    except Exception as error:  # noqa: BLE001 - on a broken file the readers beneath raise whatever they stumble over
        raise whole("unreadable", f"bảng tính bị hỏng ({type(error).__name__}); hãy mở bằng Excel và lưu lại",
                    f"a broken workbook ({type(error).__name__}): open it and save it again") from None
    if any(len(getattr(sheets, name) or ()) > ROWS_MAX for name in SHEETS):
        raise _too_many("")
    return sheets


def _locked() -> Refused:
    return whole("password", "tệp có mật khẩu; hãy bỏ mật khẩu rồi lưu lại", "password-protected: save it without")


def _too_many(sheet: str) -> Refused:
    return Refused(Finding(sheet, 0, "too_many", f"hơn {ROWS_MAX} dòng hoặc {COLUMNS_MAX} cột",
                           f"more than {ROWS_MAX} rows or {COLUMNS_MAX} columns"))


def _check_xlsx(body: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            parts = book.infolist()
            if any(p.flag_bits & 1 for p in parts):
                raise _locked()
            if sum(p.file_size for p in parts) > UNPACKED_MAX or len(parts) > PARTS_MAX:
                raise whole("unpacks", "giải nén quá lớn, không phải bảng tính thường",
                            "unpacks to too much: not an ordinary workbook")
            sheets = _worksheets(book)
            for name, part in sheets:
                if name.lower() in SHEETS or len(sheets) == 1:
                    _check_sheet(name, _xml(book, part))
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, KeyError, ParseError) as error:
        raise whole("broken", f"tệp .xlsx bị hỏng ({type(error).__name__}); hãy mở bằng Excel và lưu lại",
                    f"a broken .xlsx ({type(error).__name__}): open it and save it again") from None
    except DefusedXmlException:
        raise whole("unsafe_xml", "tệp có khai báo XML không an toàn (DTD, thực thể)",
                    "unsafe XML declarations (DTD, entities)") from None


def _xml(book: zipfile.ZipFile, part: str) -> Element:
    root: Element = fromstring(book.read(part), forbid_dtd=True)
    return root


def _worksheets(book: zipfile.ZipFile) -> list[tuple[str, str]]:
    """(name, part) of every sheet; every other XML part is looked at for declarations too."""
    for part in book.namelist():
        if part.endswith((".xml", ".rels")) and not part.startswith("xl/worksheets/"):
            _xml(book, part)
    links = {e.get("Id"): e.get("Target", "") for e in _xml(book, "xl/_rels/workbook.xml.rels")}
    found = []
    for sheet in _xml(book, "xl/workbook.xml").iter(f"{_MAIN}sheet"):
        target = links.get(sheet.get(_LINK), "")
        if "worksheets/" in target:
            found.append((sheet.get("name", ""), target.lstrip("/") if target.startswith("/") else f"xl/{target}"))
    return found


def _check_sheet(name: str, root: Element) -> None:
    """Refuse far cells, which would cost memory, and formulas that nobody has computed."""
    unset = []
    for cell in root.iter(f"{_MAIN}c"):
        value, formula = cell.find(f"{_MAIN}v"), cell.find(f"{_MAIN}f")
        named = _CELL.fullmatch(cell.get("r") or "")
        if named and len(cell) and (
                int(named[2]) > ROWS_MAX or _column(named[1]) > COLUMNS_MAX):
            raise _too_many(name)
        if formula is not None and (value is None or not value.text):
            unset.append(Finding(name, int(named[2]) if named else 0, "formula",
                                 f"ô {cell.get('r')} là công thức chưa được tính; hãy gõ thẳng giá trị",
                                 f"cell {cell.get('r')} is a formula without a value: type the value itself"))
    if unset:
        raise Refused(*unset[:50])


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
