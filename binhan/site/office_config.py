"""Puts our admin site in the place of Django's (apart from the site itself, which needs models to be loaded)."""
from __future__ import annotations

from django.apps import apps
from django.contrib.admin.apps import AdminConfig

SECTIONS = {"people": "Cán bộ", "access": "Quyền", "patrols": "Tuần tra", "incidents": "Bàn trực", "clocks": "Thời hạn",
            "places": "Địa bàn", "notify": "Thông báo"}


class OfficeConfig(AdminConfig):
    """Django's admin with our site, its sections named in Vietnamese."""

    default_site = "binhan.site.office.OfficeSite"

    def ready(self) -> None:
        """Name the sections, then find every admin.py."""
        for label, name in SECTIONS.items():
            apps.get_app_config(label).verbose_name = name
        super().ready()
