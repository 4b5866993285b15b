"""Imported before whatever needs Django: makes it ready, which loads every context."""
from __future__ import annotations

from binhan.site.setup import setup

setup()
