"""A list of doors as CSV: read line by line, every wrong row named with its reasons, nothing guessed.

Columns in any order: door_id, lat, lon, and if wanted minutes, group, priority; others are left unread and named.
One door is one line: a line break inside a field does not occur, so one wrong quotation mark spoils one row only.
"""
from __future__ import annotations

import csv
import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from binhan.kernel.geo import Box, in_vietnam

MINUTES, GROUP, PRIORITY = 5.0, "", 2  # where the column or the field is empty
MOST_MINUTES = 480.0  # a working day at one door
LONGEST = 200  # characters of a door_id or a group
NEEDED = ("door_id", "lat", "lon")
COLUMNS = (*NEEDED, "minutes", "group", "priority")
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
T = TypeVar("T")
NO_TEXT = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # control, invisible and line-separating characters


@dataclass(frozen=True, slots=True)
class Door:
    """One door to knock at. Degrees WGS 84; minutes a visit takes; priority 1 comes first."""

    door_id: str
    lat: float
    lon: float
    minutes: float = MINUTES
    group: str = GROUP
    priority: int = PRIORITY


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be used; the heading is row 1, row 0 is the file as a whole. `reason`: vi / en."""

    row: int
    door_id: str
    reason: str


@dataclass(slots=True)
class Reading:
    """What a file gave. `ignored`: columns nobody asked for."""

    doors: list[Door]
    errors: list[BadRow]
    ignored: list[str]


class _Unusable(Exception):
    """Why a field cannot be used, vi / en."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """How the rows of a file are laid out: its delimiter, its columns in order; where besides Viet Nam doors may lie."""

    delimiter: str
    columns: list[str]
    elsewhere: Box | None

    @property
    def decimal_comma(self) -> bool:
        """True where a comma may stand for the decimal point: between semicolons, as spreadsheets here write it."""
        return self.delimiter == ";"


def read_doors(body: bytes, elsewhere: Box | None = None) -> Reading:
    """Doors and wrong rows of a CSV file (UTF-8 with or without BOM, `,` or `;`). A door must lie in Viet Nam, or in
    the box `elsewhere` (that of a roads file)."""
    lines = re.split(rb"\r\n|\n|\r", body.removeprefix(b"\xef\xbb\xbf"))
    first = next((i for i, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return Reading([], [BadRow(0, "", "Tệp trống. / The file is empty.")], [])
    try:
        head = _text(lines[first])
        delimiter = ";" if head.count(";") > head.count(",") else ","
        columns = _columns(_fields(head, delimiter))
    except _Unusable as refusal:
        return Reading([], [BadRow(first + 1, "", str(refusal))], [])
    reading = Reading([], [], [c for c in columns if c and c not in COLUMNS])
    layout, seen = _Layout(delimiter, columns, elsewhere), dict[str, int]()
    for row, line in enumerate(lines[first + 1:], first + 2):
        if line.strip():
            _read_row(reading, row, line, layout, seen)
    return reading


def _columns(names: list[str]) -> list[str]:
    columns = [name.strip().lower() for name in names]
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        raise _Unusable(f"Thiếu dòng tiêu đề hoặc cột {', '.join(missing)}. / The heading or its column is missing: "
                     f"{', '.join(missing)}.")
    twice = sorted({name for name in COLUMNS if columns.count(name) > 1})
    if twice:
        raise _Unusable(f"Cột lặp lại: {', '.join(twice)}. / Column given twice: {', '.join(twice)}.")
    return columns


def _read_row(reading: Reading, row: int, line: bytes, layout: _Layout, seen: dict[str, int]) -> None:
    """One line becomes a door or a wrong row. `seen`: the row of each door_id so far."""
    try:
        fields = _fields(_text(line), layout.delimiter)
        if len(fields) != len(layout.columns):
            raise _Unusable(f"Có {len(fields)} trường, cần {len(layout.columns)}. / {len(fields)} fields instead of "
                            f"{len(layout.columns)}.")
        given = {name: field.strip() for name, field in zip(layout.columns, fields, strict=True)}
        door, wrong = _door(given, layout)
    except _Unusable as refusal:
        reading.errors.append(BadRow(row, _shown_id(line, layout), str(refusal)))
        return
    if door.door_id:
        before = seen.setdefault(unicodedata.normalize("NFC", door.door_id), row)
        if before != row:
            wrong.append(f"door_id đã có ở dòng {before}. / door_id already used in row {before}.")
    if wrong:
        reading.errors.append(BadRow(row, door.door_id[:LONGEST], " ".join(wrong)))
    else:
        reading.doors.append(door)


def _shown_id(line: bytes, layout: _Layout) -> str:
    """The door_id of a line that cannot be read as it should, as well as it can be shown; "" if not at all."""
    text = "".join("\ufffd" if unicodedata.category(c) in NO_TEXT else c for c in line.decode("utf-8", "replace"))
    fields = text.split(layout.delimiter)
    place = layout.columns.index("door_id")
    return fields[place].strip(' "')[:LONGEST] if place < len(fields) else ""


def _text(line: bytes) -> str:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        raise _Unusable("Không phải UTF-8. / Not UTF-8.") from None
    strange = next((c for c in text if unicodedata.category(c) in NO_TEXT), None)
    if strange is not None:
        raise _Unusable(f"Có ký tự điều khiển U+{ord(strange):04X}. / Control character U+{ord(strange):04X}.")
    return text


def _fields(text: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error:
        raise _Unusable("Dấu nháy kép hoặc độ dài trường sai. / Wrong quotation mark or overlong field.") from None


def _door(given: dict[str, str], layout: _Layout) -> tuple[Door, list[str]]:
    """The door, and everything that is wrong with it."""
    wrong: list[str] = []
    comma = layout.decimal_comma

    def read(field: Callable[[], T], otherwise: T) -> T:
        try:
            return field()
        except _Unusable as reason:
            wrong.append(str(reason))
            return otherwise
    door_id = read(lambda: _name("door_id", given["door_id"], True), given["door_id"])
    lat, lon = read(lambda: _place(given, comma, layout.elsewhere), (0.0, 0.0))
    minutes = read(lambda: _minutes(given.get("minutes", ""), comma), MINUTES)
    group = read(lambda: _name("group", given.get("group", ""), False), GROUP)
    priority = read(lambda: _priority(given.get("priority", "")), PRIORITY)
    return Door(door_id, lat, lon, minutes, unicodedata.normalize("NFC", group), priority), wrong


def _name(column: str, name: str, needed: bool) -> str:
    if needed and not name:
        raise _Unusable(f"Thiếu {column}. / {column} is missing.")
    if len(name) > LONGEST:
        raise _Unusable(f"{column} dài quá {LONGEST} ký tự. / {column} is longer than {LONGEST} characters.")
    return name


def _priority(field: str) -> int:
    if not re.fullmatch("[1-9]?", field):
        raise _Unusable("priority phải là số nguyên 1–9. / priority must be a whole number 1–9.")
    return int(field or PRIORITY)


def _number(column: str, field: str, comma: bool) -> float:
    """A finite number; `comma`: a decimal comma is a decimal point."""
    plain = field.replace(",", ".", 1) if comma and "." not in field else field
    if not field:
        raise _Unusable(f"Thiếu {column}. / {column} is missing.")
    if not NUMBER.fullmatch(plain) or not math.isfinite(float(plain)):
        raise _Unusable(f"{column} không phải là số hữu hạn. / {column} is not a finite number.")
    return float(plain)


def _minutes(field: str, comma: bool) -> float:
    minutes = _number("minutes", field, comma) if field else MINUTES
    if not 0 <= minutes <= MOST_MINUTES:
        raise _Unusable(f"minutes phải từ 0 đến {MOST_MINUTES:.0f}. / minutes must be 0 to {MOST_MINUTES:.0f}.")
    return minutes


def _place(given: dict[str, str], comma: bool, elsewhere: Box | None) -> tuple[float, float]:
    lat, lon = _number("lat", given["lat"], comma), _number("lon", given["lon"], comma)
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        swapped = in_vietnam(lon, lat)
        raise _Unusable("Tọa độ ngoài phạm vi" + (": lat và lon bị đổi chỗ?" if swapped else ".")
                     + " / Coordinates out of range" + (": lat and lon swapped?" if swapped else "."))
    if lat == 0 and lon == 0:
        raise _Unusable("Tọa độ (0, 0): chưa định vị. / Coordinates (0, 0): never located.")
    if not in_vietnam(lat, lon) and not (elsewhere and elsewhere[0] <= lat <= elsewhere[2]
                                         and elsewhere[1] <= lon <= elsewhere[3]):
        raise _Unusable("Tọa độ ở ngoài Việt Nam. / Coordinates outside Viet Nam.")
    return lat, lon
