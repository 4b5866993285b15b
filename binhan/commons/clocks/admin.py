"""Admin page of the dated policies: how long each clock may run in a ward."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from binhan.commons.access.admin import OfficeAdmin, actor, administered
from binhan.commons.clocks.actions import end_policy, set_policy
from binhan.commons.clocks.models import Policy

NAMES = {
    "sos.ack_within": "SOS: tiếp nhận trong", "sos.repeat_within": "SOS: nhắc lại sau",
    "sos.dispatch_within": "SOS: cử lực lượng trong", "sos.arrive_within": "SOS: tới nơi trong",
    "sos.close_within": "SOS: kết thúc hồ sơ trong", "assignment.accept_within": "Nhiệm vụ: nhận trong",
    "assignment.depart_within": "Nhiệm vụ: xuất phát trong", "assignment.arrive_within": "Nhiệm vụ: tới nơi trong",
    "assignment.finish_within": "Nhiệm vụ: xong trong",
    "patrol.keep_track": "Vết đi tuần tra: giữ trong",
    "round.plan_within": "Đợt thăm: chia cụm trong", "round.open_within": "Đợt thăm: mở trong",
    "round.close_within": "Đợt thăm: kết thúc trong", "round.resume_within": "Đợt thăm: đi tiếp trong",
    "round.repeat_within": "Đợt thăm: đợt sau cách", "import.keep_within": "Nhập sổ hộ: giữ tệp chưa nhập trong",
    "appointment.answer_within": "Lịch hẹn: hộ dân chọn giờ trong", "appointment.come_within": "Lịch hẹn: tới trễ tối đa",
    "appointment.mend_within": "Lịch hẹn: tới bù trong", "appointment.forget_within": "Lịch hẹn: xóa lời không hẹn sau",
    "appointment.ahead": "Lịch hẹn: hẹn trước ít nhất", "appointment.changes": "Lịch hẹn: hộ dân đổi tối đa",
    "promise.digest_every": "Lời hẹn trễ: báo tin mới cách nhau", "promise.remind_every": "Lời hẹn trễ: nhắc lại sau",
    "promise.quiet_from": "Lời hẹn trễ: im lặng từ (giây sau nửa đêm)",
    "promise.quiet_to": "Lời hẹn trễ: im lặng đến (giây sau nửa đêm)",
    "conflict.settle_within": "Hai giá trị khác nhau: chọn trong",
    "conflict.chase_within": "Hai giá trị khác nhau: nhắc sau",
    "field.documents_max": "Máy đi thăm: số mục một máy mang", "field.turfs_max": "Máy đi thăm: số cụm một máy mang",
    "field.bytes_max": "Máy đi thăm: số byte một máy mang", "field.pin_digits": "Máy đi thăm: số chữ số của mã PIN",
    "field.pin_tries": "Máy đi thăm: số lần thử PIN", "field.idle_lock": "Máy đi thăm: tự khóa sau",
    "field.token_within": "Máy đi thăm: đăng nhập lại sau", "field.unheard_within": "Máy đi thăm: báo mất liên lạc sau",
    "field.wipe_within": "Máy đi thăm: nhắc chờ tự xóa sau", "field.keep_receipts": "Máy đi thăm: giữ lời đáp trong",
    "files.photo_most": "Tệp: số byte một ảnh", "files.voice_most": "Tệp: số byte một ghi âm",
    "files.sketch_most": "Tệp: số byte một hình vẽ", "files.ward_per_day": "Tệp: số byte cả phường gửi một ngày",
    "files.member_per_day": "Tệp: số byte một người gửi một ngày", "files.unattached_within": "Tệp: giữ tệp chưa gắn trong",
    "files.keep_within": "Tệp: giữ trong",
}


def units_for_all() -> dict[str, str]:
    """The unit of each policy, as its row for all wards has it (1 query)."""
    return dict(Policy.objects.filter(ward_id=0, track="", priority="").values_list("name", "unit"))


@admin.register(Policy)
class PolicyAdmin(OfficeAdmin):
    """A length is not overwritten: a new row takes over from its day, the old one stays readable."""

    names = ("thời hạn", "thời hạn")
    list_display = ("clock", "ward", "amount", "unit", "valid_from", "valid_to", "verified", "source")
    list_filter = ("name", "verified")
    ordering = ("name", "-ward_id", "-valid_from")
    fields = ("ward_id", "name", "amount", "valid_from", "legal_basis", "source")
    labels = {"name": "Đồng hồ", "amount": "Bao lâu", "unit": "Đơn vị", "valid_from": "Áp dụng từ",
              "legal_basis": "Căn cứ", "source": "Nguồn"}
    may_change = False
    actions = ("end_now",)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest | None, **kwargs: Any) -> Any:
        """Only what exists can be set, each in the unit that it has for all wards."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "name":
            units = units_for_all()
            return forms.ChoiceField(label="Đồng hồ", choices=[
                (name, f"{said} – {Policy.Unit(units.get(name, Policy.Unit.SECONDS)).label}")
                for name, said in NAMES.items()])
        return field

    @admin.display(description="Đồng hồ", ordering="name")
    def clock(self, row: Policy) -> str:
        """What is timed."""
        return NAMES.get(row.name, row.name)

    def save_model(self, request: HttpRequest, obj: Policy, form: Any, change: bool) -> None:
        """Through the action."""
        obj.unit = units_for_all().get(obj.name, Policy.Unit.SECONDS)
        set_policy(obj.ward_id, actor(request), obj)

    @admin.action(description="Kết thúc, trở về mặc định", permissions=["view"])
    def end_now(self, request: HttpRequest, rows: Iterable[Policy]) -> None:
        """End the chosen rows of my wards."""
        for row in rows:
            if row.ward_id in administered(request) and row.valid_to is None:
                end_policy(row.pk, actor(request))
        self.message_user(request, "Đã xong.")
