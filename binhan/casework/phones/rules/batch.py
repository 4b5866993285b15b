"""A batch from a phone: whether it is whole and in order, and each of its items as it was meant."""
from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from binhan.casework.phones.rules.codes import ITEMS_MAX
from binhan.casework.phones.rules.documents import canonical
from binhan.kernel.ids import is_v7

SKEW_FROM = timedelta(minutes=2)  # a phone's clock that is off by less is taken as it is


class Fault(NamedTuple):
    """Why a row cannot be taken: a code for programs, a sentence for people."""

    code: str
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class RowAnswer:
    """What became of one row: stored, same (known already), or refused with the reason; its state now, if it has one."""

    id: UUID
    status: str
    fault: Fault | None = None
    state: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a phone sends; `digest` stands for all that was sent."""

    n: int
    kind: str
    id: UUID
    at: datetime
    body: Mapping[str, Any]
    digest: bytes


def numbers(items: Sequence[Any], first: int, count: int) -> list[int] | None:
    """The items' numbers, if they follow each other from `first` on and are as many as was said; None if something is
    missing, twice or out of order."""
    given = [row.get("n") if isinstance(row, Mapping) else None for row in items]
    if not items or len(items) > ITEMS_MAX or first < 1 or count != len(items):
        return None
    wanted = list(range(first, first + len(items)))
    return wanted if given == wanted and all(type(n) is int for n in given) else None


def read_item(row: Mapping[str, Any]) -> Item | None:
    """The item, or None when its frame is not what it must be."""
    try:
        key, at = UUID(str(row["id"])), datetime.fromisoformat(str(row["at"]))
        kind, body = row["kind"], row["body"]
        if not is_v7(key) or at.tzinfo is None or not isinstance(kind, str) or not isinstance(body, dict):
            return None
        told = canonical({"kind": kind, "body": body})
    except (KeyError, ValueError):
        return None
    return Item(row["n"], kind, key, at, body, hashlib.sha256(told.encode("utf-8", "surrogatepass")).digest())


def skew_of(sent_at: datetime | None, at: datetime) -> timedelta:
    """How far the phone's clock is behind ours; nothing when it did not say, or when it hardly matters."""
    skew = at - sent_at if sent_at else timedelta()
    return skew if abs(skew) > SKEW_FROM else timedelta()
