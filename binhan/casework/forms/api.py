"""/api/forms: questionnaires of the ward; which of them a round asks; and what was answered, as XLSX or CSV."""
from __future__ import annotations

import csv
import io
from typing import Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Router, UploadedFile

from binhan.casework.forms.actions import FormGrounds, attach_form, store_form
from binhan.casework.forms.imports.apart import load_apart
from binhan.casework.forms.imports.loaded import FILE_MAX, Loaded
from binhan.casework.forms.models import Form as FormRow
from binhan.casework.forms.queries import (
    AnswersTable,
    FormCheck,
    FormDetail,
    FormOfRound,
    FormSummary,
    answers_table,
    check_json,
    form_detail,
    form_for,
    form_json,
    form_of_round,
    forms_of_round,
)
from binhan.casework.forms.rules.finding import Refused
from binhan.casework.visits.queries.reach import check_planner, round_for
from binhan.casework.visits.rules.codes import PURPOSE_MAX
from binhan.commons.access.api import Body, rights
from binhan.commons.access.queries import only_ward
from binhan.commons.journal.actions import JournalRow, append
from binhan.commons.wire import Items, binary
from binhan.kernel.errors import Problem, forbidden, not_found
from binhan.kernel.text import TextRefused, clean

router = Router(tags=["forms"])
SHOWN = 3  # reasons in the sentence; all of them are in `rows`
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class FormTerms(Body):
    """Why the ward asks this, and what allows it."""

    purpose: str
    legal_basis: Literal["state_duty", "consent", "urgent"]
    ward: int | None = None
    dry_run: bool = False


class AttachIn(Body):
    """The form that the round asks from now on; null for none."""

    form: UUID | None


@router.post("/forms", response={200: FormDetail | FormCheck, 201: FormDetail})
def create_form(request: HttpRequest, file: File[UploadedFile], terms: Form[FormTerms]
                ) -> tuple[int, FormDetail | FormCheck]:
    """Load an XLSForm (multipart: `file` .xlsx or .xls ≤ 900 kB, `purpose`, `legal_basis`; `dry_run=true` only checks).
    Taken whole, or refused with every sheet, row and reason in `rows`. The same file again changes nothing (200)."""
    mine = rights(request)
    ward = only_ward(mine, "casework", terms.ward)
    check_planner(mine, ward)
    purpose = _purpose(terms.purpose)
    loaded = _loaded(file.read(FILE_MAX + 1), file.name or "")
    if terms.dry_run:
        return 200, check_json(loaded)
    form, new = store_form(ward, mine.actor, loaded, FormGrounds(purpose, terms.legal_basis, clean_name(file.name or "")))
    return (201 if new else 200), form_detail(form)


def _purpose(text: str) -> str:
    try:
        kept = clean(text, PURPOSE_MAX)
    except TextRefused:
        kept = ""
    if not kept:
        raise Problem(422, "no_purpose", f"Hãy nêu mục đích của phiếu (tối đa {PURPOSE_MAX} ký tự).",
                      "State the purpose of the form.")
    return kept


def clean_name(name: str) -> str:
    """A file's name that can be shown."""
    return "".join(ch for ch in name if ch.isprintable())[-120:]


def _loaded(body: bytes, name: str) -> Loaded:
    try:
        return load_apart(body, name)
    except Refused as refused:
        raise problem_of(refused) from None


def problem_of(refused: Refused) -> Problem:
    """Everything that is in the way of a form, as one refusal."""
    shown, more = refused.findings[:SHOWN], len(refused.findings) - SHOWN
    vi = "; ".join(f.said() for f in shown) + (f"; và {more} chỗ nữa" if more > 0 else "")
    en = "; ".join(f"{f.sheet} {f.row}: {f.en}" if f.sheet else f.en for f in shown)
    return Problem(422, "form_refused", f"Không nhận phiếu này: {vi}. Hãy sửa tệp rồi tải lại.",
                   f"The form is not taken: {en}.", rows=[f.json() for f in refused.findings])


@router.get("/forms", response=Items[FormSummary])
def list_forms(request: HttpRequest, ward: int | None = None) -> Items[FormSummary]:
    """The ward's forms in all their versions, the latest first."""
    mine = rights(request)
    chosen = only_ward(mine, "casework", ward)
    if not mine.may("casework", chosen):
        raise forbidden("Vai trò của bạn không xem được phiếu.", "Your role does not open forms.")
    rows = FormRow.objects.filter(ward_id=chosen).defer("xml").order_by("-made_at", "-id")
    return {"items": [form_json(f) for f in rows[:200]]}


@router.get("/forms/{form_id}", response=FormDetail)
def get_form(request: HttpRequest, form_id: UUID) -> FormDetail:
    """One form with its questions and its XForm."""
    return form_detail(form_for(rights(request), form_id))


@router.get("/rounds/{round_id}/form", response=FormOfRound)
def get_round_form(request: HttpRequest, round_id: UUID) -> FormOfRound:
    """The form that the round asks now, or null."""
    mine = rights(request)
    row = round_for(mine, round_id)
    key = form_of_round(row.id)
    return {"form": form_json(form_for(mine, key)) if key else None}


@router.post("/rounds/{round_id}/form", response=FormOfRound)
def post_round_form(request: HttpRequest, round_id: UUID, body: AttachIn) -> FormOfRound:
    """The round asks this form from now on (null: none); what was answered before stays."""
    mine = rights(request)
    row = round_for(mine, round_id)
    check_planner(mine, row.ward_id)
    attach_form(row.id, body.form, mine.actor)
    return get_round_form(request, round_id)


@router.get("/rounds/{round_id}/answers.xlsx", openapi_extra=binary(XLSX, "The answers as a workbook"))
def get_answers_xlsx(request: HttpRequest, round_id: UUID, form: UUID | None = None) -> HttpResponse:
    """What was answered in the round, as a workbook with a sheet that explains the columns. Journalled as an export."""
    return _file(_xlsx(_exported(request, round_id, form, "xlsx")), XLSX, "answers.xlsx")


@router.get("/rounds/{round_id}/answers.csv", openapi_extra=binary("text/csv", "The answers as CSV"))
def get_answers_csv(request: HttpRequest, round_id: UUID, form: UUID | None = None) -> HttpResponse:
    """What was answered in the round, as CSV (UTF-8). Journalled as an export."""
    table, out = _exported(request, round_id, form, "csv"), io.StringIO(newline="")
    csv.writer(out).writerows([table.columns, *([plain(c) for c in row] for row in table.rows)])
    return _file(b"\xef\xbb\xbf" + out.getvalue().encode(), "text/csv; charset=utf-8", "answers.csv")


def _exported(request: HttpRequest, round_id: UUID, form_id: UUID | None, kind: str) -> AnswersTable:
    """The table, for leadership and social officers of the ward only."""
    mine = rights(request)
    row = round_for(mine, round_id)
    check_planner(mine, row.ward_id)
    forms = {f.id: f for f in forms_of_round(row)}
    form = forms.get(form_id) if form_id else next(iter(forms.values()), None)
    if form is None:
        raise not_found("phiếu của đợt này", "form of this round")
    table = answers_table(form, row)
    append(JournalRow(row.ward_id, mine.actor, "export", "round", row.id,
           {"what": "answers", "form_id": str(form.id), "rows": len(table.rows), "format": kind}))
    return table


def _xlsx(table: AnswersTable) -> bytes:
    from openpyxl import Workbook  # type: ignore[import-untyped]  # noqa: PLC0415 - takes its time to load
    book = Workbook(write_only=True)
    sheet, legend, out = book.create_sheet("Trả lời"), book.create_sheet("Câu hỏi"), io.BytesIO()
    sheet.append(table.columns)
    for row in table.rows:
        sheet.append([plain(c) for c in row])
    legend.append(["path", "label", "type"])
    for question in table.questions:
        legend.append([plain(c) for c in question])
    book.save(out)
    return out.getvalue()


def plain(text: str) -> str:
    """Text that no spreadsheet takes for a formula; a number stays one."""
    kept = "".join(ch for ch in text if ch.isprintable() or ch == "\n")
    return f"'{kept}" if kept[:1] in ("=", "+", "-", "@") and not kept[1:].replace(".", "", 1).isdigit() else kept


def _file(body: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(body, content_type=kind, headers={
        "Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"})
