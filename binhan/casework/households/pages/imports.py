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
from django.utils.translation import get_language, gettext

from binhan.casework.households.actions.uploads import change_upload, drop_uploads, keep_upload
from binhan.casework.households.imports.columns import FIELDS, Columns, head_of, map_columns
from binhan.casework.households.imports.files import FILE_MAX, Table, Wrong, read_table
from binhan.casework.households.imports.plan import Terms
from binhan.casework.households.imports.sheet import as_xlsx, lines_of, review_rows
from binhan.casework.households.imports.write import Outcome, import_table
from binhan.casework.households.models import Upload
from binhan.casework.households.queries import reach
from binhan.casework.households.rules import BASES, HOUSEHOLD_KINDS, PURPOSES, RELATIONS, RESIDENCES
from binhan.commons.access.pages import refused, spoken, ward_meant
from binhan.commons.access.queries import Rights
from binhan.kernel.errors import Problem, forbidden, not_found

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

    table: Table
    columns: Columns
    done: Outcome


def _keeper(request: HttpRequest) -> tuple[Rights, int]:
    """Who may import: whoever keeps the register of the whole ward; a file knows no khu phố line."""
    mine, ward = ward_meant(request, "casework")
    if reach(mine, ward, write=True).areas is not None:
        raise forbidden("Nhập sổ hộ cần quyền giữ sổ của cả phường.", "An import needs the register of the whole ward.")
    return mine, ward


def _half(text: str) -> str:
    """The reader's half of a sentence in two languages; what names the command's own options is said for the page."""
    if "--map" in text or "no column with" in text:
        return gettext("Chưa nhận ra cột nào là địa chỉ hay họ tên. Hãy chọn ý nghĩa từng cột bên dưới.")
    vi, mark, en = text.rpartition(" / ")
    return en if mark and get_language() == "en" else vi if mark else text


@login_required
def start(request: HttpRequest) -> HttpResponse:
    """Choose the file; one that cannot be read is refused with what to do about it, and not kept."""
    try:
        mine, ward = _keeper(request)
    except Problem as problem:
        return refused(request, problem)
    sheet = request.POST.get("sheet", "")
    shown = {"tab": "households", "ward": ward, "sheet": sheet, "megabytes": 25,
             "known": Upload.objects.filter(ward_id=ward, account=mine.account).first()}
    if request.method != "POST":
        return render(request, "households/import.html", shown)
    given = request.FILES.get("file")
    if given is None:
        return render(request, "households/import.html", {**shown, "problem": gettext("Hãy chọn tệp.")}, status=422)
    body = given.read(FILE_MAX + 1)
    try:
        map_columns(read_table(body, sheet or None), {})
    except Wrong as wrong:
        if "--map" not in str(wrong) and "no column with" not in str(wrong):
            return render(request, "households/import.html", {**shown, "problem": _half(str(wrong))}, status=422)
    kept = keep_upload(ward, mine.account, given.name or "", body, sheet)
    return HttpResponseRedirect(reverse("import_file", args=[kept.id]))


def _mine(request: HttpRequest, key: UUID) -> tuple[Rights, Upload]:
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
        mine, upload = _mine(request, upload_id)
    except Problem as problem:
        return refused(request, problem)
    verb = request.POST.get("verb", "") if request.method == "POST" else ""
    if verb == "drop":
        drop_uploads(upload.ward_id, mine.account)
        messages.success(request, gettext("Đã bỏ tệp. Chưa ghi gì vào sổ."))
        return HttpResponseRedirect(reverse("households"))
    if verb in ("look", "import"):
        change_upload(upload, *_given(request))
    return _write(request, mine, upload) if verb == "import" else _shown(request, mine, upload)


def _given(request: HttpRequest) -> tuple[dict[str, str], dict[str, Any]]:
    """The form: what each column is (by its header), and the terms."""
    given = request.POST
    columns = {given[f"head_{n}"]: given.get(f"field_{n}", "") for n in range(200) if given.get(f"head_{n}")}
    return ({head: name for head, name in columns.items() if name in FIELDS or not name},
            {"purpose": given.get("purpose", ""), "basis": given.get("basis", ""), "similar": bool(given.get("similar"))})


def _terms(upload: Upload) -> Terms:
    said = upload.terms
    return Terms(said.get("purpose") if said.get("purpose") in PURPOSES else "door_to_door",
                 said.get("basis") if said.get("basis") in BASES else "state_duty", bool(said.get("similar")))


def _looked(mine: Rights, upload: Upload, dry_run: bool = True) -> Look:
    """Read, understand, and check – or write, when no row is wrong."""
    table = read_table(bytes(upload.body), upload.sheet or None)
    twice = [name for name in set(upload.columns.values()) if name and list(upload.columns.values()).count(name) > 1]
    if twice:
        names = ", ".join(gettext(FIELD_VI[name]) for name in sorted(twice))
        raise Wrong(f"Một trường chỉ lấy từ một cột: {names}. / A field comes from one column only: {names}.")
    columns = map_columns(table, upload.columns)
    return Look(table, columns, import_table(upload.ward_id, table, columns, _terms(upload), timezone.localdate(), dry_run,
                                             mine.actor))


def _shown(request: HttpRequest, mine: Rights, upload: Upload, problem: str = "", status: int = 200) -> HttpResponse:
    """The page, with as much as could be understood."""
    seen: Look | None = None
    try:
        seen = _looked(mine, upload)
    except Wrong as wrong:
        problem, status = problem or _half(str(wrong)), 200 if request.method == "GET" else 422
    except Problem as refusal:
        problem, status = spoken(refusal), refusal.status
    header = seen.columns.header if seen else _first_row(upload)
    fields = {at: name for name, at in seen.columns.of_field.items()} if seen else {}
    terms = _terms(upload)
    return render(request, "households/import_look.html", {
        "tab": "households", "upload": upload, "problem": problem, "seen": seen,
        "fields": [(f, FIELD_VI[f]) for f in FIELDS],
        "columns": [{"n": n, "head": head, "key": _key(head), "field": fields.get(n) or upload.columns.get(_key(head), ""),
                     "never": bool(seen and head in seen.columns.sensitive)}
                    for n, head in enumerate(header) if head_of(head)],
        "groups": _groups(seen), "preview": _preview(seen), "terms": terms, "purposes": PURPOSES,
        "bases": BASES, "notes": [_half(n) for n in seen.table.notes] if seen else []}, status=status)


def _preview(seen: Look | None) -> dict[str, Any]:
    """The first rows as understood: only columns with something in them."""
    rows = seen.done.preview if seen else []
    names = {**FIELD_VI, "birth_year": "Năm sinh"}
    used = [key for key in names if any(row.get(key) for row in rows)]
    return {"heads": [names[key] for key in used], "rows": [(r["row"], [_cell(k, r.get(k)) for k in used]) for r in rows]}


def _cell(name: str, value: Any) -> str:
    """A value as read; a code of ours in words."""
    words = CODES.get(name, {}).get(str(value))
    return gettext(words) if words else str(value or "")


def _reasons(why: str) -> str:
    """Everything wrong with a row: which field, and the reader's half of each reason."""
    said = []
    for reason in why.split("; "):
        name, mark, text = reason.partition(": ")
        names = [gettext(FIELD_VI[n]) for n in name.split(", ") if n in FIELD_VI]
        said.append(f"{', '.join(names)}: {_half(text)}" if mark and names else _half(reason))
    return "; ".join(said)


def _key(head: str) -> str:
    """A header as the import looks it up."""
    return head.partition("(")[0].strip()


def _first_row(upload: Upload) -> list[str]:
    """The first row with several texts: shown when no header was recognised, so that the operator can say what it is."""
    try:
        rows = read_table(bytes(upload.body), upload.sheet or None).rows[:30]
    except Wrong:
        return []
    return next(([str(c).strip() for c in cells] for _, cells in rows
                 if sum(isinstance(c, str) and bool(c.strip()) for c in cells) > 1), [])


def _groups(seen: Look | None) -> list[dict[str, Any]]:
    """What was noticed, by kind, with the first lines of each."""
    if seen is None:
        return []
    done = seen.done
    return [{"kind": kind, "title": title, "count": len(lines), "lines": [(n, _reasons(why)) for n, why in lines[:SHOWN]],
             "more": max(0, len(lines) - SHOWN)}
            for kind, title, lines in (("error", "Dòng sai, phải sửa", done.errors),
                                       ("similar", "Có thể trùng người đã có, cần xem lại", done.similar),
                                       ("same", "Đã có trong sổ, giữ nguyên", done.same))]


def _write(request: HttpRequest, mine: Rights, upload: Upload) -> HttpResponse:
    """All of it, or nothing."""
    try:
        seen = _looked(mine, upload, dry_run=False)
    except Wrong as wrong:
        return _shown(request, mine, upload, _half(str(wrong)), 422)
    except Problem as refusal:
        return _shown(request, mine, upload, spoken(refusal), refusal.status)
    if seen.done.errors:
        return _shown(request, mine, upload, gettext("Chưa ghi gì vì còn dòng sai."), 422)
    drop_uploads(upload.ward_id, mine.account)
    messages.success(request, gettext("Đã nhập %(rows)s dòng: %(doors)s căn, %(homes)s hộ, %(people)s người mới.") % {
        "rows": seen.done.written, "doors": seen.done.created.get("dwellings", 0),
        "homes": seen.done.created.get("households", 0), "people": seen.done.created.get("people", 0)})
    return HttpResponseRedirect(reverse("households"))


@login_required
def errors(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """The rows to look at again, as a sheet."""
    try:
        mine, upload = _mine(request, upload_id)
        seen = _looked(mine, upload)
    except Problem as problem:
        return refused(request, problem)
    except Wrong as wrong:
        return refused(request, Problem(422, "unreadable", _half(str(wrong)), _half(str(wrong))))
    rows = review_rows(seen.table, seen.columns, [line for line in lines_of(seen.done) if line[0] != "same"])
    answer = HttpResponse(as_xlsx(rows), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    answer["Content-Disposition"] = 'attachment; filename="can-xem-lai.xlsx"'
    answer["Cache-Control"] = "no-store"
    return answer
