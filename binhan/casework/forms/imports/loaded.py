"""A questionnaire as it comes out of the process that converts it: taken or refused, with all that is to be said of it."""
from __future__ import annotations

from dataclasses import dataclass

from binhan.casework.forms.rules.finding import Finding

FILE_MAX = 900 * 1024  # bytes: an API body has 1 MB


@dataclass(frozen=True, slots=True)
class Loaded:
    """A form that may be stored. `notes` are said to who loads it, and change nothing."""

    form_id: str
    version: str
    title: str
    xml: str
    languages: list[str]
    questions: int
    notes: list[Finding]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One of the two: the form, or why there is none."""

    form: Loaded | None
    refused: list[Finding]
