"""The composition root as a Django app: its templates, its SQL, its words – and everybody's translations made ready."""
from __future__ import annotations

from pathlib import Path

from django.apps import AppConfig, apps

from binhan.site.catalogues import compile_stale


class SiteConfig(AppConfig):
    """The composition root."""

    name = "binhan.site"

    def ready(self) -> None:
        """Compile translations that changed since they were compiled."""
        compile_stale(Path(config.path) for config in apps.get_app_configs() if (Path(config.path) / "locale").is_dir()
                      and "site-packages" not in config.path)
