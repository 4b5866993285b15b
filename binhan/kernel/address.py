"""Vietnamese addresses as people write them: read into parts, put into the order in which people walk, folded for search.

Nothing is refused: what the grammar does not know stays in `text`, and an address without a number is walked last.
"""
from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise

from binhan.kernel.text import fold, without_marks

TEXT_MAX = 500  # characters that are read; an address is one line

# Provinces and cities, present and former, folded: a bare name at the end of an address is one of these.
PROVINCES = frozenset(map(fold, re.split(r"\|",
    "An Giang|Bà Rịa Vũng Tàu|Bạc Liêu|Bắc Giang|Bắc Kạn|Bắc Ninh|Bến Tre|Bình Dương|Bình Định|Bình Phước|Bình Thuận|"
    "Cà Mau|Cao Bằng|Cần Thơ|Đà Nẵng|Đắk Lắk|Đắk Nông|Điện Biên|Đồng Nai|Đồng Tháp|Gia Lai|Hà Giang|Hà Nam|Hà Nội|"
    "Hà Tĩnh|Hải Dương|Hải Phòng|Hậu Giang|Hòa Bình|Hồ Chí Minh|HCM|HCMC|Huế|Hưng Yên|Khánh Hòa|Kiên Giang|Kon Tum|"
    "Lai Châu|Lạng Sơn|Lào Cai|Lâm Đồng|Long An|Nam Định|Nghệ An|Ninh Bình|Ninh Thuận|Phú Thọ|Phú Yên|Quảng Bình|"
    "Quảng Nam|Quảng Ngãi|Quảng Ninh|Quảng Trị|Sài Gòn|Sóc Trăng|Sơn La|Tây Ninh|Thái Bình|Thái Nguyên|Thanh Hóa|"
    "Thừa Thiên Huế|Tiền Giang|Trà Vinh|Tuyên Quang|Vĩnh Long|Vĩnh Phúc|Yên Bái")))


@dataclass(frozen=True, slots=True)
class Address:
    """One address: `text` as written, and the parts that were recognised (empty when not said).

    `path` is the way through the alleys to the door, "123/45/6"; "123/" is a door without a number in alley 123.
    """

    text: str
    path: str = ""
    lot: str = ""
    building: str = ""
    block: str = ""
    floor: str = ""
    unit: str = ""
    row: str = ""
    room: str = ""
    street: str = ""
    group: str = ""
    area: str = ""
    ward: str = ""
    district: str = ""
    province: str = ""
    landmark: str = ""


def _either(*words: str) -> str:
    """Each word as it is spelt, or wholly without diacritics (a space may be any white space)."""
    both = dict.fromkeys(form for word in words for form in (word, without_marks(word)))
    return "|".join(form.replace(" ", r"\s+") for form in both)


_ONE = r"[0-9]{1,7}(?:\s?bis|\s?ter|[a-z]{1,2}(?![a-z]))?"
_HOUSE = rf"(?:[a-z]{{1,2}}(?=[0-9]))?{_ONE}(?:\s*/\s*[a-z]?{_ONE})*(?:\s?[-–]\s?{_ONE})?(?![0-9a-z])"
_HEAD = re.compile(_HOUSE)
_CODE = r"(?:[a-z]{1,2}[\s.-]?)?[0-9]{1,5}[a-z]?(?:[.\-/][0-9]{1,5})*(?![0-9a-z])|[a-z](?![0-9a-zà-ỹđ])"
_NAME = r"[^,;()\n]*"
_ROADS = _either("quốc lộ", "tỉnh lộ", "đường tỉnh", "hương lộ") + "|ql|tl|hl|đt|dt"
# One alternative per part; the longer word before the shorter. A part in brackets at the end is the value's shape.
_MARKS: tuple[tuple[str, str, str], ...] = (
    ("building", _either("khu nhà trọ", "nhà trọ", "khu trọ", "khu chung cư", "chung cư", "cư xá"), _NAME),
    ("row", f"(?:{_either('dãy')})(?:\\s+(?:{_either('nhà trọ', 'trọ', 'phòng', 'nhà', 'số')}))*", _CODE),
    ("room", f"(?:{_either('phòng')})(?:\\s+(?:{_either('trọ', 'số')}))*", _CODE),
    ("block", _either("block", "blk", "tòa nhà", "toà nhà", "tòa", "toà", "tháp"),
     r"[0-9a-z][0-9a-z.\-]{0,7}(?![0-9a-zà-ỹđ])"),
    ("floor", _either("tầng", "lầu"), rf"{_CODE}|{_either('trệt', 'hầm')}"),
    ("unit", f"(?:{_either('căn hộ', 'căn')})(?:\\s+(?:{_either('số')}))?", _CODE),
    ("lot", f"(?:{_either('lô')})(?:\\s+(?:{_either('đất', 'số')}))?", _CODE),
    ("street", f"(?:(?:{_either('đường')})\\s+)?(?:{_ROADS})", r"[\s.]*[0-9]{1,4}[a-z]?(?![0-9])"),
    ("street", _either("đường số"), r"[\s.]*[0-9]{1,4}[a-z]?(?![0-9])"),
    ("number", _either("số nhà", "nhà số", "số") + "|sn", _HOUSE),
    ("ngo", f"(?:{_either('ngõ', 'kiệt')})(?:\\s+(?:{_either('số')}))?", _HOUSE),
    ("ngach", f"(?:{_either('ngách')})(?:\\s+(?:{_either('số')}))?", _HOUSE),
    ("hem", f"(?:{_either('hẻm')})(?:\\s+(?:{_either('số')}))?", _HOUSE),
    ("group", f"(?:{_either('tổ dân phố', 'tổ dân cư', 'tổ nhân dân', 'tổ')}|tdp)(?:\\s+(?:{_either('số')}))?",
     r"[\s.]*[0-9]{1,3}[a-z]?(?![0-9a-z])"),
    ("area", f"(?:{_either('khu phố')}|kp)", _NAME),
    ("area", _either("ấp", "thôn", "khóm", "khu vực", "xóm", "buôn"), r"[\s.]*[0-9]{1,3}[a-z]?(?![0-9a-z])"),
    ("city", f"{_either('thành phố')}|t\\.\\s?p|tp", _NAME),
    ("district", f"{_either('quận', 'huyện', 'thị xã')}|tx|q(?=[.\\s]*[0-9])|q(?=\\.)|h(?=\\.)", _NAME),
    ("province", f"{_either('tỉnh')}|t(?=\\.\\s?[a-zà-ỹđ])", _NAME),
    ("ward", f"{_either('phường', 'thị trấn', 'đặc khu')}|tt(?=\\.)|p(?=[.\\s]*[0-9])|p(?=\\.)|x(?=\\.)", _NAME),
    ("ward", "xã", _NAME),
    ("street", _either("đường", "đại lộ", "xa lộ", "phố") + "|đ(?=[.\\s])|d(?=\\.)", _NAME),
)
_MARK = re.compile("(?<![0-9a-zà-ỹđ])(?:" + "|".join(
    f"(?P<m{n}_{part}>(?:{words})(?![a-zà-ỹđ])(?=[\\s.:]*(?:{shape})))"
    for n, (part, words, shape) in enumerate(_MARKS)) + ")")
_VALUES = {f"m{n}_{part}": (part, re.compile(rf"[\s.:]*({shape})")) for n, (part, _, shape) in enumerate(_MARKS)}
# Only at the beginning of a piece: inside a name these words mean something else ("Nguyễn Cảnh Chân", "Đường Ấp Bắc").
_LANDMARK = re.compile(r"(?:" + _either(
    "đối diện", "bên cạnh", "cạnh", "gần", "phía sau", "phía trước", "đằng sau", "sau lưng", "sau", "trước cửa", "trước",
    "kế bên", "kế", "sát", "cách", "đầu hẻm", "cuối hẻm", "đầu ngõ", "cuối ngõ", "ngã ba", "ngã tư", "chợ", "trường",
    "chùa", "nhà thờ", "đình", "miếu", "trạm", "ủy ban", "uỷ ban", "cây xăng", "bệnh viện", "công ty", "nhà văn hóa",
    "bãi xe", "nhà") + r")(?![a-zà-ỹđ0-9])")
_AT_START = re.compile(f"(?:(?P<area>{_either('ấp', 'thôn', 'khóm', 'khu vực', 'xóm', 'buôn')})"
                       r"|xa(?!\s+l[oộ]\b))[\s.]+(?=\S)")
_NUMBERLESS = re.compile(
    f"(?:{_either('nhà không số', 'không số', 'không có số', 'chưa có số nhà', 'chưa có số')}|k/s)[\\s.]*")
_BREAK = re.compile(r"[,;()\n|]|\s[-–]\s")
_KIET = re.compile(r"k([0-9]+[a-z]?)((?:/h?[0-9]+[a-z]?)*)")
_ALLEYS = ("ngo", "ngach", "hem")


@dataclass(slots=True)
class _Reading:
    """What has been found so far."""

    parts: dict[str, str] = field(default_factory=dict)
    plain: list[str] = field(default_factory=list)  # pieces after the first that say only a name

    def put(self, part: str, value: str) -> None:
        """The first mention counts."""
        if value and part not in self.parts:
            self.parts[part] = value


def parse(text: str) -> Address:
    """The address in `text`; never raises."""
    shown = re.sub(r"[^\S\n]+", " ", unicodedata.normalize("NFC", text)[:TEXT_MAX])
    found = _Reading()
    for number, piece in enumerate(p for p in _BREAK.split(shown) if p.strip(" .:")):
        _read_piece(piece.strip(" .:"), found, first=number == 0)
    _name_the_plain(found)
    parts = found.parts
    path = _path(parts)
    return replace(Address(text), path=path, **{k: v for k, v in parts.items() if k not in (*_ALLEYS, "number")})


def _read_piece(piece: str, found: _Reading, first: bool) -> None:
    """One piece between commas: what stands before the first mark, then each mark with its value."""
    low = _lower(piece)
    if gone := _NUMBERLESS.match(low):
        piece, low = piece[gone.end():], low[gone.end():]
    if named := _AT_START.match(low):
        found.put("area" if named["area"] else "ward", piece if named["area"] else piece[named.end():])
        return
    marks = _marks(low, "building" in found.parts or "row" in found.parts)
    if _LANDMARK.match(low) and not (marks and marks[0][0] == 0):
        found.put("landmark", piece)
        return
    _read_plain(piece[:marks[0][0]] if marks else piece, found, first)
    for (start, part, at), following in pairwise([*marks, (len(piece), "", 0)]):
        value = piece[at:following[0]].strip(" .:")
        if part in ("street", "building") or (part == "area" and not low.startswith("k", start)):
            value = piece[start:following[0]].strip(" .:")
        _take(part, value, found)


def _marks(low: str, rooms: bool) -> list[tuple[int, str, int]]:
    """(where it begins, part, where its value begins) of every mark of the piece, in order."""
    marks: list[tuple[int, str, int]] = []
    at = 0
    while match := _MARK.search(low, at):
        part, shape = _VALUES[match.lastgroup or ""]
        value = shape.match(low, match.end())
        fixed = part not in ("street", "area", "ward", "city", "district", "province", "building")
        rooms = rooms or part in ("row", "building")
        if part == "ward" and rooms and re.match(r"p[.\s]*[0-9]", low[match.start():]):
            part = "room"  # "dãy 2 P.5" is a room, "P.5" alone is a ward
        begins = value.start(1) if value else match.end()
        marks.append((match.start(), part, begins))
        at = value.end() if value and (fixed or part == "room") else match.end()
    return [m for n, m in enumerate(marks) if n + 1 == len(marks) or low[m[2]:marks[n + 1][0]].strip(" .:")]


def _take(part: str, value: str, found: _Reading) -> None:
    """Put a marked value where it belongs; what follows a fixed value ("số 5 Nguyễn Trãi") is a name."""
    if part == "city":
        found.put("province" if _is_province(value) else "district", value)
    elif part in ("number", *_ALLEYS):
        head = _HEAD.match(_lower(value))
        found.put(part, _house(value[:head.end()]) if head else "")
        _read_name(value[head.end():] if head else value, found)
    elif part in ("row", "room", "lot", "floor", "unit", "block", "group"):
        head = re.match(r"\S+", value)
        found.put(part, head[0].rstrip(".:") if head else "")
        _read_name(value[head.end():] if head else "", found)
    else:
        found.put(part, value)


def _read_plain(text: str, found: _Reading, first: bool) -> None:
    """Words without a mark: a house number and a name at the beginning, later a name alone."""
    plain = text.strip(" .:")
    head = _HEAD.match(_lower(plain))
    if head and (first or not {"number", "street"} & set(found.parts)):
        found.put("number", _house(plain[:head.end()]))
        plain = plain[head.end():].strip(" .:")
        if _LANDMARK.match(_lower(plain)):
            found.put("landmark", plain)
            return
        _read_name(plain, found)
    elif first:
        _read_name(plain, found)
    elif plain:
        found.plain.append(plain)


def _read_name(text: str, found: _Reading) -> None:
    name = text.strip(" .:-–")
    if name and any(ch.isalnum() for ch in name):
        found.put("street", name)


def _name_the_plain(found: _Reading) -> None:
    """Names without a mark, as in "12 Nguyễn Trãi, Tân Uyên, Bình Dương": the province last, before it ward, district."""
    names = found.plain
    if names and "province" not in found.parts and _is_province(names[-1]):
        found.put("province", names.pop())
    if names and "number" in found.parts and "street" not in found.parts:
        found.put("street", names.pop(0))
    for name, part in zip(names, [p for p in ("ward", "district") if p not in found.parts], strict=False):
        found.put(part, name)


def _is_province(name: str) -> bool:
    return fold(name) in PROVINCES


def _lower(text: str) -> str:
    """Lower case, character for character."""
    if len(lower := text.lower()) == len(text):
        return lower
    return "".join(low if len(low := ch.lower()) == 1 else ch for ch in text)


def _house(text: str) -> str:
    """A house number in one spelling: "123 / 45a" is "123/45A", "12 bis" is "12bis", Đà Nẵng's "K12/H3/5" is "12/3/5"."""
    number = re.sub(r"\s+", "", text).replace("–", "-").lower()
    if kiet := _KIET.fullmatch(number):
        number = kiet[1] + kiet[2].replace("h", "")
    return re.sub(r"[a-z]+", lambda m: m[0] if m[0] in ("bis", "ter") else m[0].upper(), number)


def _path(parts: dict[str, str]) -> str:
    """Alleys from the street inwards, then the house."""
    path = ""
    for alley in (parts[k] for k in _ALLEYS if k in parts):
        path = alley if not path or alley.startswith(f"{path}/") else f"{path}/{alley}"
    number = parts.get("number", "")
    if not path or number.startswith(f"{path}/"):
        return number
    return f"{path}/{number}"


def _natural(text: str) -> str:
    """Folded, with numbers that compare as numbers."""
    return re.sub(r"[0-9]+", lambda m: m[0].zfill(7), fold(text))


def _door(path: str) -> str:
    """A path as a key: 12 < 12-14 < 12/2 < 12bis < 12A < 13, and a door without a number after its alley's others."""
    ending = "/~" if path.endswith("/") else ""
    spelt = re.sub(r"bis|ter", lambda m: f":{m[0]}", path.rstrip("/").lower())
    return re.sub(r"[0-9]+", lambda m: m[0].zfill(7), spelt) + ending


def walk_key(address: Address | str) -> str:
    """A plain ASCII key that sorts the doors of one street as people walk them (compare it byte by byte)."""
    a = parse(address) if isinstance(address, str) else address
    inner = [("2", a.lot), ("3", a.block), ("3", a.floor), ("3", a.unit), ("4", a.row), ("4", a.room)]
    within = [(rank, _natural(value)) for rank, value in inner if value]
    inside = "".join(f"!{rank}{value}" for rank, value in within)
    if a.path:
        return f"1{_door(a.path)}{inside}"
    if within:
        return within[0][0] + inside
    return f"8{_natural(a.landmark)}" if a.landmark else "9"


_DIGIT = r"(?=[.\s]*[0-9])"
_SHORT: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"(?<![0-9a-zà-ỹđ])(?:{short})", re.I), full) for short, full in (
        (r"tp\s?\.?\s?hcm|tphcm|hcmc|hcm(?![a-z])", "thành phố hồ chí minh "),
        (r"t\.\s?p\.?|tp(?=[.\s])\.?", "thành phố "), (r"tx(?=[.\s])\.?", "thị xã "), (r"tt\.", "thị trấn "),
        (r"kp\.?(?=[\s0-9])", "khu phố "), (rf"p{_DIGIT}\.?|p\.", "phường "), (rf"q{_DIGIT}\.?|q\.", "quận "),
        (rf"(?:(?:{_either('đường')})\s+)?(?:(?:{_either('tỉnh lộ', 'đường tỉnh')})|(?:tl|đt|dt){_DIGIT})\.?", "đt "),
        (rf"(?:{_either('quốc lộ')}|ql{_DIGIT})\.?", "ql "), (rf"(?:{_either('hương lộ')}|hl{_DIGIT})\.?", "hl "),
        (r"đ\.|đ(?=\s)|d\.", "đường "), (r"h\.", "huyện "), (r"x\.", "xã ")))


@lru_cache(maxsize=8192)  # a register says the same streets, khu phố and wards thousands of times
def search_fold(text: str) -> str:
    """`text` folded for search, its abbreviations written out: "P. Mỹ Phước" and "phuong mi phuoc" are one."""
    shown = unicodedata.normalize("NFC", text)
    for short, full in _SHORT:
        shown = short.sub(full, shown)
    return fold(shown)


def number_words(path: str) -> list[str]:
    """A house number as words of a search: each says the way as far as it goes, so 123/45 finds 123/45/6 and not 1234."""
    steps = [fold(step).replace(" ", "to") for step in path.split("/")]
    words = [f"n{'x'.join(steps[:n])}" for n in range(1, len(steps) + 1) if steps[n - 1]]
    digits = re.match(r"[0-9]+", path)
    return list(dict.fromkeys([*words, *([f"n{digits[0]}"] if digits else [])]))


def same_door(address: Address) -> str:
    """One key per door, however it is spelt; ward, district and province are left out (they are the register's own)."""
    a = address
    where = [a.path.lower(), *(search_fold(v) for v in (a.lot, a.building, a.block, a.floor, a.unit, a.row, a.room))]
    street = re.sub(r"^(?:duong|pho) ", "", search_fold(a.street))
    exact = bool(a.path or a.lot or a.row or a.unit) and bool(street or a.building)
    loose = "" if exact else f"{search_fold(a.landmark)}|{search_fold(a.group)}|{search_fold(a.area)}"
    return "|".join([*where, street, loose])
