"""What each message says, and how long it is worth sending. No personal text: phones are shared and locked screens read."""
from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from string import Formatter
from typing import Any
from uuid import UUID

from binhan.kernel.words import Words


class Urgency(IntEnum):
    """What goes first where many wait."""

    CALL = 0  # offers to crews, first rungs: nobody has seen it yet
    ALARM = 1  # later rungs, what is overdue
    NOTICE = 2  # what may be read tomorrow
    TRIAL = 3  # tests of a device


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of message: title and body, the page it opens, seconds it stays worth sending, and how urgent it is.
    `{…}` in the body is filled with counts."""

    title: Words
    body: Words
    url: str
    ttl_s: int
    urgency: Urgency = Urgency.NOTICE

    @property
    def urgent(self) -> bool:
        """Whether it may wake somebody."""
        return self.urgency <= Urgency.ALARM

    def said(self, lang: str, params: Mapping[str, Any]) -> tuple[str, str]:
        """Title and body in that language, with what is counted."""
        title, body = self.title.said(lang), self.body.said(lang)
        return title, body.format(**params) if params else body

    def problems(self) -> Iterator[str]:
        """Everything wrong with it; nothing in a sound one."""
        if not all((*self.title, *self.body)):
            yield "is not there in both languages"
        if len({frozenset(field for _, field, _, _ in Formatter().parse(text) if field) for text in self.body}) > 1:
            yield "counts other things in Vietnamese than in English"
        if not self.url.startswith("/") or self.ttl_s <= 0:
            yield "opens no page of ours, or is never worth sending"


@dataclass(frozen=True, slots=True)
class Note:
    """What a message says – its template, with what is counted in it – and the record that it is about."""

    template: str
    subject_kind: str
    subject_id: UUID | None = None
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a channel says of one try: sent, or why not; `permanent` means that trying again is useless,
    `later_s` that nothing was tried, and is to be after so many seconds. Of the addresses of
    browsers: `gone` are those that the push service no longer knows, `silent` those that took nothing, `well` those that
    did."""

    sent: bool
    error: str = ""
    permanent: bool = False
    later_s: float = 0.0
    gone: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    well: tuple[str, ...] = ()


Job = Callable[[], Awaitable[Outcome]]  # one try


def settled(outcome: Outcome) -> Job:
    """What is known without trying."""
    async def known() -> Outcome:
        return outcome
    return known


ATTEMPTS = 6


def retry_after_s(attempts: int) -> int:
    """Seconds to wait before try number attempts+1: 1, 2, 4, 8, 16, 32."""
    return int(2 ** min(max(attempts - 1, 0), 5))
