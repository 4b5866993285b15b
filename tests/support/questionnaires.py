"""XLSForms of the tests' own making, and answers as a phone writes them."""
from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

HEAD = ("type", "name", "label::Tiếng Việt (vi)", "label::English (en)", "relevant", "constraint",
        "constraint_message::Tiếng Việt (vi)", "constraint_message::English (en)", "required", "calculation",
        "repeat_count")
CHOICES = (("list_name", "name", "label::Tiếng Việt (vi)", "label::English (en)"),
           ("yn", "yes", "Có", "Yes"), ("yn", "no", "Không", "No"),
           ("need", "job", "Việc làm", "A job"), ("need", "loan", "Vay vốn", "A loan"),
           ("need", "health", "Khám bệnh", "Health"))


def workbook(**sheets: Sequence[Sequence[Any]]) -> bytes:
    """An .xlsx with these sheets."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def survey(*rows: Sequence[Any], version: str = "1", form_id: str = "nhu_cau", **sheets: Sequence[Sequence[Any]]) -> bytes:
    """A form with these questions, columns as in HEAD."""
    return workbook(**{"survey": (HEAD, *rows), "choices": CHOICES,
                       "settings": (("form_title", "form_id", "version", "default_language"),
                                    ("Phiếu nhu cầu", form_id, version, "Tiếng Việt (vi)")), **sheets})


def small(version: str = "1") -> bytes:
    """Two questions, one of them only for who needs something, and who lives there."""
    return survey(
        ("select_one yn", "needs", "Gia đình có cần hỗ trợ gì không?", "Is anything needed?", "", "", "", "", "yes"),
        ("select_multiple need", "what", "Cần gì?", "What?", "${needs} = 'yes'"),
        ("begin repeat", "member", "Người cần", "Who needs it", "${needs} = 'yes'"),
        ("integer", "age", "Tuổi", "Age", "", ". >= 0 and . < 120", "Tuổi từ 0 đến 119.", "0 to 119."),
        ("end repeat", "member"), version=version)


def plain() -> bytes:
    """Three questions in one language, as most sheets are written: without translations."""
    return workbook(survey=(("type", "name", "label", "required"), ("text", "who", "Ai trả lời?", ""),
                            ("select_one yn", "needs", "Có cần gì không?", "yes"),
                            ("integer", "people", "Mấy người ở đây?", "")),
                    choices=(("list_name", "name", "label"), ("yn", "yes", "Có"), ("yn", "no", "Không")),
                    settings=(("form_title", "form_id", "version"), ("Phiếu ngắn", "ngan", "1")))


def thirty(version: str = "1") -> bytes:
    """Thirty questions of every kind that wards use, some relevant only sometimes, some constrained."""
    rows: list[Sequence[Any]] = [
        ("note", "hello", "Cảm ơn ông/bà đã dành thời gian.", "Thank you for your time."),
        ("select_one yn", "agree", "Ông/bà đồng ý trả lời chứ?", "Do you agree to answer?", "", "", "", "", "yes"),
        ("begin group", "home", "Nhà ở", "Home", "${agree} = 'yes'"),
        ("integer", "people", "Mấy người ở đây?", "How many live here?", "", ". > 0 and . <= 30", "Từ 1 đến 30 người.",
         "1 to 30 people.", "yes"),
        ("select_multiple need", "needs", "Cần gì?", "What is needed?"),
        ("text", "loan_for", "Vay để làm gì?", "A loan for what?", "selected(${needs}, 'loan')", "", "", "", "yes"),
        ("decimal", "area", "Diện tích (m²)", "Floor space", "", ". > 0", "Phải lớn hơn 0.", "More than 0."),
        ("calculate", "each", "", "", "", "", "", "", "", "${area} div ${people}"),
        ("note", "each_said", "Mỗi người ${each} m²", "${each} m² each", "${area} > 0"),
        ("date", "since", "Ở đây từ ngày", "Here since", "", ". <= today()", "Không thể ở tương lai.", "Not yet."),
        ("geopoint", "spot", "Vị trí cửa", "Where the door is"),
        ("acknowledge", "read", "Đã đọc thông báo", "The notice was read"),
        ("begin repeat", "child", "Trẻ em", "Children"),
        ("text", "grade", "Học lớp mấy", "Grade"),
        ("select_one yn", "swims", "Biết bơi?", "Can swim?"),
        ("end repeat", "child"),
        ("end group", "home"),
        ("range", "roads", "Đường sá (1–5)", "Roads", "${agree} = 'yes'"),
        ("rank need", "order", "Xếp thứ tự", "Rank", "${agree} = 'yes'")]
    rows += [("text" if n % 2 else "select_one yn", f"more_{n}", f"Câu thêm {n}", f"More {n}", "${agree} = 'yes'")
             for n in range(1, 19)]
    head = (*HEAD, "parameters")
    full = [(*r, *[""] * (len(HEAD) - len(r)), "start=1 end=5 step=1" if r[0] == "range" else "") for r in rows]
    return survey(version=version, form_id="ba_muoi", survey=(head, *full))


def filled(form_id: str, version: str, inner: str, root: str = "data") -> str:
    """Answers as the phone's engine writes them."""
    return (f'<{root} xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms" id="{form_id}"'
            f' version="{version}">{inner}<meta><instanceID>uuid:x</instanceID></meta></{root}>')
