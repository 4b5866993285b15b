"""One thing to say about a form: where in the file, what, in Vietnamese and English."""
from __future__ import annotations

from dataclasses import dataclass

from typing_extensions import TypedDict


class FormNote(TypedDict):
    """A finding as the API shows it: where in the file, and what, in both languages."""

    sheet: str
    row: int
    code: str
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Finding:
    """`row` counts as the spreadsheet does, from 1; 0 is the sheet or the file as a whole."""

    sheet: str
    row: int
    code: str
    vi: str
    en: str

    def json(self) -> FormNote:
        """As the API and the command show it."""
        return {"sheet": self.sheet, "row": self.row, "code": self.code, "vi": self.vi, "en": self.en}

    def said(self) -> str:
        """One line for people."""
        where = f"trang {self.sheet}, dòng {self.row}: " if self.row else f"trang {self.sheet}: " if self.sheet else ""
        return where + self.vi


class Refused(Exception):
    """The file is not taken, and everything that is in the way."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__(f"{len(findings)} findings")
        self.findings = list(findings)


def whole(code: str, vi: str, en: str) -> Refused:
    """The file as a whole cannot be taken."""
    return Refused(Finding("", 0, code, vi, en))
