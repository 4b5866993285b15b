"""What a noun brings to a team's phone – items that phones send, documents that they carry – and what it is given then."""
from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from typing_extensions import TypedDict

from binhan.casework.phones.models import Device, Receipt
from binhan.casework.phones.rules.batch import Item
from binhan.commons.access.queries import Rights
from binhan.commons.wire import Id
from binhan.kernel.errors import Problem

T = TypeVar("T")
Result = Mapping[str, Any]  # what one item is answered
Bodies = Sequence[Mapping[str, Any]]


@dataclass(slots=True)
class Sender:
    """Who sends an upload: rights, phone, how far its clock is behind, and what handlers have found out so far."""

    rights: Rights
    device: Device
    sent_at: datetime
    skew: timedelta
    waits: set[UUID] = field(default_factory=set)  # of this upload: what waits, so that what hangs on it waits too
    found: dict[str, Any] = field(default_factory=dict)

    @property
    def ward_id(self) -> int:
        """The phone's ward."""
        return self.device.ward_id

    @property
    def actor(self) -> str:
        """The journal's name of the sender."""
        return self.rights.actor

    def once(self, what: str, find: Callable[[], T]) -> T:
        """What `find` returns, asked once an upload."""
        if what not in self.found:
            self.found[what] = find()
        result: T = self.found[what]
        return result

    def at(self, item: Item) -> datetime:
        """When it was done, by our clock."""
        return item.at + self.skew

    def waits_for(self, key: UUID) -> bool:
        """True if an item with that id waits, of this upload or of an earlier one of the same member."""
        return key in self.waits or Receipt.objects.filter(
            device__account=self.device.account_id, item=key, status="wait").exists()


Handler = Callable[[Sender, Sequence[Item], Bodies], list[Result]]


def one_by_one(one: Callable[[Sender, Item, Mapping[str, Any]], Result]) -> Handler:
    """A handler that does its items one by one; the caller undoes and answers one that fails."""
    def handler(sender: Sender, items: Sequence[Item], bodies: Bodies) -> list[Result]:
        return [one(sender, item, body) for item, body in zip(items, bodies, strict=True)]
    return handler


def waiting(problem: Problem) -> Result:
    """An item that cannot be done yet, and why; the phone sends it again."""
    return {"status": "wait", "code": problem.code, "detail": problem.vi, "detail_en": problem.en}


def _always(_item: Item) -> bool:
    return True


def _nothing(_item: Item) -> Result:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneItem:
    """A kind of item that phones send. `handle` is given consecutive items of the kind and answers each.

    Kinds of one `group` are handed on together, those first that come first in the list of contexts: what hangs on another
    item comes after it.
    """

    kind: str
    handle: Handler
    group: str = ""
    # Whether an answer to it may be kept: one that would lead back to a person may not.
    keeps: Callable[[Item], bool] = _always
    # (ward, ids) → those of which no answer may be kept any more.
    unkept: Callable[[int, Collection[UUID]], set[UUID]] | None = None
    # Kinds whose answers must perhaps go when this one is done.
    may_forget: frozenset[str] = frozenset()
    # What an answer says besides, each time; none of it is stored.
    hints: Callable[[Item], Result] = _nothing
    # Of an answer "conflict": the card as it is now, None once it is settled.
    card: Callable[[UUID], Result | None] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """What no other context may bring."""
        return (self.kind,)


@dataclass(slots=True)
class Carried:
    """What one phone is to carry: whose it is, what was chosen, and what the documents' functions have found out so far."""

    rights: Rights
    device: Device
    chosen: Sequence[Any]
    at: datetime
    found: dict[str, Any] = field(default_factory=dict)

    @property
    def ward_id(self) -> int:
        """The phone's ward."""
        return self.device.ward_id

    def once(self, what: str, find: Callable[[], T]) -> T:
        """What `find` returns, asked once a sync."""
        if what not in self.found:
            self.found[what] = find()
        result: T = self.found[what]
        return result


@dataclass(frozen=True, slots=True)
class PhoneDocuments:
    """Documents of one kind: (id, body) of each. The number of queries must not grow with the documents."""

    kind: str
    bodies: Callable[[Carried], Iterable[tuple[UUID, Mapping[str, Any]]]]

    @property
    def names(self) -> tuple[str, ...]:
        """What no other context may bring."""
        return (self.kind,)


@dataclass(frozen=True, slots=True)
class PhoneFields:
    """Fields that a context above adds to the documents of a kind, by id."""

    kind: str
    adds: tuple[str, ...]
    fields: Callable[[Carried], Mapping[UUID, Mapping[str, Any]]]

    @property
    def names(self) -> tuple[str, ...]:
        """What no other context may bring."""
        return tuple(f"{self.kind}.{name}" for name in self.adds)


class TurfOffer(TypedDict):
    """A turf that a member may choose; `open`: its round has begun, before that a visit waits on the phone."""

    id: Id
    number: int
    round: Id
    round_name: str
    area: str
    team: str
    group: int
    priority: int
    doors: int
    done: int
    length_m: float
    minutes: float
    open: bool


@dataclass(frozen=True, slots=True)
class PhoneChoice:
    """What a member chooses to carry (turfs): which there are, and the rows that were chosen (404 for what is not
    theirs)."""

    offers: Callable[[Rights, int], list[TurfOffer]]
    pick: Callable[[Rights, int, Sequence[UUID]], Sequence[Any]]

    @property
    def names(self) -> tuple[str, ...]:
        """There is one."""
        return ("choice",)
