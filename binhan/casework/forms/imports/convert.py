"""One XLSForm, converted by pyxform and checked: everything that is in the way is named at once. Runs in a process of its
own: ask `apart.load_apart`."""
from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from xml.parsers.expat import ExpatError

from binhan.casework.forms.imports.loaded import Loaded, Verdict
from binhan.casework.forms.imports.words import said_by
from binhan.casework.forms.imports.workbook import read_sheets
from binhan.casework.forms.rules import checks
from binhan.casework.forms.rules.finding import Finding, Refused, whole
from binhan.casework.forms.rules.shape import XF, parse, shape_of
from binhan.kernel.text import without_marks

if TYPE_CHECKING:
    from pyxform.xls2json_backends import DefinitionData  # type: ignore[import-untyped]

UNUSED = ("submission_url", "public_key", "auto_send", "auto_delete", "client_editable")
NOTES_MAX = 100


__all__ = ["Loaded", "load_form", "work"]


def work(body: bytes, options: Mapping[str, str], _tell: object) -> Iterator[bytes]:
    """What the process is asked for: the form, or every reason against it."""
    try:
        verdict = Verdict(load_form(body, options["name"]), [])
    except Refused as refused:
        verdict = Verdict(None, refused.findings)
    yield json.dumps(asdict(verdict)).encode()


def load_form(body: bytes, source_name: str) -> Loaded:
    """The form in the file; raises Refused with all the reasons."""
    from pyxform.errors import PyXFormError  # type: ignore[import-untyped]  # noqa: PLC0415 - takes its time to load
    from pyxform.xls2xform import convert  # type: ignore[import-untyped]  # noqa: PLC0415 - as above
    sheets = read_sheets(body)
    survey, choices = sheets.survey or [], sheets.choices or []
    places = checks.Places(survey)
    wrong = list(checks.refused_rows(survey, choices, sheets.entities or []))
    notes = _settle(sheets, body, source_name)
    raised: list[str] = []
    try:
        xml = convert({f.name: getattr(sheets, f.name) for f in fields(sheets)}, warnings=raised).xform
        form = parse(xml)
    except PyXFormError as error:
        raise Refused(*wrong, *said_by(str(error), survey)) from None
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError, ExpatError, SyntaxError) as error:
        raise Refused(*wrong, *whole("not_a_form", f"không đọc được như một phiếu XLSForm ({type(error).__name__})",
                                     f"cannot be read as an XLSForm ({type(error).__name__})").findings) from None
    wrong += [*checks.refused_nodes(form, places), *checks.refused_expressions(form, places)]
    shape = shape_of(xml)
    if not shape.asked or len(shape.asked) > checks.QUESTIONS_MAX or len(xml) > checks.XML_MAX:
        wrong += whole("questions", f"phiếu phải có từ 1 đến {checks.QUESTIONS_MAX} câu và không dài quá"
                       f" {checks.XML_MAX // 1000} kB", f"a form has 1 to {checks.QUESTIONS_MAX} questions and at most"
                       f" {checks.XML_MAX // 1000} kB").findings
    if wrong:
        raise Refused(*sorted(dict.fromkeys(wrong), key=lambda f: (f.sheet != "survey", f.sheet, f.row)))
    notes += [*checks.sensitive(survey, choices), *checks.notes_of(form, places), *_warned(raised)]
    title = next((e.text for e in form.iter("{http://www.w3.org/1999/xhtml}title") if e.text), shape.form_id)
    return Loaded(shape.form_id, shape.version, title.strip()[:200], xml,
                  [t.get("lang", "") for t in form.iter(f"{XF}translation")], len(shape.asked),
                  list(dict.fromkeys(notes))[:NOTES_MAX])


def _settle(sheets: DefinitionData, body: bytes, source_name: str) -> list[Finding]:
    """Give the form an id and a version where the file names none, and leave out what sends answers elsewhere."""
    sheets.fallback_form_name = _name_from(source_name)
    row: dict[str, Any] = dict((sheets.settings or [{}])[0])
    notes = []
    for name in [k for k in row if k.strip().lower() in UNUSED]:
        del row[name]
        notes.append(Finding("settings", 2, "unused", f"{name}: không dùng; câu trả lời chỉ gửi về phường",
                             f"{name} is not used: answers go to the ward only"))
    if not _named(row, "version"):
        row["version"] = hashlib.sha256(body).hexdigest()[:10]
        notes.append(Finding("settings", 0, "no_version", f"không ghi version: dùng “{row['version']}” theo nội dung tệp",
                             f"no version is given: “{row['version']}” is taken from the file's contents"))
    sheets.settings = [row]
    sheets.settings_header = [dict.fromkeys(row)]
    return notes


def _name_from(source_name: str) -> str:
    stem = "_".join(re.findall(r"[a-z0-9]+", without_marks(PurePath(source_name).stem.lower())))[:60]
    return stem if re.match(r"[a-z]", stem) else f"phieu_{stem}".rstrip("_")


def _named(row: Mapping[str, Any], name: str) -> bool:
    return any(k.strip().lower() == name and str(v or "").strip() for k, v in row.items())


def _warned(raised: Sequence[str]) -> list[Finding]:
    """pyxform's own warnings, in its words, but for the one on language names, which harms nothing."""
    return [f for text in raised if "machine-readable codes" not in text for f in said_by(text, ())]


