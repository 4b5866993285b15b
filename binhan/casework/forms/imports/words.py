"""What pyxform says against a form, with its sheet and row, and in Vietnamese where we know the sentence."""
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from binhan.casework.forms.rules.finding import Finding

_ROW = re.compile(r"\[row : (\d+)\]\s*")
_SHEET = re.compile(r"[Oo]n the '(\w+)' sheet,?\s*|for sheet: '(\w+)'")
_KNOWN = (
    (r"Unknown question type '(.*)'", "không có loại câu hỏi “{0}”"),
    (r"Questions, groups, and repeats must be unique", "tên này đã dùng ở câu khác trong cùng nhóm"),
    (r"Could not find the name '(.*)'", "nhắc tới ${{{0}}} nhưng không có câu nào tên như vậy"),
    (r"Reference variables must start with", "chỗ nhắc tới câu khác phải viết ${{tên_câu}}"),
    (r"There should be a choices sheet", "thiếu trang choices với các cột list_name, name, label"),
    (r"List name not in choices sheet: (.*)", "trang choices không có danh sách “{0}”"),
    (r"Unmatched 'begin_(\w+)'", "mở begin {0} mà không có end {0}"),
    (r"Unmatched 'end_(\w+)'", "có end {0} mà không có begin {0}"),
    (r"Names must begin with a letter", "tên phải bắt đầu bằng chữ cái (không dấu cách), chỉ gồm chữ, số, _ - ."),
    (r"Question or group with no name", "thiếu tên (cột name)"),
    (r"The survey element named '(.*)' has no label", "câu “{0}” không có lời hỏi (cột label)"),
    (r"Question with no type", "thiếu loại câu hỏi (cột type)"),
    (r"One or more required column headers were not found: '(.*)'", "thiếu cột {0}"),
    (r"Choice names must be unique", "mã lựa chọn này đã có trong danh sách"),
    (r"Choices must have a name", "lựa chọn thiếu mã (cột name)"),
    (r"Choices should have a label", "lựa chọn không có lời (cột label)"),
    (r"Duplicate column header: (.*)", "hai cột cùng tên “{0}”"),
    (r"Column headers must not be empty", "tên cột để trống hoặc có dấu cách: cột đó bị bỏ qua"),
    (r"is missing the survey columns", "có ngôn ngữ thiếu lời ở vài cột"),
    (r"uses or_other and translations", "“or_other” trong phiếu nhiều ngôn ngữ: ô “khác” không được dịch"),
    (r"max-pixels", "ảnh nên có giới hạn kích thước"),
    (r"must have a sheet named 'survey'|must include at least one survey", "thiếu trang survey"),
)


def said_by(text: str, survey: Sequence[Mapping[str, Any]]) -> list[Finding]:
    """One of pyxform's sentences as a finding."""
    row, sheet = _ROW.search(text), _SHEET.search(text)
    plain = re.sub(r"\s*Learn more: \S+", "", _SHEET.sub("", _ROW.sub("", text))).strip()[:400]
    number = int(row[1]) if row else _row_of(text, survey)
    page = (sheet[1] or sheet[2]) if sheet else "survey" if number else ""
    for pattern, vi in _KNOWN:
        if known := re.search(pattern, text):
            return [Finding(page, number, "xlsform", vi.format(*known.groups()), plain)]
    return [Finding(page, number, "xlsform", f"bộ đọc XLSForm báo: {plain}", plain)]


def _row_of(text: str, survey: Sequence[Mapping[str, Any]]) -> int:
    """The row that a sentence is about which names only a type or a name."""
    quoted = re.findall(r"'([^']+)'", text)
    for number, cells in enumerate(survey, 2):
        if any(str(v) in quoted for k, v in cells.items() if k.strip().lower() in ("type", "name")):
            return number
    return 0
