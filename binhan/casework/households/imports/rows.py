"""One row of a register: every cell read as what its column means, or the reason why it cannot be."""
from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from binhan.casework.households.imports.reasons import Reason, Unusable, unusable
from binhan.casework.households.rules import (
    ADDRESS_MAX,
    BORN_FROM,
    CODE_MAX,
    HOUSEHOLD_KINDS,
    LANDMARK_MAX,
    NAME_MAX,
    RELATIONS,
    RESIDENCES,
    phone_number,
)
from binhan.kernel.address import Address, parse
from binhan.kernel.geo import in_vietnam
from binhan.kernel.text import TextRefused, clean, fold
from binhan.kernel.words import Words

# Letters of the old fonts (TCVN3, VNI) and of doubly encoded text, which no Vietnamese word has in Unicode.
_OLD_FONT = re.compile(r"[¨©®¬µ¶¸¹»¼¾ÆÇËÎÏÑÖ×ØÜÞßäåæçëîïñö÷øûüþÿ\ufffd]|Ã[¡-¿]|á[º»]")
_FAULT = re.compile(r"#(REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)")
_SCIENTIFIC = re.compile(r"[0-9]+(?:[.,][0-9]+)?[eE]\+?[0-9]{1,2}")
_KINDS = {"owner": "chủ sở hữu|chủ nhà|sở hữu|nhà riêng|chính chủ|owner", "room": "phòng trọ|nhà trọ|ở trọ|trọ|room",
          "tenant": "thuê|thuê nhà|người thuê|nhà thuê|tenant",
          "business": "kinh doanh|hộ kinh doanh|cơ sở kinh doanh|doanh nghiệp|công ty|business"}
_RELATIONS = {"head": "chủ hộ|head", "spouse": "vợ|chồng|vợ chồng|spouse", "parent": "cha|mẹ|bố|ba|má|cha mẹ|cha vợ|mẹ vợ|"
              "cha chồng|mẹ chồng|parent", "child": "con|con ruột|con trai|con gái|con nuôi|con dâu|con rể|child",
              "relative": "người thân|anh|chị|em|anh ruột|chị ruột|em ruột|cháu|ông|bà|cô|chú|bác|dì|cậu|cháu nội|"
              "cháu ngoại|anh chị em|relative", "tenant": "người thuê|thuê trọ|ở trọ|người ở trọ|tenant",
              "worker": "người làm|nhân viên|công nhân|người giúp việc|worker", "other": "khác|ở nhờ|ở cùng|other"}
_RESIDENCES = {"permanent": "thường trú|tt|kt1|kt2|hộ khẩu|permanent", "temporary": "tạm trú|kt3|kt4|lưu trú|temporary"}


def _by_word(words: Mapping[str, str], codes: Mapping[str, Words]) -> dict[str, str]:
    """The code of each word that people write, folded."""
    written = {fold(w): code for code, text in words.items() for w in text.split("|")}
    return written | {fold(named.vi): code for code, named in codes.items()} | {fold(code): code for code in codes}


KIND_OF = _by_word(_KINDS, HOUSEHOLD_KINDS)
RELATION_OF = _by_word(_RELATIONS, RELATIONS)
RESIDENCE_OF = _by_word(_RESIDENCES, RESIDENCES)


@dataclass(slots=True)
class Read:
    """A row understood. Empty means not said; `national_id` lives no longer than the import."""

    number: int
    address: Address
    area: str
    group: str
    landmark: str
    kind: str
    code: str
    head_name: str
    started_on: date | None
    lat: float | None
    lon: float | None
    full_name: str
    birth_year: int | None
    phone: str | None
    relation: str
    residence: str
    national_id: str


def read_row(number: int, cells: Mapping[str, Any], today: date) -> Read:
    """The row; raises Unusable with every reason found."""
    reasons: list[Reason] = []

    def cell(name: str, reader: Any) -> Any:
        """The cell through its reader; a refusal is kept and the row goes on, so that all is said at once."""
        try:
            return reader(cells.get(name))
        except Unusable as refusal:
            reasons.extend(replace(reason, fields=(name,)) for reason in refusal.reasons)
        except TextRefused as refusal:
            reasons.append(Reason("text", "chữ quá dài hoặc bị hỏng", str(refusal), (name,)))
        return reader(None)

    read = Read(
        number=number, address=cell("address", lambda v: _address(v, cells)), area=cell("area", _label),
        group=cell("group", _label), landmark=cell("landmark", lambda v: _text(v, LANDMARK_MAX)),
        kind=cell("kind", lambda v: _code(v, KIND_OF, HOUSEHOLD_KINDS)), code=cell("code", lambda v: _text(v, CODE_MAX)),
        head_name=cell("head_name", lambda v: _name(v)), started_on=cell("started", _day), lat=cell("lat", _degree),
        lon=cell("lon", _degree), full_name=cell("full_name", _name), birth_year=cell("birth", lambda v: _year(v, today)),
        phone=cell("phone", _phone), relation=cell("relation", lambda v: _code(v, RELATION_OF, RELATIONS)),
        residence=cell("residence", lambda v: _code(v, RESIDENCE_OF, RESIDENCES)), national_id=cell("national_id", _id))
    _settle(read, reasons)
    if reasons:
        raise Unusable(*reasons)
    return read


def _settle(read: Read, reasons: list[Reason]) -> None:
    """What one cell says for another: the head of the household, the area and tổ inside the address."""
    if not read.full_name and read.head_name:
        read.full_name, read.relation = read.head_name, read.relation or "head"
    read.area = read.area or read.address.area
    read.group = read.group or read.address.group
    read.landmark = read.landmark or read.address.landmark
    if not read.kind:
        read.kind = "room" if read.address.room or read.address.row else "owner"
    if (read.lat is None) != (read.lon is None) or (
            read.lat is not None and read.lon is not None and not in_vietnam(read.lat, read.lon)):
        reasons.append(Reason("place", "toạ độ thiếu hoặc ngoài Việt Nam", "incomplete or outside Viet Nam",
                              ("lat", "lon")))
    if not read.address.text and not any("address" in reason.fields for reason in reasons):
        reasons.append(Reason("no_address", "thiếu địa chỉ", "no address", ("address",)))


def _text(value: Any, most: int) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime | date):
        raise unusable("turned_into_date", "Excel đã đổi ô này thành ngày; hãy để cột kiểu Văn bản và nhập lại",
                       "Excel turned it into a date: make it a text column and type it again")
    text = " ".join(clean(str(value), most).split())
    if _FAULT.match(text):
        raise unusable("cell_error", f"ô báo lỗi {text}", f"the cell holds an error: {text}")
    if _OLD_FONT.search(text):
        raise unusable("old_font", "chữ theo bảng mã cũ (TCVN3, VNI) hoặc bị vỡ; hãy chuyển sang Unicode",
                       "old font or broken text: convert to Unicode")
    return text


def _name(value: Any) -> str:
    text = _text(value, NAME_MAX)
    if text and (not re.search(r"[^\W\d_]", text) or re.search(r"[0-9<>=@#$%^*{}\[\]|\\]", text)):
        raise unusable("not_a_name", "không phải họ tên", "not a name")
    return text.title() if text.isupper() and len(text) > 3 else text


def _label(value: Any) -> str:
    text = _text(value, NAME_MAX)
    return re.sub(r"^(?:khu phố|kp\.?|tổ dân phố|tổ)\s*(?=\S)", "", text, flags=re.I) or text


def _address(value: Any, cells: Mapping[str, Any]) -> Address:
    number, street = _text(cells.get("number"), 60), _text(cells.get("street"), NAME_MAX)
    if re.fullmatch(r"[0-9].*", number) and re.fullmatch(r"[0-9]+.*", street):
        street = f"đường số {street}"
    text = _text(value, ADDRESS_MAX) or " ".join(filter(None, (number, street)))
    landmark = _text(cells.get("landmark"), LANDMARK_MAX)
    return parse(text or landmark)


def _code(value: Any, words: Mapping[str, str], codes: Mapping[str, Words]) -> str:
    text = _text(value, NAME_MAX)
    code = words.get(fold(text))
    if text and code is None:
        known = ", ".join(named.vi for named in codes.values())
        raise unusable("unknown_word", f"“{text}” không có trong danh mục: {known}", f"“{text}” is unknown")
    return code or ""


def _day(value: Any) -> date | None:
    """A date: as Excel keeps it, as a serial number, or written 31/12/2020 or 2020-12-31."""
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        if 20_000 <= value <= 60_000:
            return date(1899, 12, 30) + timedelta(days=int(value))
        raise unusable("not_a_date", "không phải ngày", "not a date")
    text = _text(value, 30)
    for shape in ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, shape).date()
        except ValueError:
            continue
    raise unusable("not_a_date", "ngày phải viết ngày/tháng/năm", "a date is written day/month/year")


def _year(value: Any, today: date) -> int | None:
    """The year of birth; of a full date only the year is kept."""
    if value is None:
        return None
    plain = int(value) if isinstance(value, float) and value.is_integer() else value
    if isinstance(plain, str) and re.fullmatch(r"[0-9]{4}", plain.strip()):
        plain = int(plain)
    if isinstance(plain, int) and not isinstance(plain, bool) and plain < 3000:
        year = plain
    elif isinstance(plain, int) and 366 < plain < 60_000:
        year = (date(1899, 12, 30) + timedelta(days=plain)).year
    else:
        day = _day(plain)
        year = day.year if day else 0
    if not BORN_FROM <= year <= today.year:
        raise unusable("unlikely_year", f"năm sinh {year} không hợp lý", f"{year} is an unlikely year of birth")
    return year


def _digits(value: Any) -> str:
    """A number that is a name (phone, id) as its digits; one that a spreadsheet has rounded is refused."""
    if isinstance(value, float | int) and not isinstance(value, bool):
        if not float(value).is_integer() or value < 0:
            raise unusable("not_digits", "không phải dãy số", "not digits")
        return str(int(value))
    text = _text(value, 60)
    if _SCIENTIFIC.fullmatch(text.replace(" ", "")):
        raise unusable("scientific", f"bị đổi sang dạng khoa học ({text}), chữ số cuối đã mất; hãy để cột kiểu Văn bản và"
                       " nhập lại từ bản gốc", f"turned into scientific notation ({text}), digits are lost")
    return text


def _phone(value: Any) -> str | None:
    if value is None:
        return None
    text = _digits(value)
    first = re.split(r"[/;,]| - ", text)[0]
    found = phone_number(first)
    if found is None:
        raise unusable("not_a_phone", "không phải số điện thoại", "not a phone number")
    return found


def _id(value: Any) -> str:
    """Twelve digits; leading zeros that a number cell has lost are put back (every id begins with a 0)."""
    if value is None:
        return ""
    text = re.sub(r"[\s.'`]", "", _digits(value))
    if isinstance(value, float | int) and len(text) in (10, 11):
        text = text.zfill(12)
    if not (text.isascii() and text.isdigit()) or len(text) != 12:
        hint = "; CMND 9 số đã hết hiệu lực" if len(text) == 9 and text.isdigit() else ""
        raise unusable("not_an_id", f"số định danh phải có 12 chữ số{hint}", "an id has 12 digits")
    return text


def _degree(value: Any) -> float | None:
    if value is None:
        return None
    try:
        return float(str(value).replace(",", "."))
    except ValueError:
        raise unusable("not_a_coordinate", "không phải toạ độ", "not a coordinate") from None
