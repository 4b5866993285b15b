"""The office's admin site: our sign-in page (with its second factor), our names, and no model of the framework's."""
from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class OfficeSite(AdminSite):
    """Django's admin for administrators of a ward."""

    site_header = _("Bình An – quản trị")
    site_title = "Bình An"
    index_title = _("Quản trị")
    site_url = "/office/"

    def has_permission(self, request: HttpRequest) -> bool:
        """Whoever is an administrator somewhere."""
        rights = getattr(request, "rights", None)
        return bool(request.user.is_active and rights is not None and rights.administered)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one way in: the admin's own form would pass by the second factor."""
        if request.user.is_authenticated:
            return render(request, "layout/error.html", {
                "title": gettext("Không có quyền quản trị"),
                "text": gettext("Chỉ quản trị hệ thống của phường mở được trang này.")}, status=403)
        back = request.GET.get("next") or "/office/admin/"
        return HttpResponseRedirect(f"{settings.LOGIN_URL}?{urlencode({'next': back})}")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """There is one page for it, which journals: the admin's own would not."""
        return HttpResponseRedirect("/account/password/change/")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Our own models only: the framework's pages (groups, authenticators) would write past the journal."""
        found = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        super().register([m for m in found if m.__module__.startswith("binhan.")], admin_class, **options)
