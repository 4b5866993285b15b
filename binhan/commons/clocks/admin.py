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
}


@admin.register(Policy)
class PolicyAdmin(OfficeAdmin):
    """A length is not overwritten: a new row takes over from its day, the old one stays readable."""

    names = ("thời hạn", "thời hạn")
    list_display = ("clock", "ward", "amount", "unit", "valid_from", "valid_to", "verified", "source")
    list_filter = ("name", "verified")
    ordering = ("name", "-ward_id", "-valid_from")
    fields = ("ward_id", "name", "amount", "unit", "valid_from", "legal_basis", "source")
    labels = {"name": "Đồng hồ", "amount": "Bao lâu", "unit": "Đơn vị", "valid_from": "Áp dụng từ",
              "legal_basis": "Căn cứ", "source": "Nguồn"}
    may_change = False
    actions = ("end_now",)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest | None, **kwargs: Any) -> Any:
        """Only clocks that exist can be set."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "name":
            return forms.ChoiceField(choices=list(NAMES.items()), label="Đồng hồ")
        if db_field.name == "unit":  # all of the above run day and night
            return forms.ChoiceField(choices=[(Policy.Unit.SECONDS.value, Policy.Unit.SECONDS.label)], label="Đơn vị")
        return field

    @admin.display(description="Đồng hồ", ordering="name")
    def clock(self, row: Policy) -> str:
        """What is timed."""
        return NAMES.get(row.name, row.name)

    def save_model(self, request: HttpRequest, obj: Policy, form: Any, change: bool) -> None:
        """Through the action."""
        set_policy(obj.ward_id, actor(request), obj)

    @admin.action(description="Kết thúc, trở về mặc định", permissions=["view"])
    def end_now(self, request: HttpRequest, rows: Iterable[Policy]) -> None:
        """End the chosen rows of my wards."""
        for row in rows:
            if row.ward_id in administered(request) and row.valid_to is None:
                end_policy(row.pk, actor(request))
        self.message_user(request, "Đã xong.")
