"""Admin pages of patrol units and their shifts."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from binhan.commons.access.admin import OfficeAdmin, Text, actor
from binhan.commons.people.queries import display_names
from binhan.sos.patrols.actions import end_shift, register_unit, renew_tracker_key, update_unit
from binhan.sos.patrols.models import Shift, Unit

CAPABILITIES: dict[str, Text] = {
    "first_aid": _("Biết sơ cứu"), "medical_kit": _("Túi sơ cứu"), "female_officer": _("Cán bộ nữ"),
    "extinguisher": _("Bình chữa cháy"), "rescue_kit": _("Đồ cứu nạn"), "armed": _("Công cụ hỗ trợ"),
}


@admin.register(Unit)
class UnitAdmin(OfficeAdmin):
    """The units that can be sent."""

    names = (_("tổ tuần tra"), _("tổ tuần tra"))
    list_display = ("call_sign", "ward", "kind", "carries", "active")
    list_filter = ("kind", "active")
    search_fields = ("call_sign",)
    ordering = ("ward_id", "call_sign")
    labels: dict[str, Text] = {"call_sign": _("Tên gọi"), "kind": _("Đi lại bằng"), "active": _("Đang hoạt động")}
    actions = ("renew",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A unit stays in its ward; a new one is active."""
        return ("call_sign", "kind", "capabilities", "active") if obj else ("ward_id", "call_sign", "kind", "capabilities")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest | None, **kwargs: Any) -> Any:
        """Boxes to tick instead of a list to type."""
        if db_field.name == "capabilities":
            return forms.TypedMultipleChoiceField(label=_("Trang bị, khả năng"), required=False, coerce=str,
                                                  choices=list(CAPABILITIES.items()),
                                                  widget=forms.CheckboxSelectMultiple)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=_("Trang bị, khả năng"))
    def carries(self, row: Unit) -> str:
        """Capabilities in words."""
        return ", ".join(str(CAPABILITIES.get(c, c)) for c in row.capabilities)

    def save_model(self, request: HttpRequest, obj: Unit, form: Any, change: bool) -> None:
        """Through the actions."""
        if change:
            update_unit(obj.id, actor(request), obj.call_sign, obj.kind, obj.capabilities, obj.active)
        else:
            made = register_unit(obj.ward_id, actor(request), obj.call_sign, obj.kind, obj.capabilities)
            obj.pk, obj._state.adding = made.pk, False

    @admin.action(description=_("Đổi mã máy định vị (mã cũ hết hiệu lực)"), permissions=["view"])
    def renew(self, request: HttpRequest, rows: Iterable[Unit]) -> None:
        """For a lost phone: its pairing ends."""
        for row in rows:
            renew_tracker_key(row.id, actor(request))
        self.message_user(request, _("Đã đổi mã. Ghép lại máy ở trang tuần tra."))


@admin.register(Shift)
class ShiftAdmin(OfficeAdmin):
    """Patrol shifts; one that somebody forgot can be ended, and with it the sharing of positions."""

    names = (_("ca tuần tra"), _("ca tuần tra"))
    list_display = ("unit", "who", "ward", "started_at", "ended_at")
    ordering = ("-started_at",)
    may_add = may_change = False
    actions = ("end_now",)

    @admin.display(description=_("Tổ"))
    def unit(self, row: Shift) -> str:
        """The unit's call sign."""
        return Unit.objects.filter(id=row.unit_id).values_list("call_sign", flat=True).first() or "?"

    @admin.display(description=_("Tổ viên"))
    def who(self, row: Shift) -> str:
        """The crew's names."""
        return ", ".join(sorted(display_names(f"account:{a}" for a in row.crew).values()))

    @admin.action(description=_("Kết thúc ca"), permissions=["view"])
    def end_now(self, request: HttpRequest, rows: Iterable[Shift]) -> None:
        """Take every member off the chosen shifts."""
        for row in rows:
            for member in row.crew if row.ended_at is None else []:
                end_shift(row.id, member, actor(request))
        self.message_user(request, _("Đã kết thúc ca."))
