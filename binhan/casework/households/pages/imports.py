"""Importing a file that has been read: say what its columns mean, look at what would come of it, and then all of it or
nothing. What was read is kept only until then."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from binhan.casework.households.actions.uploads import change_upload, drop_uploads
from binhan.casework.households.imports.columns import FIELDS, MappedTable, head_of, map_table
from binhan.casework.households.imports.plan import Terms
from binhan.casework.households.imports.reasons import Notice, Unusable, unusable
from binhan.casework.households.imports.sheet import as_xlsx, lines_of, review_rows
from binhan.casework.households.imports.table import Table
from binhan.casework.households.imports.write import ImportResult, check_table, import_table
from binhan.casework.households.models import Upload
from binhan.casework.households.pages.uploads import FIELD_VI, not_read, own_upload, said, table_of, told
from binhan.casework.households.rules import BASES, HOUSEHOLD_KINDS, PURPOSES, RELATIONS, RESIDENCES
from binhan.commons.access.pages import refused, spoken
from binhan.commons.access.queries import Rights
from binhan.commons.wire import name_in, names_of
from binhan.kernel.errors import Problem

CODES = {"kind": HOUSEHOLD_KINDS, "relation": RELATIONS, "residence": RESIDENCES}
SHOWN = 100  # lines of a kind on the page; the sheet has them all


@dataclass(frozen=True, slots=True)
class Given:
    """An upload, and the table that was read of it."""

    upload: Upload
    table: Table


@dataclass(frozen=True, slots=True)
class DryRun:
    """A file as it is understood now, and what would come of it."""

    given: MappedTable
    done: ImportResult


@login_required
def look(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """What the columns mean and what would come of it; nothing is written before the last button."""
    try:
        mine, upload = own_upload(request, upload_id)
    except Problem as problem:
        return refused(request, problem)
    verb = request.POST.get("verb", "") if request.method == "POST" else ""
    if verb == "drop":
        drop_uploads(upload.ward_id, mine.account)
        messages.success(request, gettext("Đã bỏ tệp. Chưa ghi gì vào sổ."))
        return HttpResponseRedirect(reverse("households"))
    table = table_of(upload)
    if table is None:
        return not_read(request, upload)
    if verb in ("look", "import"):
        change_upload(upload, *_given(request))
    given = Given(upload, table)
    return _write(request, mine, given) if verb == "import" else _shown(request, given)


def _given(request: HttpRequest) -> tuple[dict[str, str], dict[str, Any]]:
    """The form: what each column is (by its header), and the terms."""
    given = request.POST
    columns = {given[f"head_{n}"]: given.get(f"field_{n}", "") for n in range(200) if given.get(f"head_{n}")}
    return ({head: name for head, name in columns.items() if name in FIELDS or not name},
            {"purpose": given.get("purpose", ""), "basis": given.get("basis", ""), "similar": bool(given.get("similar"))})


def _terms(upload: Upload) -> Terms:
    chosen = upload.terms
    return Terms(chosen.get("purpose") if chosen.get("purpose") in PURPOSES else "door_to_door",
                 chosen.get("basis") if chosen.get("basis") in BASES else "state_duty", bool(chosen.get("similar")))


def _mapped(given: Given) -> MappedTable:
    """The table, and what its columns mean; raises Unusable."""
    chosen = given.upload.columns
    twice = [name for name in set(chosen.values()) if name and list(chosen.values()).count(name) > 1]
    if twice:
        names = ", ".join(gettext(FIELD_VI[name]) for name in sorted(twice))
        raise unusable("field_twice", f"Một trường chỉ lấy từ một cột: {names}.",
                       f"A field comes from one column only: {names}.")
    return map_table(given.table, chosen)


def _looked(given: Given) -> DryRun:
    """What would come of the file; raises Unusable."""
    upload, mapped = given.upload, _mapped(given)
    return DryRun(mapped, check_table(upload.ward_id, mapped, _terms(upload), timezone.localdate()))


def _shown(request: HttpRequest, given: Given, problem: str = "", status: int = 200) -> HttpResponse:
    """The page, with as much as could be understood."""
    upload, seen = given.upload, None
    try:
        seen = _looked(given)
    except Unusable as refusal:
        problem, status = problem or told(refusal), 200 if request.method == "GET" else 422
    except Problem as refused_by_rule:
        problem, status = spoken(refused_by_rule), refused_by_rule.status
    columns = seen.given.columns if seen else None
    header = columns.header if columns else _first_row(given.table)
    fields = {at: name for name, at in columns.of_field.items()} if columns else {}
    terms = _terms(upload)
    return render(request, "households/import_look.html", {
        "tab": "households", "upload": upload, "problem": problem, "seen": seen,
        "fields": [(f, FIELD_VI[f]) for f in FIELDS],
        "columns": [{"n": n, "head": head, "key": _key(head), "field": fields.get(n) or upload.columns.get(_key(head), ""),
                     "never": bool(columns and head in columns.sensitive)}
                    for n, head in enumerate(header) if head_of(head)],
        "groups": _groups(seen), "preview": _preview(seen), "terms": terms, "purposes": names_of(PURPOSES),
        "bases": names_of(BASES), "notes": list(map(said, seen.given.table.notes)) if seen else []}, status=status)


def _preview(seen: DryRun | None) -> dict[str, Any]:
    """The first rows as understood: only columns with something in them."""
    rows = seen.done.preview if seen else []
    names = {**FIELD_VI, "birth_year": "Năm sinh"}
    used = [key for key in names if any(row.get(key) for row in rows)]
    return {"heads": [names[key] for key in used], "rows": [(r["row"], [_cell(k, r.get(k)) for k in used]) for r in rows]}


def _cell(name: str, value: Any) -> str:
    """A value as read; a code of ours in words."""
    return name_in(CODES.get(name, {}), str(value)) or str(value or "")


def _line(notice: Notice) -> tuple[int, str]:
    """The number of a row, and everything noticed of it."""
    return notice.row, "; ".join(map(said, notice.reasons))


def _key(head: str) -> str:
    """A header as the import looks it up."""
    return head.partition("(")[0].strip()


def _first_row(table: Table) -> list[str]:
    """The first row with several texts: shown when no header was recognised, so that the operator can say what it is."""
    return next(([str(c).strip() for c in cells] for _, cells in table.rows[:30]
                 if sum(isinstance(c, str) and bool(c.strip()) for c in cells) > 1), [])


def _groups(seen: DryRun | None) -> list[dict[str, Any]]:
    """What was noticed, by kind, with the first lines of each."""
    if seen is None:
        return []
    done = seen.done
    return [{"kind": kind, "title": title, "count": len(notices), "lines": list(map(_line, notices[:SHOWN])),
             "more": max(0, len(notices) - SHOWN)}
            for kind, title, notices in (("error", "Dòng sai, phải sửa", done.errors),
                                       ("similar", "Có thể trùng người đã có, cần xem lại", done.similar),
                                       ("same", "Đã có trong sổ, giữ nguyên", done.same))]


def _write(request: HttpRequest, mine: Rights, given: Given) -> HttpResponse:
    """All of it, or nothing."""
    upload = given.upload
    try:
        done = import_table(upload.ward_id, mine.actor, _mapped(given), _terms(upload), timezone.localdate())
    except Unusable as refusal:
        return _shown(request, given, told(refusal), 422)
    except Problem as problem:
        return _shown(request, given, spoken(problem), problem.status)
    if done.errors:
        return _shown(request, given, gettext("Chưa ghi gì vì còn dòng sai."), 422)
    drop_uploads(upload.ward_id, mine.account)
    messages.success(request, gettext("Đã nhập %(rows)s dòng: %(doors)s căn, %(homes)s hộ, %(people)s người mới.") % {
        "rows": done.written, "doors": done.created.get("dwellings", 0),
        "homes": done.created.get("households", 0), "people": done.created.get("people", 0)})
    return HttpResponseRedirect(reverse("households"))


@login_required
def errors(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """The rows to look at again, as a sheet."""
    try:
        _, upload = own_upload(request, upload_id)
        table = table_of(upload)
        if table is None:
            return not_read(request, upload)
        seen = _looked(Given(upload, table))
    except Problem as problem:
        return refused(request, problem)
    except Unusable as refusal:
        return refused(request, Problem(422, "unreadable", told(refusal), told(refusal)))
    rows = review_rows(seen.given, [line for line in lines_of(seen.done) if line.kind != "same"])
    answer = HttpResponse(as_xlsx(rows), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    answer["Content-Disposition"] = 'attachment; filename="can-xem-lai.xlsx"'
    answer["Cache-Control"] = "no-store"
    return answer
