"""The dialect of the API (docs/adr/0017): the pieces that the answers of every context are made of.

An answer is a TypedDict that stands beside the query which makes it: mypy holds the query to it, the API's document and
the front end's types are generated from it. A list is `items`, what comes after it `next`, what the caller may do `verbs`,
a code with its name a `Coded`.
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Generic, TypeVar

from pydantic import Field, WithJsonSchema
from typing_extensions import TypedDict  # typing's own has no generics and says nothing to pydantic before Python 3.12

from binhan.commons.language import shown
from binhan.kernel.words import Words

T = TypeVar("T")
Id = Annotated[str, WithJsonSchema({"type": "string", "format": "uuid"})]  # already written out as text


class Bilingual(TypedDict):
    """A name or sentence in both languages, for a screen that can change over without asking again."""

    vi: str
    en: str


class Items(TypedDict, Generic[T]):
    """All of a list."""

    items: list[T]


class Page(TypedDict, Generic[T]):
    """A part of a list; `next` is the cursor of the part after it, null at the end. One that has more fields is written
    out: what inherits from Page[X] has forgotten the X."""

    items: list[T]
    next: str | None


class Results(TypedDict, Generic[T]):
    """What became of each row of a batch, in the order in which they were sent."""

    items: list[T]
    results: Annotated[list[T], Field(deprecated=True)]  # the same: until version 2 (docs/adr/0017)


class Coded(Bilingual):
    """A code and what people call it: `name` in the asked language, beside both."""

    code: str
    name: str


def results_of(rows: list[T]) -> Results[T]:
    """The answer to a batch, under both names."""
    return {"items": rows, "results": rows}


MoveRow = TypedDict("MoveRow", {"verb": str, "from": list[str], "to": str, "by": str, "needs": list[str]})


class ClockRow(TypedDict):
    """A clock of the table, written out."""

    state: str
    policy: str
    verb: str


class LifecycleTable(TypedDict):
    """A lifecycle written out. `names`: states, verbs and needs → code → what people call it, by language."""

    name: str
    start: str
    states: list[str]
    final: list[str]
    moves: list[MoveRow]
    clocks: list[ClockRow]
    names: dict[str, dict[str, dict[str, str]]]


def coded(code: str, words: Words) -> Coded:
    """One code with its names."""
    return {"code": code, "name": shown(words), "vi": words.vi, "en": words.en}


def coded_all(words: Mapping[str, Words]) -> list[Coded]:
    """A code list in its own order."""
    return [coded(code, named) for code, named in words.items()]


def name_in(words: Mapping[str, Words], code: str) -> str:
    """What people call a code, in the asked language; nothing for one that the list does not have."""
    return shown(words[code]) if code in words else ""


def names_of(words: Mapping[str, Words]) -> dict[str, str]:
    """The list in the asked language, for a page to choose from."""
    return {code: shown(named) for code, named in words.items()}


def in_vietnamese(words: Mapping[str, Words]) -> dict[str, str]:
    """The list as a phone carries it and as official papers spell it, whoever asks."""
    return {code: named.vi for code, named in words.items()}


def binary(kind: str, says: str) -> dict[str, Any]:
    """How an answer that is a file stands in the API's document (an operation's `openapi_extra`)."""
    body = {"schema": {"type": "string", "format": "binary"}}
    return {"responses": {200: {"description": says, "content": {kind: body}}}}
