"""Draws the walk list and the slips as a PDF, from plain values. The font is shipped (SIL Open Font License). Loading this
takes a second and 40 MB: only who draws imports it."""
from __future__ import annotations

import io
import math
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import segno
from fpdf import FPDF

from binhan.casework.appointments.paper.lines import Line, Walk

FONTS = Path(__file__).parent / "fonts"
FACE = "BeVietnam"
EDGE = 10.0  # mm
WIDE, HIGH = 297.0, 210.0
OUTCOMES = ("Gặp", "Vắng nhà", "Hẹn lại", "Từ chối", "Nhà trống", "Chuyển đi")
COLUMNS = (12.0, 98.0, 33.0, *[15.0] * 6, 44.0)
HEADS = ("Số", "Địa chỉ · mốc", "Lần trước", *OUTCOMES, "Giờ hẹn / ghi chú")
ROW = 15.4
BOTTOM = HIGH - EDGE - 14  # how far down the doors of a page may go
RULE = ("Không ghi ở đây: khiếu nại, tố cáo, tố giác tội phạm, bạo lực gia đình, xâm hại trẻ em – hướng dẫn tới đúng"
        " nơi, gọi số khẩn cấp, không hòa giải. Không ghi tên người, tôn giáo, chính kiến, thái độ. Từ chối là bình"
        " thường.")
NAMES = "113 công an · 114 cháy, cứu nạn · 115 cấp cứu · 111 trẻ em"
SLIP_W, SLIP_H = 95.0, 55.4


class Box(NamedTuple):
    """A place on the page, in mm from its upper left corner."""

    x: float
    y: float
    width: float
    height: float


class Style(NamedTuple):
    """How a line is set: its size and the `least` that it may shrink to, in points; "B" for bold; L, C or R."""

    size: float
    weight: str = ""
    align: str = "L"
    least: float = 8.5


class Paper(FPDF):
    """A4 with our font and our head and foot on each page of the list."""

    def __init__(self, walk: Walk) -> None:
        super().__init__(orientation="landscape", format="A4")
        self.walk = walk
        self.slips = False  # what the next page is, and what this one is
        self.listing = True
        for style, name in (("", "Regular"), ("B", "Bold")):
            self.add_font(FACE, style, FONTS / f"BeVietnamPro-{name}.ttf")
        self.set_margin(EDGE)
        self.set_auto_page_break(False)
        self.set_title(f"{walk.ward} – {walk.area} – cụm {walk.turf}")
        self.set_lang("vi")
        self.set_creator("Bình An")

    def header(self) -> None:
        """Ward, khu phố, round, turf; the columns. A page of slips has its own small one."""
        self.listing = not self.slips
        if self.slips:
            if self.walk.demo:
                self.write_in(Box(EDGE, 3, 190, 5), "DỮ LIỆU MẪU – KHÔNG DÁN · SAMPLE, DO NOT PUT UP", Style(9, "B", "C"))
            return
        walk = self.walk
        self.write_in(Box(EDGE, EDGE, 190, 8), f"{walk.area} – Cụm {walk.turf} – Nhóm {walk.group}", Style(18, "B"))
        self.write_in(Box(EDGE, EDGE + 8, 190, 6), f"{walk.ward} · {walk.round} · {walk.days}", Style(11))
        self.write_in(Box(EDGE, EDGE + 14, 190, 5.5), f"{walk.team} · {len(walk.lines)} căn, theo thứ tự đi", Style(11))
        self.write_in(Box(200, EDGE, 87, 8), f"Trang {self.page_no()}/{self.pages_of_list()}", Style(14, "B", "R"))
        self.write_in(Box(200, EDGE + 8, 87, 6), f"In lúc {walk.printed}", Style(11, align="R"))
        self.write_in(Box(200, EDGE + 14, 87, 5.5), "Chỉ tổ phụ trách được giữ; đi xong trả lại để hủy.",
                      Style(9, align="R"))
        if walk.demo:
            self.band(EDGE + 20.5)
        self.set_y(EDGE + (27 if walk.demo else 22))
        self._heads()

    def footer(self) -> None:
        """The emergency numbers, and what is not written down."""
        if not self.listing:
            return
        y = HIGH - EDGE - 13
        self.write_in(Box(EDGE, y, 110, 6), "Khẩn cấp gọi: " + " · ".join(self.walk.numbers), Style(13, "B"))
        self.write_in(Box(EDGE + 120, y, WIDE - 2 * EDGE - 120, 6), NAMES, Style(10, align="R"))
        self.set_xy(EDGE, y + 6)
        self.set_font(FACE, "", 9)
        self.multi_cell(WIDE - 2 * EDGE, 4, RULE, align="L")

    def band(self, y: float) -> None:
        """Nobody shall take sample data for real."""
        self.set_fill_color(255, 243, 196)
        strip = Box(EDGE, y, self.w - 2 * EDGE, 6)
        self.rect(*strip, style="F")
        self.write_in(strip, "DỮ LIỆU MẪU – KHÔNG PHẢI HỘ THẬT · SAMPLE DATA", Style(11, "B", "C"))

    def write_in(self, box: Box, text: str, style: Style) -> None:
        """One line that never leaves its place: smaller when it is too long, cut when even that does not do."""
        size, room = style.size, box.width - 1
        self.set_font(FACE, style.weight, size)
        while size > style.least and self.get_string_width(text) > room:
            size -= 0.5
            self.set_font(FACE, style.weight, size)
        while len(text) > 1 and self.get_string_width(text) > room:
            text = text[:-2].rstrip() + "…"
        self.set_xy(box.x, box.y)
        self.cell(box.width, box.height, text, align=style.align)

    def _heads(self) -> None:
        x, y = EDGE, self.get_y()
        self.set_fill_color(232, 237, 245)
        self.rect(EDGE, y, sum(COLUMNS), 10, style="F")
        for width, head in zip(COLUMNS, HEADS, strict=True):
            if head in OUTCOMES:
                first, _, second = head.partition(" ")
                self.write_in(Box(x, y + 0.5, width, 4.5 if second else 9), first, Style(9.5, "B", "C"))
                self.write_in(Box(x, y + 5, width, 4.5), second, Style(9.5, "B", "C"))
            else:
                self.write_in(Box(x + 1, y, width - 1, 10), head, Style(10.5, "B"))
            x += width
        self.set_y(y + 10)

    def pages_of_list(self) -> int:
        """How many pages the doors take."""
        begin = EDGE + (37 if self.walk.demo else 32)
        return max(math.ceil(len(self.walk.lines) / int((BOTTOM - begin) / ROW)), 1)

    def door(self, line: Line) -> None:
        """One door: boxes to tick, a line to write on."""
        if self.get_y() + ROW > BOTTOM:
            self.add_page(orientation="landscape")
        x, y = EDGE, self.get_y()
        self.write_in(Box(x, y + 1, COLUMNS[0], ROW - 2), str(line.place), Style(17, "B", "C"))
        x += COLUMNS[0]
        self._where(line, x + 1, y, COLUMNS[1] - 2)
        x += COLUMNS[1]
        self.write_in(Box(x + 1, y + 1, COLUMNS[2] - 1, ROW - 2), line.state, Style(10.5))
        x += COLUMNS[2]
        self.set_draw_color(40, 40, 40)
        self.set_line_width(0.5)
        for _ in OUTCOMES:
            self.rect(x + 4, y + (ROW - 7) / 2, 7, 7)
            x += COLUMNS[3]
        self.set_draw_color(150, 150, 150)
        self.set_line_width(0.15)
        for down in (7.0, 13.0):
            self.line(x + 2, y + down, x + COLUMNS[-1] - 1, y + down)
        self.set_draw_color(120, 120, 120)
        self.set_line_width(0.25)
        self.line(EDGE, y + ROW, EDGE + sum(COLUMNS), y + ROW)
        self.set_y(y + ROW)

    def _where(self, line: Line, x: float, y: float, width: float) -> None:
        """The address on one line or two, and by what to know the door."""
        self.set_font(FACE, "B", 11)
        words, head = line.address.split(), line.address
        if self.get_string_width(head) > width - 1:
            while len(words) > 1 and self.get_string_width(" ".join(words)) > width - 1:
                words.pop()
            head = " ".join(words)
        rest = line.address[len(head):].strip()
        under = " · ".join(filter(None, ["ưu tiên" if line.first else "", line.landmark]))
        if rest:
            self.write_in(Box(x, y + 0.6, width, 5), head, Style(11, "B"))
            self.write_in(Box(x, y + 5.4, width, 5), rest, Style(11, "B"))
            self.write_in(Box(x, y + 10.2, width, 4.6), under, Style(9.5))
        else:
            self.write_in(Box(x, y + 1.2, width, 7), head, Style(13.5, "B", least=11))
            self.write_in(Box(x, y + 8.2, width, 5.5), under, Style(10.5))

    def slip(self, line: Line, x: float, y: float) -> None:
        """What is left at a door: no name, no address, only the way to choose the next time."""
        walk, host = self.walk, urlsplit(line.url)
        self.set_draw_color(150, 150, 150)
        self.set_line_width(0.2)
        self.set_dash_pattern(dash=1.5, gap=1.5)
        self.rect(x, y, SLIP_W, SLIP_H)
        self.set_dash_pattern()
        self.write_in(Box(x + 4, y + 2, SLIP_W - 24, 7), "Hẹn tổ 3 trong 1 tới nhà", Style(14, "B"))
        self.write_in(Box(x + SLIP_W - 20, y + 2, 17, 7), f"{walk.turf}-{line.place}", Style(9, align="R"))
        self.write_in(Box(x + 4, y + 8.5, SLIP_W - 8, 5), f"{walk.area} · {walk.days}", Style(9.5))
        self.qr(line.url, x + 5, y + 14, 25)
        self.write_in(Box(x + 34, y + 15, SLIP_W - 37, 5), "Quét mã này, hoặc mở", Style(10))
        self.write_in(Box(x + 34, y + 20, SLIP_W - 37, 5), "trang dưới đây và nhập:", Style(10))
        self.write_in(Box(x + 34, y + 26.5, SLIP_W - 37, 9), line.code, Style(18, "B"))
        self.write_in(Box(x + 4, y + 41, SLIP_W - 8, 4.5), f"{host.netloc}/hen", Style(10, "B", least=7))
        self.write_in(Box(x + 4, y + 45.5, SLIP_W - 8, 4.5), "Chọn giờ, đổi giờ, hoặc không cần tới: đều được.", Style(9.5))
        self.write_in(Box(x + 4, y + 49.8, SLIP_W - 8, 4.5), "Choose or change the time, or say no – all are fine.",
                      Style(8.5))

    def qr(self, text: str, x: float, y: float, size: float) -> None:
        """A QR code: black and white, one dot for each module, drawn without smoothing."""
        out = io.BytesIO()
        segno.make(text, error="m", micro=False).save(out, kind="png", scale=8, border=0)
        self.image(out, x, y, size, size)


def walk_pdf(walk: Walk, slips: bool, made_at: datetime) -> bytes:
    """The list, and (if wanted) a slip for every door."""
    paper = Paper(walk)
    paper.set_creation_date(made_at)
    paper.add_page()
    for line in walk.lines:
        paper.door(line)
    paper.slips = slips
    for n, line in enumerate(walk.lines if slips else ()):
        if n % 10 == 0:
            paper.add_page(orientation="portrait")
        paper.slip(line, EDGE + n % 2 * SLIP_W, EDGE + n % 10 // 2 * SLIP_H)
    return bytes(paper.output())
