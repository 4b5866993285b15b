"""Admin pages of served wards, khu phố and QR places."""
from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from binhan.commons.access.admin import OfficeAdmin, Text, actor
from binhan.commons.places.actions import PlaceDraft, change_place, create_area, create_place, set_desk_phone
from binhan.commons.places.models import Area, Place, Ward


@admin.register(Ward)
class WardAdmin(OfficeAdmin):
    """The wards served here; boundaries are imported from the command line."""

    names = (_("phường, xã"), _("phường, xã"))
    list_display = ("full_name", "code", "desk_phone", "is_demo", "served_from", "served_to")
    ordering = ("code",)
    fields = ("full_name", "code", "desk_phone")
    readonly_fields = ("full_name", "code")
    labels: dict[str, Text] = {"desk_phone": _("Số điện thoại trực ban")}
    may_add = False

    def save_model(self, request: HttpRequest, obj: Ward, form: Any, change: bool) -> None:
        """Through the action."""
        set_desk_phone(obj.ward_id, actor(request), obj.desk_phone)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest | None, **kwargs: Any) -> Any:
        """No number is allowed."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "desk_phone":
            field.required = False
        return field


@admin.register(Area)
class AreaAdmin(OfficeAdmin):
    """Khu phố and ấp."""

    names = (_("khu phố"), _("khu phố"))
    list_display = ("name", "ward")
    search_fields = ("name",)
    ordering = ("ward_id", "name")
    fields = ("ward_id", "name")
    labels: dict[str, Text] = {"name": _("Tên")}
    may_change = False

    def save_model(self, request: HttpRequest, obj: Area, form: Any, change: bool) -> None:
        """Through the action."""
        made = create_area(obj.ward_id, actor(request), obj.name)
        obj.pk, obj._state.adding = made.pk, False


@admin.register(Place)
class PlaceAdmin(OfficeAdmin):
    """Places that carry a QR code."""

    names = (_("điểm QR"), _("điểm QR"))
    list_display = ("name", "code", "ward", "address", "active")
    list_filter = ("active",)
    search_fields = ("name", "code", "address")
    ordering = ("ward_id", "code")
    labels: dict[str, Text] = {
        "code": _("Mã (in trên QR)"), "name": _("Tên"), "address": _("Địa chỉ"), "lat": _("Vĩ độ"),
        "lon": _("Kinh độ"), "floor": _("Tầng"), "room": _("Phòng"), "active": _("Đang dùng"),
    }

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The printed code never changes."""
        return ("name", "address", "floor", "room", "active") if obj else (
            "ward_id", "code", "name", "address", "lat", "lon", "floor", "room")

    def save_model(self, request: HttpRequest, obj: Place, form: Any, change: bool) -> None:
        """Through the actions."""
        if change:
            change_place(obj, actor(request), {f: form.cleaned_data[f] for f in form.changed_data})
            return
        made = create_place(obj.ward_id, actor(request), PlaceDraft(obj.code, obj.name, obj.lat, obj.lon, obj.address,
                                                                    obj.floor, obj.room))
        obj.pk, obj._state.adding = made.pk, False
