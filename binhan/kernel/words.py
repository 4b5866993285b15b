"""A name or sentence in both languages, side by side: whoever writes one half writes the other."""
from __future__ import annotations

from typing import NamedTuple


class Words(NamedTuple):
    """The same thing in Vietnamese and in English."""

    vi: str
    en: str

    def said(self, lang: str) -> str:
        """In that language; Vietnamese for any but English."""
        return self.en if lang == "en" else self.vi
