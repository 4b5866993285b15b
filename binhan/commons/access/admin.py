"""Admin pages of accounts, grants and tokens, and what every office admin page shares: an administrator sees and
changes only the wards that they administer, and each change goes through an action that journals it."""
from __future__ import annotations

import copy
import functools
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeAlias

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError, models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from binhan.commons.access.actions import (
    NewStaff,
    change_staff,
    grant_role,
    hire_staff,
    may_change_staff,
    revoke_grant,
    revoke_token,
    set_staff_password,
)
from binhan.commons.access.models import ApiToken, Grant
from binhan.commons.access.queries import Rights, accounts_of_wards, tokens_of_wards
from binhan.commons.access.rules import OFFICE, ROLES
from binhan.commons.language import later, shown
from binhan.commons.people.models import Account
from binhan.kernel.errors import Problem
from binhan.kernel.words import Words

if TYPE_CHECKING:  # the two are generic for the type checker only
    _ModelAdmin = admin.ModelAdmin[Any]
    _StaffModelForm = forms.ModelForm[Account]
else:
    _ModelAdmin, _StaffModelForm = admin.ModelAdmin, forms.ModelForm


def administered(request: HttpRequest) -> tuple[int, ...]:
    """The wards in which the caller is an administrator."""
    rights: Rights | None = getattr(request, "rights", None)
    return () if rights is None else rights.administered


def actor(request: HttpRequest) -> str:
    """The journal's name of the caller."""
    return str(request.rights.actor)  # type: ignore[attr-defined]


def ward_choices(request: HttpRequest) -> list[tuple[int, str]]:
    """The administered wards, by code."""
    return [(w, f"{w:05d}") for w in administered(request)]


def _named_column(field: Any, name: Text) -> Any:
    def value(row: Any) -> Any:
        shown = getattr(row, f"get_{field.name}_display", None)
        return shown() if shown else getattr(row, field.name)

    truth = isinstance(field, models.BooleanField)
    return admin.display(value, description=name, ordering=field.name, boolean=truth or None)


def _named_filter(name: Text, *given: Any, **more: Any) -> admin.FieldListFilter:
    made = admin.FieldListFilter.create(*given, **more)
    made.title = name
    return made


if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise
    Text: TypeAlias = StrOrPromise  # a name that is written in the reader's language when it is shown
else:
    Text = str
COLUMNS: dict[str, Text] = {
    "full_name": _("Tên"), "code": _("Mã"), "desk_phone": _("Điện thoại trực"), "is_demo": _("Dữ liệu mẫu"),
    "served_from": _("Phục vụ từ"), "served_to": _("Phục vụ đến"), "name": _("Tên"), "address": _("Địa chỉ"),
    "active": _("Đang dùng"), "template": _("Loại tin"), "channel": _("Kênh"), "state": _("Trạng thái"),
    "created_at": _("Lúc tạo"), "sent_at": _("Lúc gửi"), "read_at": _("Lúc đọc"), "delivered_at": _("Lúc tới máy"),
    "error": _("Lỗi"), "account": _("Tài khoản"), "role": _("Vai trò"), "valid_from": _("Từ"), "valid_to": _("Đến"),
    "expires_at": _("Hết hạn"), "revoked_at": _("Thu hồi lúc"), "last_used_at": _("Dùng lần cuối"),
    "amount": _("Bao lâu"), "unit": _("Đơn vị"), "verified": _("Đã đối chiếu"), "source": _("Nguồn"),
    "seat": _("Vị trí trực"), "started_at": _("Bắt đầu"), "ended_at": _("Kết thúc"),
    "sound_checked_at": _("Thử chuông lúc"),
}


class OfficeAdmin(_ModelAdmin):
    """Only administrators, only their wards, nothing deleted; a refusal is a message, not an error page."""

    list_per_page = 50
    formfield_overrides = {models.TextField: {"widget": forms.TextInput(attrs={"class": "vTextField"})}}
    names: tuple[Text, Text] = ("", "")
    labels: dict[str, Text] = {}
    may_add = True
    may_change = True

    def __init__(self, model: type[models.Model], site: admin.AdminSite) -> None:
        if self.names[0]:
            model._meta.verbose_name, model._meta.verbose_name_plural = self.names
        self._columns: dict[str, Any] = {}
        super().__init__(model, site)

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """The columns, each under its name."""
        return [self._column(str(name)) for name in super().get_list_display(request)]

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        """The filters, named as the columns are."""
        return [(name, functools.partial(_named_filter, self._name_of(str(name)))) if self._name_of(str(name)) else name
                for name in super().get_list_filter(request)]

    def _name_of(self, column: str) -> Text:
        return {**COLUMNS, **self.labels}.get(column, "")

    def _column(self, name: str) -> Any:
        """The same object each time: Django finds a sortable column by it."""
        if hasattr(self, name) or not self._name_of(name):
            return name
        if name not in self._columns:
            self._columns[name] = _named_column(self.opts.get_field(name), self._name_of(name))
        return self._columns[name]

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Administrators."""
        return bool(administered(request))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Administrators."""
        return bool(administered(request))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Administrators, where adding is an office task at all."""
        return self.may_add and bool(administered(request))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Administrators, in a ward that they administer (national rows can be read only)."""
        wards = administered(request)
        return self.may_change and bool(wards) and (obj is None or getattr(obj, "ward_id", None) in wards)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: records are ended, not deleted."""
        return False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Rows of the administered wards; the database itself hides the rest."""
        return super().get_queryset(request).filter(ward_id__in=[*administered(request), 0])

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest | None, **kwargs: Any) -> Any:
        """The ward is chosen from the administered ones; labels are ours."""
        if db_field.name == "ward_id" and request is not None:
            return forms.TypedChoiceField(coerce=int, choices=ward_choices(request), label=_("Phường, xã"))
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[arg-type]
        if field is not None and db_field.name in self.labels:
            field.label = self.labels[db_field.name]
        return field

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, form_url: str = "",
                        extra_context: dict[str, Any] | None = None) -> Any:
        """The form; what an action refuses comes back as a sentence."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Problem as refused:
            return self._refuse(request, shown(Words(refused.vi, refused.en)))
        except IntegrityError:
            return self._refuse(request, _("Trùng với một dòng đã có. Không có gì thay đổi."))

    def _refuse(self, request: HttpRequest, sentence: Text) -> HttpResponse:
        self.message_user(request, sentence, messages.ERROR)
        return HttpResponseRedirect(request.get_full_path())

    @admin.display(description=_("Phường, xã"), ordering="ward_id")
    def ward(self, row: Any) -> str:
        """The ward's code, or that the row holds for all."""
        return f"{row.ward_id:05d}" if row.ward_id else gettext("cả nước")


class StaffForm(_StaffModelForm):
    """An account; at the start with its first role and a password to hand over."""

    password = forms.CharField(label=_("Mật khẩu mới"), required=False, min_length=10, widget=forms.PasswordInput(
        attrs={"autocomplete": "new-password"}), help_text=_("Để trống nếu không đổi. Ít nhất 10 ký tự."))

    class Meta:
        model = Account
        fields = ("login", "display_name", "email", "lang", "is_active")

    def clean_password(self) -> str:
        """The usual rules for passwords."""
        password: str = self.cleaned_data.get("password") or ""
        if password:
            validate_password(password, self.instance)
        return password


class NewStaffForm(StaffForm):
    """A new account belongs to a ward from the start: otherwise no administrator would see it."""

    ward_id = forms.TypedChoiceField(coerce=int, label=_("Phường, xã"))
    role = forms.ChoiceField(label=_("Vai trò"), choices=[(code, later(words)) for code, words in ROLES.items()])


@admin.register(Account)
class StaffAdmin(OfficeAdmin):
    """The people who sign in."""

    list_display = ("login", "display_name", "lang", "is_active", "last_login", "is_demo")
    list_filter = ("is_active", "is_demo")
    search_fields = ("login", "display_name")
    ordering = ("login",)
    form = StaffForm
    fields = ("login", "display_name", "email", "lang", "is_active", "password")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """The accounts that hold, or held, a role in my wards."""
        return accounts_of_wards(administered(request))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not an account that also serves wards which I do not administer."""
        wards = administered(request)
        return bool(wards) and (obj is None or may_change_staff(obj, wards))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The longer form for a new account."""
        if change:
            return super().get_form(request, obj, change, **kwargs)
        form = super().get_form(request, obj, change, **{**kwargs, "form": NewStaffForm})
        form.base_fields = copy.deepcopy(form.base_fields)  # the fields are every request's
        form.base_fields["ward_id"].choices = ward_choices(request)  # type: ignore[attr-defined]
        form.base_fields["password"].required = True
        return form

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Ward and role only at the start; later through grants."""
        return self.fields if obj else ("login", "display_name", "email", "lang", "ward_id", "role", "password")

    def save_model(self, request: HttpRequest, obj: Account, form: Any, change: bool) -> None:
        """Through the actions."""
        given, wards = form.cleaned_data, administered(request)
        if not change:
            made = hire_staff(given["ward_id"], given["role"], actor(request), NewStaff(
                given["login"], given["display_name"], given["password"], given["email"], given["lang"]))
            obj.pk, obj._state.adding = made.pk, False
            return
        change_staff(obj, wards, actor(request), {f: given[f] for f in form.changed_data if f != "password"})
        if given.get("password"):
            set_staff_password(obj, wards, actor(request), given["password"])


@admin.register(Grant)
class GrantAdmin(OfficeAdmin):
    """Who holds which role, where, until when. A grant is not changed: it is ended, and another is given."""

    list_display = ("account", "role", "ward", "valid_from", "valid_to")
    list_filter = ("role",)
    search_fields = ("account__login", "account__display_name")
    list_select_related = ("account",)
    ordering = ("-valid_from",)
    fields = ("account", "role", "ward_id", "valid_to")
    may_change = False
    actions = ("end_now",)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest | None, **kwargs: Any) -> Any:
        """Accounts of my wards."""
        if request is not None:
            kwargs["queryset"] = accounts_of_wards(administered(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[arg-type]

    def save_model(self, request: HttpRequest, obj: Grant, form: Any, change: bool) -> None:
        """Through the action."""
        made = grant_role(obj.ward_id, obj.account, obj.role, actor(request), obj.valid_to)
        obj.pk, obj._state.adding = made.pk, False

    @admin.action(description=_("Kết thúc quyền ngay"), permissions=["view"])
    def end_now(self, request: HttpRequest, rows: Iterable[Grant]) -> None:
        """End the chosen grants."""
        for row in rows:
            if row.role in OFFICE and row.account_id == request.user.pk:
                self.message_user(request, _("Không tự kết thúc quyền quản trị của chính mình."), messages.ERROR)
                continue
            revoke_grant(row.id, actor(request))
        self.message_user(request, _("Đã xong."))


@admin.register(ApiToken)
class TokenAdmin(OfficeAdmin):
    """The personal tokens of my staff: seen and ended here, made only by their owners."""

    names = (_("mã truy cập"), _("mã truy cập"))
    list_display = ("account", "name", "created_at", "expires_at", "revoked_at", "last_used_at")
    search_fields = ("account__login", "name")
    list_select_related = ("account",)
    fields = ("account", "name", "created_at", "expires_at", "revoked_at", "last_used_at")
    may_add = may_change = False
    actions = ("end_now",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Tokens of accounts that I may change."""
        return tokens_of_wards(administered(request))

    @admin.action(description=_("Thu hồi ngay"), permissions=["view"])
    def end_now(self, request: HttpRequest, rows: Iterable[ApiToken]) -> None:
        """End the chosen tokens at once."""
        wards = administered(request)
        for row in rows:
            if row.revoked_at is None and may_change_staff(row.account, wards):
                revoke_token(row.account, row.id, wards, actor(request))
        self.message_user(request, _("Đã thu hồi."))
