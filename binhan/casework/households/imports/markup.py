"""Markup as a stream of elements: read by a parser, never by a regular expression, in time that grows with its length."""
from __future__ import annotations

from collections.abc import Callable
from typing import IO
from xml.parsers import expat

from binhan.casework.households.imports.reasons import Unusable, unusable

CHUNK = 1 << 18
STUCK_MAX = 1 << 22  # bytes without one whole element: no office program writes such a tag
NO_MEMORY = expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]
Started = Callable[[str, dict[str, str]], None]


class BrokenMarkup(ValueError):
    """It is not well-formed."""


def plain(name: str) -> str:
    """The name without its prefix."""
    return name.rpartition(":")[2] if ":" in name else name


class Markup:
    """A part of a workbook on its way through the parser; `start` hears of every element by its full name."""

    def __init__(self, start: Started) -> None:
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = start
        self.parser.StartDoctypeDeclHandler = _refuse_declarations

    def listen(self, text: Callable[[str], None] | None) -> None:
        """Hear the text from here on, or no more."""
        self.parser.CharacterDataHandler = text

    def read(self, stream: IO[bytes]) -> None:
        """All of it, as it is unpacked; raises BrokenMarkup, or whatever a listener raises."""
        read = 0
        try:
            while chunk := stream.read(CHUNK):
                self.parser.Parse(chunk, False)
                read += len(chunk)
                if read - max(self.parser.CurrentByteIndex, 0) > STUCK_MAX:
                    raise BrokenMarkup("a tag without end")
            self.parser.Parse(b"", True)
        except expat.ExpatError as error:
            if error.code == NO_MEMORY:
                raise MemoryError from None
            raise BrokenMarkup(str(error)) from None


def _refuse_declarations(*_: object) -> None:
    raise unsafe()


def unsafe() -> Unusable:
    """The refusal of what declares types or entities: no office program does."""
    return unusable("unsafe_xml", "tệp có khai báo XML không an toàn", "unsafe XML declarations")
