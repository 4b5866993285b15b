"""Everything that pages say in Vietnamese has its English half in a catalogue beside the context that says it."""
from __future__ import annotations

import importlib
import io
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.utils.translation import gettext, override
from django.utils.translation.template import templatize

from binhan.commons.context import contexts
from tests.laws.source import ROOT, SOURCES, dotted

KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "pgettext": ((1, "c"), 2), "ngettext": (1, 2)}
CONTEXT_FOLDERS = [ROOT.joinpath(*context.app.split(".")) for context in contexts()]
TEMPLATES = sorted({p for folder in [ROOT / "binhan", *CONTEXT_FOLDERS] for p in folder.rglob("templates/**/*.html")})
RULES = [path for path in SOURCES if "casework" in path.parts and ("rules" in path.parts or path.stem == "rules")]
CATALOGUES = sorted({p for folder in [ROOT / "binhan", *CONTEXT_FOLDERS] for p in folder.rglob("locale/en/**/*.po")})


def said(code: str) -> Iterator[str]:
    """What a piece of Python gives to gettext."""
    for _, _, message, _ in extract_python(io.BytesIO(code.encode()), list(KEYWORDS), [], {"encoding": "utf-8"}):
        yield from ([message] if isinstance(message, str) else filter(None, message or ()))


def untranslated(messages: Iterator[str]) -> list[str]:
    """Those that the English catalogues do not know; what is the same in both languages stands in a catalogue too."""
    return sorted({m for m in messages if m not in known()})


@cache
def known() -> frozenset[str]:
    """What the English catalogues say."""
    return frozenset(str(m.id if isinstance(m.id, str) else m.id[0])
                     for path in CATALOGUES for m in rows_of(path) if m.string)


@cache
def rows_of(path: Path) -> list[Message]:
    """The entries of a catalogue, without its head."""
    return [m for m in read_po(io.BytesIO(path.read_bytes())) if m.id]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_what_a_template_says_is_there_in_english(path: Path) -> None:
    if "allauth" in path.parts or "account" in path.parts:
        return  # allauth's own words are English; ours for them are in locale/vi
    code = templatize(path.read_text(encoding="utf-8"))
    assert untranslated(said("\n".join(line.strip() for line in code.splitlines()))) == []


def test_what_code_says_is_there_in_english() -> None:
    missing = {str(p.relative_to(ROOT)): untranslated(said(p.read_text(encoding="utf-8"))) for p in SOURCES}
    assert {path: words for path, words in missing.items() if words} == {}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_catalogue_is_whole_and_is_what_pages_show(path: Path) -> None:
    rows = rows_of(path)
    assert [m.id for m in rows if not m.string or m.fuzzy] == []
    with override("en"):
        plain = [m for m in rows if isinstance(m.id, str) and isinstance(m.string, str)]
        assert {m.id: gettext(m.id) for m in plain} == {m.id: m.string for m in plain}, "compiled from this very text"


@pytest.mark.parametrize("path", RULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_code_list_has_its_names_in_both_languages(path: Path) -> None:
    lists = {name: value.values() for name, value in vars(importlib.import_module(dotted(path))).items()
             if isinstance(value, dict) and not name.startswith("__")}
    assert [name for name, names in lists.items() if any(isinstance(n, str) and not n.isascii() for n in names)] == []


def test_no_two_catalogues_say_the_same_thing_differently() -> None:
    words: dict[str, set[str]] = {}
    for path in CATALOGUES:
        for m in rows_of(path):
            words.setdefault(str(m.id), set()).add(str(m.string))
    assert {k: v for k, v in words.items() if len(v) > 1} == {}


VIETNAMESE = re.compile(r"[ăâđêôơưáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ]", re.IGNORECASE)
TAGS = re.compile(r"\{#.*?#\}|\{% blocktrans.*?endblocktrans\w* %\}|\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->", re.DOTALL)
IN_BOTH = {"poster.html"}  # a sheet on a wall says everything in both languages, beside each other
NAMES = ("Bình An", "Tiếng Việt", "DỮ LIỆU MẪU – không phải tin báo thật")  # the last with its English beside it


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_template_says_nothing_that_cannot_be_translated(path: Path) -> None:
    text = TAGS.sub("", path.read_text(encoding="utf-8"))
    for name in NAMES:
        text = text.replace(name, "")
    assert path.name in IN_BOTH or [line.strip() for line in text.splitlines() if VIETNAMESE.search(line)] == []
