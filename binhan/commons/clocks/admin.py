"""Admin page of the dated policies: how long each clock may run in a ward."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from binhan.commons.access.admin import OfficeAdmin, Text, actor, administered
from binhan.commons.clocks.actions import end_policy, set_policy
from binhan.commons.clocks.models import Policy
from binhan.commons.context import policies
from binhan.commons.language import shown


def units_for_all() -> dict[str, str]:
    """The unit of each policy, as its row for all wards has it (1 query)."""
    return dict(Policy.objects.filter(ward_id=0, track="", priority="").values_list("name", "unit"))


@admin.register(Policy)
class PolicyAdmin(OfficeAdmin):
    """A length is not overwritten: a new row takes over from its day, the old one stays readable."""

    names = (_("thời hạn"), _("thời hạn"))
    list_display = ("clock", "ward", "amount", "unit", "valid_from", "valid_to", "verified", "source")
    list_filter = ("name", "verified")
    ordering = ("name", "-ward_id", "-valid_from")
    fields = ("ward_id", "name", "amount", "valid_from", "legal_basis", "source")
    labels: dict[str, Text] = {
        "name": _("Đồng hồ"), "amount": _("Bao lâu"), "unit": _("Đơn vị"), "valid_from": _("Áp dụng từ"),
        "legal_basis": _("Căn cứ"), "source": _("Nguồn"),
    }
    may_change = False
    actions = ("end_now",)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest | None, **kwargs: Any) -> Any:
        """Only what exists can be set, each in the unit that it has for all wards."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "name":
            units = units_for_all()
            return forms.ChoiceField(label=_("Đồng hồ"), choices=[
                (name, f"{shown(spec.words)} – {Policy.Unit(units.get(name, spec.unit)).label}")
                for name, spec in policies().items()])
        return field

    @admin.display(description=_("Đồng hồ"), ordering="name")
    def clock(self, row: Policy) -> str:
        """What is timed."""
        return shown(policies()[row.name].words) if row.name in policies() else row.name

    def save_model(self, request: HttpRequest, obj: Policy, form: Any, change: bool) -> None:
        """Through the action."""
        obj.unit = units_for_all().get(obj.name, policies()[obj.name].unit)
        set_policy(obj.ward_id, actor(request), obj)

    @admin.action(description=_("Kết thúc, trở về mặc định"), permissions=["view"])
    def end_now(self, request: HttpRequest, rows: Iterable[Policy]) -> None:
        """End the chosen rows of my wards."""
        for row in rows:
            if row.ward_id in administered(request) and row.valid_to is None:
                end_policy(row.pk, actor(request))
        self.message_user(request, _("Đã xong."))
