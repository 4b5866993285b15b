"""The composition root as a Django app: its templates, its SQL, its words."""
from __future__ import annotations

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The composition root."""

    name = "binhan.site"
