"""Documents as phones keep them: what identifies one, and what has changed since."""
from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Document:
    """One of them: its name (kind/id), its digest, and the line that carries it."""

    name: str
    digest: str
    line: bytes


def told_at(at: datetime) -> str:
    """A time as documents spell it: always in UTC, so that the same time is the same text."""
    return at.astimezone(UTC).isoformat()


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return told_at(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not for a document")


def canonical(body: Mapping[str, Any]) -> str:
    """The one spelling of a body: keys in order, no spaces, letters as they are."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def digest(text: str) -> str:
    """What a phone keeps of a body, to say which version it has."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def document(kind: str, key: UUID | str, body: Mapping[str, Any]) -> Document:
    """A document, ready to be sent."""
    text = canonical(body)
    mark = digest(text)
    return Document(f"{kind}/{key}", mark, f'{{"kind":"{kind}","id":"{key}","digest":"{mark}","body":{text}}}\n'.encode())


def difference(documents: Iterable[Document], have: Mapping[str, str]) -> tuple[list[Document], list[str]]:
    """(what is new or changed, what the phone has and should no longer have)."""
    rows = list(documents)
    known = {d.name for d in rows}
    return [d for d in rows if have.get(d.name) != d.digest], sorted(name for name in have if name not in known)
