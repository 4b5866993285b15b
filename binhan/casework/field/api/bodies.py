"""The bodies of the items that a phone sends, where they have no address of their own."""
from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from binhan.casework.listening.api import IssueVerbIn
from binhan.commons.access.api import Body


class IssueVerbItem(IssueVerbIn):
    """A move of something heard."""

    issue: UUID
    verb: str


class EditItem(Body):
    """A corrected field of a door: what the writer saw there, and what they wrote."""

    dwelling: UUID
    field: Literal["landmark", "kind", "access_note", "best_time", "occupants", "position"]
    base: Any = None
    value: Any = None


class AnswersItem(Body):
    """What was answered to a questionnaire at a visit."""

    visit: UUID
    form: UUID
    version: str = Field(max_length=200)
    xml: str


class FileItem(Body):
    """A file that was sent before, and what it belongs to."""

    subject_kind: Literal["visit", "issue"]
    subject: UUID
    kind: Literal["photo", "voice", "sketch"]
    size: int = Field(ge=1)
    sha256: str = Field(pattern=r"^[0-9a-fA-F]{64}$")


class SettleItem(Body):
    """Which value of a conflict stands."""

    conflict: UUID
    keep: Literal["a", "b", "both"]
