"""Puts our admin site in the place of Django's (apart from the site itself, which needs models to be loaded)."""
from __future__ import annotations

from django.contrib.admin.apps import AdminConfig


class OfficeConfig(AdminConfig):
    """Django's admin with our site."""

    default_site = "binhan.site.office.OfficeSite"
