"""What of a form a phone cannot ask, or may not: each said with the sheet and the row it comes from."""
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element

from binhan.casework.forms.rules import xpath
from binhan.casework.forms.rules.finding import Finding
from binhan.casework.forms.rules.shape import CONTROLS, JR, ODK, XF, local
from binhan.casework.visits.rules.words import warnings

Rows = Sequence[Mapping[str, Any]]
QUESTIONS_MAX, XML_MAX = 500, 400_000
EXPRESSIONS = ("relevant", "constraint", "calculate", "required", "readonly")
MEDIA = re.compile(r"^(?:media\s*:+\s*)?(image|audio|video|big-image)(?:\s*:+.*)?$", re.I)
SAID = re.compile(r"^(?:label|hint|guidance_hint|caption)(?:\s*:+.*)?$", re.I)
UPLOADS = {"image": ("ảnh", "photo"), "audio": ("ghi âm", "sound"), "video": ("phim", "film")}


class Places:
    """Where in the file a node of the form comes from."""

    def __init__(self, survey: Rows) -> None:
        self.rows: dict[str, int] = {}
        for number, row in enumerate(survey, 2):
            name = next((str(v) for k, v in row.items() if k.strip().lower() in ("name", "value")), "")
            self.rows.setdefault(name, number)
        self.types = [(n, str(row.get("type") or "")) for n, row in enumerate(survey, 2)]

    def finding(self, path: str, code: str, vi: str, en: str) -> Finding:
        """What is said about the node at `path`."""
        if path.rpartition("/")[2] == "instanceName":
            return Finding("settings", 2, code, f"instance_name: {vi}", f"instance_name: {en}")
        names = [part for part in re.split(r"[/ ]+", path) if part]
        row = next((self.rows[n] for n in reversed(names) if n in self.rows), 0)
        return Finding("survey", row, code, vi, en)

    def naming(self, file: str, code: str, vi: str, en: str) -> Finding:
        """What is said about the question whose type names that file."""
        name = file.rpartition("/")[2]
        return Finding("survey", next((n for n, kind in self.types if name in kind), 0), code, vi, en)


def refused_rows(survey: Rows, choices: Rows, entities: Rows) -> Iterator[Finding]:
    """What the sheets themselves show: media beside labels, an audit trail, entities."""
    for sheet, rows in (("survey", survey), ("choices", choices)):
        for number, row in enumerate(rows, 2):
            kind = " ".join(str(row.get("type") or "").lower().split())
            if sheet == "survey" and kind == "audit":
                yield Finding(sheet, number, "audit", "“audit” theo dõi người hỏi: phiếu này không làm vậy",
                              "“audit” watches who asks: not here")
            if media := sorted({str(v) for k, v in row.items() if v and MEDIA.match(k.strip())}):
                yield Finding(sheet, number, "media", f"kèm tệp {', '.join(media)[:120]}: phiếu không mang theo ảnh, âm"
                              " thanh, phim; hãy xóa ô đó", f"brings the file {', '.join(media)[:120]}: a form carries no"
                              " media; clear that cell")
    if entities:
        yield Finding("entities", 2, "entities", "không dùng “entities”", "“entities” are not supported")


def refused_nodes(form: Element, places: Places) -> Iterator[Finding]:
    """What the converted form would ask of the phone that it does not give, or that is not to be taken."""
    for element in form.iter():
        ref = element.get("ref") or element.get("nodeset") or ""
        if element.tag == f"{XF}upload":
            kind = (element.get("mediatype") or "").partition("/")[0]
            vi, en = UPLOADS.get(kind, ("tệp", "file"))
            yield places.finding(ref, "upload", f"câu hỏi lấy {vi}: hãy chụp, ghi ở lượt thăm, không ở phiếu",
                                 f"asks for a {en}: take it at the visit, not in the form")
        elif element.tag in (f"{ODK}setgeopoint", f"{ODK}recordaudio"):
            yield places.finding(ref, "unasked", "lấy vị trí hoặc ghi âm mà không ai bấm: không được",
                                 "takes the position or sound without anybody pressing: not here")
        elif element.tag == f"{XF}instance" and (element.get("src") or "").startswith("jr://"):
            yield places.naming(element.get("src") or "", "external", f"cần tệp ngoài {element.get('src')}: hãy đưa lựa"
                                " chọn vào trang choices", f"needs the file {element.get('src')}: put it into the choices")
        elif element.tag == f"{XF}bind":
            yield from _bind(element, ref, places)
        elif "search(" in (element.get("appearance") or "") or element.get("query"):
            yield places.finding(ref, "external", "tìm trong tệp ngoài (search, select_one_external): hãy dùng"
                                 " choice_filter", "searches an external file: use choice_filter")


def _bind(bind: Element, ref: str, places: Places) -> Iterator[Finding]:
    kind = local(bind.get("type", "").replace(":", "}"))
    if kind in ("geotrace", "geoshape"):
        yield places.finding(ref, "geo", f"loại {kind} không có; chỉ có geopoint", f"no {kind} here, only geopoint")
    if bind.get(f"{JR}preload") == "property":
        yield places.finding(ref, "property", f"{bind.get(f'{JR}preloadParams')}: phiếu không ghi máy nào, người nào đã"
                             " hỏi; hãy xóa dòng này", f"{bind.get(f'{JR}preloadParams')}: a form does not keep which"
                             " phone or person asked; delete the row")


def refused_expressions(form: Element, places: Places) -> Iterator[Finding]:
    """Expressions that no phone could compute: said here, not at the door."""
    for element in form.iter():
        ref = element.get("ref") or element.get("nodeset") or ""
        if element.tag == f"{XF}bind":
            found = [(name, element.get(name)) for name in EXPRESSIONS]
        elif element.tag == f"{XF}itemset":
            found = [("choice_filter", element.get("nodeset"))]
        elif element.tag == f"{XF}setvalue":
            found = [("default", element.get("value"))]
        else:
            found = [("repeat_count", element.get(f"{JR}count"))]
        for name, expression in found:
            if expression and (wrong := xpath.fault(expression)):
                yield places.finding(ref, "expression", f"{name}: {wrong[0]}", f"{name}: {wrong[1]}")


def notes_of(form: Element, places: Places) -> Iterator[Finding]:
    """What is taken, but otherwise than elsewhere."""
    for element in form.iter():
        ref = element.get("ref") or element.get("nodeset") or ""
        if element.tag == f"{XF}bind" and local(element.get("type", "").replace(":", "}")) == "barcode":
            yield places.finding(ref, "typed", "mã vạch: gõ tay", "a barcode is typed by hand")
        elif element.tag in CONTROLS and (element.get("appearance") or "").startswith("ex:"):
            yield places.finding(ref, "typed", "không mở ứng dụng khác: gõ tay", "no other app is opened: typed by hand")


def sensitive(survey: Rows, choices: Rows) -> Iterator[Finding]:
    """Questions and choices that ask for belief, politics, origin or attitude: pointed out, the ward decides."""
    for sheet, rows in (("survey", survey), ("choices", choices)):
        for number, row in enumerate(rows, 2):
            texts = [str(v) for k, v in row.items() if v and (k.strip().lower() == "name" or SAID.match(k.strip()))]
            for found in warnings(" . ".join(texts)):
                yield Finding(sheet, number, f"sensitive_{found['kind']}",
                              f"“{found['word']}”: phiếu không nên hỏi về tín ngưỡng, chính kiến, nguồn gốc, thái độ",
                              f"“{found['word']}”: a form should not ask for belief, politics, origin or attitude")
