"""How a unit of the register is found by what people call it; which place codes and files are allowed."""
from __future__ import annotations

import re

from binhan.kernel.address import search_fold
from binhan.kernel.text import fold

PLACE_CODE = r"^[0-9A-Za-z][0-9A-Za-z._-]{1,39}$"  # it stands in a URL, and people read it out on the phone
FILE_MAX = 64 * 2**20  # bytes of an import: the full-detail boundaries of a city of 168 wards have 5 million
_ASIDE = re.compile(r"\([^()]*\)")
_BETWEEN = re.compile(r"[,;]|\bvà\b")
_UNCHANGED = "giữ nguyên"
# Folded: xã, phường, thị trấn, thị xã, đặc khu, thành phố, quận, huyện, tỉnh.
_TYPE = re.compile(r"^(?:tp|tt|tx|xa|phuong|thi tran|thi xa|dac khu|thanh pho|quan|huien|tinh) (?=.*[a-z])")


def name_of(text: str) -> str:
    """A unit's name folded, without the word for its type; "Phường 1" keeps it, for "1" alone names nothing."""
    return _TYPE.sub("", fold(text))


def former_names(merged_from: str) -> list[str]:
    """The names in a list of former units; remarks in brackets are left out."""
    plain = merged_from
    while plain != (plain := _ASIDE.sub(" ", plain)):
        pass
    parts = (part.strip() for part in _BETWEEN.split(plain))
    return [part for part in parts if part and part != _UNCHANGED]


def search_key(name: str, merged_from: str) -> str:
    """"|name|former name|…|", each as name_of gives it, none twice."""
    names = dict.fromkeys([name_of(name), *map(name_of, former_names(merged_from))])
    return f"|{'|'.join(n for n in names if n)}|"


def is_place_code(code: str) -> bool:
    """2 to 40 letters and digits without diacritics, and . _ - inside."""
    return re.fullmatch(PLACE_CODE, code) is not None


def is_unit_code(code: str) -> bool:
    """Five digits: a commune, ward or special zone. (Two are a province.)"""
    return len(code) == 5 and code.isascii() and code.isdigit()


_WAY_WORD = re.compile(r"^(?:duong|pho|hem|nha tro|khu nha tro|chung cu) (?=.)")


def way_name(text: str) -> str:
    """A way's name folded, without the word for its kind: "Đường Lê Lợi", "Đ. Lê Lợi" and "Lê Lợi" are one. A name that
    is only a number keeps it ("đường số 7", "hẻm 12")."""
    plain = search_fold(text)
    short = _WAY_WORD.sub("", plain)
    return plain if short.isdigit() or short.startswith("so ") else short


def way_key(name: str, aliases: str) -> str:
    """"|name|former name|…|" of a way, each folded, none twice."""
    names = dict.fromkeys(map(way_name, [name, *aliases.split(";")]))
    return f"|{'|'.join(n for n in names if n)}|"
