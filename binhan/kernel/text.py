"""Text as people type it: cleaned for storage, folded for search.

Search without diacritics has its one home here: what is stored carries a key made by `fold` (or by address.search_fold,
which writes abbreviations out before), what is asked is folded in the same way, and SQL only compares keys.
"""
from __future__ import annotations

import re
import unicodedata

# Line and paragraph separators that are not "\n".
_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_KEPT = frozenset("\n\t")
# Cc control, Cf format (bidi marks, zero-width characters, soft hyphens, tags): each could make a note read
# differently from what it says, or hide text in it.
_DROPPED = frozenset({"Cc", "Cf"})
_BARRED = str.maketrans("đĐðÐ", "dDdD")


class TextRefused(ValueError):
    """The text cannot be kept as it is (too long, or not text)."""


def clean(text: str, max_len: int) -> str:
    """NFC, without control and bidi characters, trimmed; raises TextRefused when longer than max_len."""
    # Almost every text has nothing to be dropped; looking at each of its characters would be most of the work of an upload.
    plain = text.replace("\n", "").replace("\t", "").isprintable()
    tidy = unicodedata.normalize("NFC", (text if plain else _kept(text)).strip())
    if len(tidy) > max_len:
        raise TextRefused(f"longer than {max_len} characters")
    return tidy


def _kept(text: str) -> str:
    if any("\ud800" <= ch <= "\udfff" for ch in text):
        raise TextRefused("broken characters")
    return "".join(ch for ch in _BREAKS.sub("\n", text) if ch in _KEPT or unicodedata.category(ch) not in _DROPPED)


def without_marks(text: str) -> str:
    """The same letters without diacritics, đ as d (old keyboards have ð for đ)."""
    plain = unicodedata.normalize("NFKD", text).translate(_BARRED)
    return "".join(ch for ch in plain if not unicodedata.combining(ch))


def fold(text: str) -> str:
    """A search key: lower case, no diacritics, đ as d, y as i, single spaces.

    hoà and hòa, Mỹ and Mĩ, Đắk and Dak all fold alike, whatever keyboard typed them.
    """
    plain = without_marks(text.casefold()).replace("y", "i")
    return " ".join(re.findall(r"[0-9a-z]+", plain))


def natural(text: str) -> str:
    """Sort key of what has numbers in it: Khu phố 2 before Khu phố 10."""
    return re.sub(r"[0-9]+", lambda m: m[0].zfill(8), fold(text))


def name_key(full_name: str) -> str:
    """Sort key of a Vietnamese name: by given name, then family and middle names, then as it is written."""
    parts = fold(full_name).split()
    return " ".join([*parts[-1:], *parts[:-1], unicodedata.normalize("NFC", full_name)])
