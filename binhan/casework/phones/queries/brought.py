"""What the contexts bring to phones, by kind."""
from __future__ import annotations

import functools

from binhan.casework.phones.phone import PhoneChoice, PhoneDocuments, PhoneFields, PhoneItem
from binhan.commons.context import contexts


@functools.cache
def items() -> dict[str, PhoneItem]:
    """Every kind of item that phones may send, in the order of the contexts."""
    return {p.kind: p for c in contexts() for p in c.phone if isinstance(p, PhoneItem)}


@functools.cache
def documents() -> tuple[PhoneDocuments, ...]:
    """Every kind of document that phones carry."""
    return tuple(p for c in contexts() for p in c.phone if isinstance(p, PhoneDocuments))


@functools.cache
def fields() -> tuple[PhoneFields, ...]:
    """What contexts add to documents of those below."""
    return tuple(p for c in contexts() for p in c.phone if isinstance(p, PhoneFields))


def choice() -> PhoneChoice:
    """What a member chooses from."""
    return next(p for c in contexts() for p in c.phone if isinstance(p, PhoneChoice))
