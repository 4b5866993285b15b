"""Puts our admin site in the place of Django's (apart from the site itself, which needs models to be loaded)."""
from __future__ import annotations

from django.apps import apps
from django.contrib.admin.apps import AdminConfig

from binhan.commons.context import contexts
from binhan.commons.language import later


class OfficeConfig(AdminConfig):
    """Django's admin with our site, its sections named as the contexts are."""

    default_site = "binhan.site.office.OfficeSite"

    def ready(self) -> None:
        """Name the sections, then find every admin.py."""
        names = {context.app: context.name for context in contexts()}
        for config in apps.get_app_configs():
            if config.name in names:
                config.verbose_name = later(names[config.name])
        super().ready()
