"""Ties the contexts together once Django's models are there, in every process."""
from __future__ import annotations

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The composition root."""

    name = "binhan.site"

    def ready(self) -> None:
        """Connect what follows from what."""
        from binhan.site.wiring import connect  # noqa: PLC0415 - needs models, which Django has only now
        connect()
