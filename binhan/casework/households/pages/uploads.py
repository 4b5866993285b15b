"""Choosing a file to import, and the pages while it is read: how far it is, stopping it, why it cannot be read."""
from __future__ import annotations

from datetime import timedelta
from functools import partial
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from binhan.casework.households.actions.uploads import GivenFile, keep_upload
from binhan.casework.households.imports.reasons import Reason, Unmapped, Unusable
from binhan.casework.households.imports.table import FILE_MAX, NotPacked, Table, unpack
from binhan.casework.households.models import Upload
from binhan.casework.households.queries.reach import reach
from binhan.casework.households.tasks import Reading
from binhan.commons.access.pages import refused, ward_meant
from binhan.commons.access.queries import Rights
from binhan.commons.language import lang
from binhan.kernel.errors import Problem, forbidden, not_found
from binhan.kernel.limits import UPLOAD_MAX

FIELD_VI = {
    "full_name": "Họ tên", "head_name": "Họ tên chủ hộ", "address": "Địa chỉ", "number": "Số nhà", "street": "Đường, hẻm",
    "group": "Tổ dân phố", "area": "Khu phố", "landmark": "Mốc dễ nhận", "kind": "Loại hộ", "code": "Mã hộ",
    "birth": "Năm hoặc ngày sinh", "phone": "Điện thoại", "relation": "Quan hệ với chủ hộ",
    "residence": "Thường trú, tạm trú", "national_id": "Số định danh (CCCD)", "started": "Ngày đến", "lat": "Vĩ độ",
    "lon": "Kinh độ"}
PATIENCE_S = 1.5  # a file that is read by then shows no page in between
LOOK_AGAIN_S = 2
LOST_AFTER = timedelta(seconds=20)  # whoever read it says so every second


def _keeper(request: HttpRequest) -> tuple[Rights, int]:
    """Who may import: whoever keeps the register of the whole ward; a file knows no khu phố line."""
    mine, ward = ward_meant(request, "casework")
    if reach(mine, ward, write=True).areas is not None:
        raise forbidden("Nhập sổ hộ cần quyền giữ sổ của cả phường.", "An import needs the register of the whole ward.")
    return mine, ward


def told(refusal: Unusable) -> str:
    """Why a file cannot be taken in, in the reader's language; what its columns mean is asked for on the page itself."""
    if isinstance(refusal, Unmapped):
        return gettext("Chưa nhận ra cột nào là địa chỉ hay họ tên. Hãy chọn ý nghĩa từng cột bên dưới.")
    return "; ".join(map(said, refusal.reasons))


def said(reason: Reason) -> str:
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
    if request.method != "POST":
        return _form(request, mine, ward)
    given = request.FILES.get("file")
    if given is None:
        return _form(request, mine, ward, gettext("Hãy chọn tệp."))
    body, sheet = given.read(FILE_MAX + 1), request.POST.get("sheet", "")
    reading = Reading(body, sheet or None).start()
    try:
        table = reading.result(PATIENCE_S)
    except Unusable as refusal:
        return _form(request, mine, ward, told(refusal))
    kept = keep_upload(ward, mine.account, GivenFile(given.name or "", sheet, len(body)), table)
    if table is None:
        transaction.on_commit(partial(reading.hand_over, ward, kept.id))
    return HttpResponseRedirect(reverse("import_file", args=[kept.id]))


def _form(request: HttpRequest, mine: Rights, ward: int, problem: str = "") -> HttpResponse:
    """The form to choose a file; with a problem, why the last one was not taken."""
    known = Upload.objects.filter(ward_id=ward, account=mine.account, unreadable__isnull=True).defer("table").first()
    return render(request, "households/import.html", {
        "tab": "households", "ward": ward, "sheet": request.POST.get("sheet", ""), "megabytes": UPLOAD_MAX >> 20,
        "known": known, "problem": problem}, status=422 if problem else 200)


def own_upload(request: HttpRequest, key: UUID) -> tuple[Rights, Upload]:
    """The caller's own file, if they still may import."""
    mine, _ = ward_meant(request, "casework")
    found = Upload.objects.filter(id=key, account=mine.account).first()
    if found is None:
        raise not_found("tệp này; hãy chọn lại tệp", "file; choose it again")
    if reach(mine, found.ward_id, write=True).areas is not None:
        raise forbidden("Nhập sổ hộ cần quyền giữ sổ của cả phường.", "An import needs the register of the whole ward.")
    return mine, found


def table_of(upload: Upload) -> Table | None:
    """What was read; None while it is not, or when it cannot be."""
    if upload.unreadable is not None or upload.reading_at is not None:
        return None
    try:
        return unpack(bytes(upload.table))
    except (NotPacked, Unusable):  # kept by another version
        return None


def not_read(request: HttpRequest, upload: Upload) -> HttpResponse:
    """The page in place of a table: how far the reading is, or why there is nothing to see."""
    if upload.unreadable is not None:
        return _instead(request, upload, told(Unusable(*(Reason(*row) for row in upload.unreadable))))
    if upload.reading_at is None or timezone.now() - upload.reading_at > LOST_AFTER:
        return _instead(request, upload, gettext("Việc đọc tệp bị dừng giữa chừng (máy chủ vừa khởi động lại). Chưa ghi gì"
                                                 " vào sổ. Hãy chọn lại tệp."))
    answer = render(request, "households/import_reading.html", {"tab": "households", "upload": upload})
    answer["Refresh"] = str(LOOK_AGAIN_S)
    answer["Cache-Control"] = "no-store"
    return answer


def _instead(request: HttpRequest, upload: Upload, problem: str) -> HttpResponse:
    return render(request, "households/import.html", {
        "tab": "households", "ward": upload.ward_id, "sheet": upload.sheet, "megabytes": UPLOAD_MAX >> 20,
        "problem": problem}, status=422)
