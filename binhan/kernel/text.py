"""Text as people type it: cleaned for storage, folded for search."""
from __future__ import annotations

import re
import unicodedata

# Bidirectional marks and invisible formatting could make a note read differently from what it says.
_FORBIDDEN = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069"
                        "\ufeff\ufff9-\ufffb]")


class TextRefused(ValueError):
    """The text cannot be kept as it is (too long, or not text)."""


def clean(text: str, max_len: int) -> str:
    """NFC, without control and bidi characters, trimmed; raises TextRefused when longer than max_len."""
    if any(0xD800 <= ord(ch) <= 0xDFFF for ch in text):
        raise TextRefused("broken characters")
    tidy = _FORBIDDEN.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))).strip()
    if len(tidy) > max_len:
        raise TextRefused(f"longer than {max_len} characters")
    return tidy


def fold(text: str) -> str:
    """A search key: lower case, no diacritics, đ as d, y as i, single spaces.

    hoà and hòa, Mỹ and Mĩ, Đắk and Dak all fold alike, whatever keyboard typed them.
    """
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    plain = "".join(ch for ch in plain if not unicodedata.combining(ch)).replace("y", "i")
    return " ".join(re.findall(r"[0-9a-z]+", plain))


def name_key(full_name: str) -> str:
    """Sort key of a Vietnamese name: by given name, then family and middle names."""
    parts = fold(full_name).split()
    return " ".join([*parts[-1:], *parts[:-1]])
