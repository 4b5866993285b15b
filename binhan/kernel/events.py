"""What happens in one context and means something in another: the lower one names the event and the shape of what follows,
the upper one says in its description what it does then, in the same transaction."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Event(Generic[F]):
    """Something that happened; `F` is how whoever reacts to it is called."""

    name: str


@dataclass(frozen=True, slots=True)
class Reaction(Generic[F]):
    """`do` is called each time `event` happens."""

    event: Event[F]
    do: F
