"""Importing a file into the register: choose it, say what its columns mean, look at what would come of it, and then all of
it or nothing. The file is kept only until then."""
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

from binhan.casework.households.actions.uploads import change_upload, drop_uploads, keep_upload
from binhan.casework.households.imports.columns import FIELDS, MappedTable, head_of, map_table
from binhan.casework.households.imports.files import FILE_MAX, read_table
from binhan.casework.households.imports.plan import Terms
from binhan.casework.households.imports.reasons import Notice, Reason, Unmapped, Unusable, unusable
from binhan.casework.households.imports.sheet import as_xlsx, lines_of, review_rows
from binhan.casework.households.imports.write import Outcome, check_table, import_table
from binhan.casework.households.models import Upload
from binhan.casework.households.queries.reach import reach
from binhan.casework.households.rules import BASES, HOUSEHOLD_KINDS, PURPOSES, RELATIONS, RESIDENCES
from binhan.commons.access.pages import refused, spoken, ward_meant
from binhan.commons.access.queries import Rights
from binhan.commons.language import lang
from binhan.commons.wire import name_in, names_of
from binhan.kernel.errors import Problem, forbidden, not_found
from binhan.kernel.limits import UPLOAD_MAX

FIELD_VI = {
    "full_name": "Họ tên", "head_name": "Họ tên chủ hộ", "address": "Địa chỉ", "number": "Số nhà", "street": "Đường, hẻm",
    "group": "Tổ dân phố", "area": "Khu phố", "landmark": "Mốc dễ nhận", "kind": "Loại hộ", "code": "Mã hộ",
    "birth": "Năm hoặc ngày sinh", "phone": "Điện thoại", "relation": "Quan hệ với chủ hộ",
    "residence": "Thường trú, tạm trú", "national_id": "Số định danh (CCCD)", "started": "Ngày đến", "lat": "Vĩ độ",
    "lon": "Kinh độ"}
CODES = {"kind": HOUSEHOLD_KINDS, "relation": RELATIONS, "residence": RESIDENCES}
SHOWN = 100  # lines of a kind on the page; the sheet has them all


@dataclass(frozen=True, slots=True)
class Look:
    """A file as it is understood now, and what would come of it."""

    given: MappedTable
    done: Outcome


def _keeper(request: HttpRequest) -> tuple[Rights, int]:
    """Who may import: whoever keeps the register of the whole ward; a file knows no khu phố line."""
    mine, ward = ward_meant(request, "casework")
    if reach(mine, ward, write=True).areas is not None:
        raise forbidden("Nhập sổ hộ cần quyền giữ sổ của cả phường.", "An import needs the register of the whole ward.")
    return mine, ward


def _told(refusal: Unusable) -> str:
    """Why a file cannot be taken in, in the reader's language; what its columns mean is asked for on the page itself."""
    if isinstance(refusal, Unmapped):
        return gettext("Chưa nhận ra cột nào là địa chỉ hay họ tên. Hãy chọn ý nghĩa từng cột bên dưới.")
    return "; ".join(map(_said, refusal.reasons))


def _said(reason: Reason) -> str:
    """A reason in the reader's language, after the fields that it is about."""
    text = reason.en if lang() == "en" else reason.vi
    names = ", ".join(gettext(FIELD_VI[name]) for name in reason.fields)
    return f"{names}: {text}" if names else text


@login_required
def start(request: HttpRequest) -> HttpResponse:
    """Choose the file; one that cannot be read is refused with what to do about it, and not kept."""
    try:
        mine, ward = _keeper(request)
    except Problem as problem:
        return refused(request, problem)
    sheet = request.POST.get("sheet", "")
    shown = {"tab": "households", "ward": ward, "sheet": sheet, "megabytes": UPLOAD_MAX >> 20,
             "known": Upload.objects.filter(ward_id=ward, account=mine.account).first()}
    if request.method != "POST":
        return render(request, "households/import.html", shown)
    given = request.FILES.get("file")
    if given is None:
        return render(request, "households/import.html", {**shown, "problem": gettext("Hãy chọn tệp.")}, status=422)
    body = given.read(FILE_MAX + 1)
    try:
        map_table(read_table(body, sheet or None), {})
    except Unmapped:
        pass  # asked for on the next page
    except Unusable as refusal:
        return render(request, "households/import.html", {**shown, "problem": _told(refusal)}, status=422)
    kept = keep_upload(ward, mine.account, given.name or "", body, sheet)
    return HttpResponseRedirect(reverse("import_file", args=[kept.id]))


def _own_upload(request: HttpRequest, key: UUID) -> tuple[Rights, Upload]:
    """The caller's own file, if they still may import."""
    mine, _ = ward_meant(request, "casework")
    found = Upload.objects.filter(id=key, account=mine.account).first()
    if found is None:
        raise not_found("tệp này; hãy chọn lại tệp", "file; choose it again")
    if reach(mine, found.ward_id, write=True).areas is not None:
        raise forbidden("Nhập sổ hộ cần quyền giữ sổ của cả phường.", "An import needs the register of the whole ward.")
    return mine, found


@login_required
def look(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """What the columns mean and what would come of it; nothing is written before the last button."""
    try:
        mine, upload = _own_upload(request, upload_id)
    except Problem as problem:
        return refused(request, problem)
    verb = request.POST.get("verb", "") if request.method == "POST" else ""
    if verb == "drop":
        drop_uploads(upload.ward_id, mine.account)
        messages.success(request, gettext("Đã bỏ tệp. Chưa ghi gì vào sổ."))
        return HttpResponseRedirect(reverse("households"))
    if verb in ("look", "import"):
        change_upload(upload, *_given(request))
    return _write(request, mine, upload) if verb == "import" else _shown(request, upload)


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


def _mapped(upload: Upload) -> MappedTable:
    """The file as a table, and what its columns mean; raises Unusable."""
    table = read_table(bytes(upload.body), upload.sheet or None)
    twice = [name for name in set(upload.columns.values()) if name and list(upload.columns.values()).count(name) > 1]
    if twice:
        names = ", ".join(gettext(FIELD_VI[name]) for name in sorted(twice))
        raise unusable("field_twice", f"Một trường chỉ lấy từ một cột: {names}.",
                       f"A field comes from one column only: {names}.")
    return map_table(table, upload.columns)


def _looked(upload: Upload) -> Look:
    """What would come of the file; raises Unusable."""
    given = _mapped(upload)
    return Look(given, check_table(upload.ward_id, given, _terms(upload), timezone.localdate()))


def _shown(request: HttpRequest, upload: Upload, problem: str = "", status: int = 200) -> HttpResponse:
    """The page, with as much as could be understood."""
    seen: Look | None = None
    try:
        seen = _looked(upload)
    except Unusable as refusal:
        problem, status = problem or _told(refusal), 200 if request.method == "GET" else 422
    except Problem as refused_by_rule:
        problem, status = spoken(refused_by_rule), refused_by_rule.status
    columns = seen.given.columns if seen else None
    header = columns.header if columns else _first_row(upload)
    fields = {at: name for name, at in columns.of_field.items()} if columns else {}
    terms = _terms(upload)
    return render(request, "households/import_look.html", {
        "tab": "households", "upload": upload, "problem": problem, "seen": seen,
        "fields": [(f, FIELD_VI[f]) for f in FIELDS],
        "columns": [{"n": n, "head": head, "key": _key(head), "field": fields.get(n) or upload.columns.get(_key(head), ""),
                     "never": bool(columns and head in columns.sensitive)}
                    for n, head in enumerate(header) if head_of(head)],
        "groups": _groups(seen), "preview": _preview(seen), "terms": terms, "purposes": names_of(PURPOSES),
        "bases": names_of(BASES), "notes": list(map(_said, seen.given.table.notes)) if seen else []}, status=status)


def _preview(seen: Look | None) -> dict[str, Any]:
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
    return notice.row, "; ".join(map(_said, notice.reasons))


def _key(head: str) -> str:
    """A header as the import looks it up."""
    return head.partition("(")[0].strip()


def _first_row(upload: Upload) -> list[str]:
    """The first row with several texts: shown when no header was recognised, so that the operator can say what it is."""
    try:
        rows = read_table(bytes(upload.body), upload.sheet or None).rows[:30]
    except Unusable:
        return []
    return next(([str(c).strip() for c in cells] for _, cells in rows
                 if sum(isinstance(c, str) and bool(c.strip()) for c in cells) > 1), [])


def _groups(seen: Look | None) -> list[dict[str, Any]]:
    """What was noticed, by kind, with the first lines of each."""
    if seen is None:
        return []
    done = seen.done
    return [{"kind": kind, "title": title, "count": len(notices), "lines": list(map(_line, notices[:SHOWN])),
             "more": max(0, len(notices) - SHOWN)}
            for kind, title, notices in (("error", "Dòng sai, phải sửa", done.errors),
                                       ("similar", "Có thể trùng người đã có, cần xem lại", done.similar),
                                       ("same", "Đã có trong sổ, giữ nguyên", done.same))]


def _write(request: HttpRequest, mine: Rights, upload: Upload) -> HttpResponse:
    """All of it, or nothing."""
    try:
        done = import_table(upload.ward_id, mine.actor, _mapped(upload), _terms(upload), timezone.localdate())
    except Unusable as refusal:
        return _shown(request, upload, _told(refusal), 422)
    except Problem as problem:
        return _shown(request, upload, spoken(problem), problem.status)
    if done.errors:
        return _shown(request, upload, gettext("Chưa ghi gì vì còn dòng sai."), 422)
    drop_uploads(upload.ward_id, mine.account)
    messages.success(request, gettext("Đã nhập %(rows)s dòng: %(doors)s căn, %(homes)s hộ, %(people)s người mới.") % {
        "rows": done.written, "doors": done.created.get("dwellings", 0),
        "homes": done.created.get("households", 0), "people": done.created.get("people", 0)})
    return HttpResponseRedirect(reverse("households"))


@login_required
def errors(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """The rows to look at again, as a sheet."""
    try:
        _, upload = _own_upload(request, upload_id)
        seen = _looked(upload)
    except Problem as problem:
        return refused(request, problem)
    except Unusable as refusal:
        return refused(request, Problem(422, "unreadable", _told(refusal), _told(refusal)))
    rows = review_rows(seen.given, [line for line in lines_of(seen.done) if line.kind != "same"])
    answer = HttpResponse(as_xlsx(rows), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    answer["Content-Disposition"] = 'attachment; filename="can-xem-lai.xlsx"'
    answer["Cache-Control"] = "no-store"
    return answer
