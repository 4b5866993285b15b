"""Admin pages of the ladder and of desk shifts. Incidents themselves are worked at the desk, not here."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from binhan.commons.access.admin import OfficeAdmin, Text, actor
from binhan.commons.people.queries import display_name
from binhan.sos.incidents.actions import end_desk_shift, set_rung
from binhan.sos.incidents.models import DeskShift, Rung

AUDIENCES: dict[str, Text] = {
    "second_seat": _("Trực ban thứ hai"), "shift_lead": _("Trưởng ca"), "ward_chief": _("Chỉ huy phường"),
    "city_centre": _("Trung tâm thành phố"),
}
CHANNELS: dict[str, Text] = {"inapp": _("Trong ứng dụng"), "webpush": _("Thông báo đẩy"), "email": _("Thư điện tử")}


def _several(label: Text, choices: dict[str, Text]) -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(label=label, choices=list(choices.items()), coerce=str,
                                          widget=forms.CheckboxSelectMultiple)


@admin.register(Rung)
class RungAdmin(OfficeAdmin):
    """Who is called when nobody acknowledges. A rung is not overwritten: a new row takes over from its day."""

    names = (_("bậc báo động"), _("thang báo động"))
    list_display = ("rung", "ward", "after_s", "who", "how", "valid_from", "valid_to", "source")
    ordering = ("-ward_id", "rung", "-valid_from")
    fields = ("ward_id", "rung", "after_s", "audience", "channels", "valid_from", "source")
    labels: dict[str, Text] = {
        "rung": _("Bậc"), "after_s": _("Sau bao nhiêu giây"), "valid_from": _("Áp dụng từ"),
        "source": _("Nguồn, lý do"),
    }
    may_change = False

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest | None, **kwargs: Any) -> Any:
        """Boxes to tick instead of lists to type."""
        if db_field.name == "audience":
            return _several(_("Gọi ai"), AUDIENCES)
        if db_field.name == "channels":
            return _several(_("Bằng cách nào"), CHANNELS)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=_("Gọi ai"))
    def who(self, row: Rung) -> str:
        """The audience in words."""
        return ", ".join(str(AUDIENCES.get(a, a)) for a in row.audience)

    @admin.display(description=_("Bằng cách nào"))
    def how(self, row: Rung) -> str:
        """The channels in words."""
        return ", ".join(str(CHANNELS.get(c, c)) for c in row.channels)

    def save_model(self, request: HttpRequest, obj: Rung, form: Any, change: bool) -> None:
        """Through the action."""
        set_rung(obj.ward_id, actor(request), obj)


@admin.register(DeskShift)
class DeskShiftAdmin(OfficeAdmin):
    """Who sits, or sat, at the desk; a shift that somebody forgot can be ended."""

    names = (_("ca trực"), _("ca trực"))
    list_display = ("who", "seat", "ward", "started_at", "ended_at", "sound_checked_at")
    list_filter = ("seat",)
    ordering = ("-started_at",)
    may_add = may_change = False
    actions = ("end_now",)

    @admin.display(description=_("Cán bộ"))
    def who(self, row: DeskShift) -> str:
        """The officer's name."""
        return display_name(f"account:{row.account_id}")

    @admin.action(description=_("Kết thúc ca"), permissions=["view"])
    def end_now(self, request: HttpRequest, rows: Iterable[DeskShift]) -> None:
        """End the chosen shifts that are open."""
        for row in rows:
            if row.ended_at is None:
                end_desk_shift(row.ward_id, row.account_id, actor(request), "")
        self.message_user(request, _("Đã kết thúc ca."))
