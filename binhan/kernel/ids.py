"""Identifiers: UUID version 7 (RFC 9562), sortable by the time they were made."""
from __future__ import annotations

import os
import time
from uuid import UUID


def new_id() -> UUID:
    """A fresh UUIDv7: 48 bits of Unix milliseconds, 74 random bits."""
    return id_at(time.time_ns() // 1_000_000)


def id_at(unix_ms: int) -> UUID:
    """A UUIDv7 whose time part is `unix_ms` milliseconds since 1970."""
    tail = int.from_bytes(os.urandom(10), "big")
    value = (unix_ms & (2**48 - 1)) << 80 | 0x7 << 76 | (tail >> 62 & 0xFFF) << 64 | 0b10 << 62 | tail & (2**62 - 1)
    return UUID(int=value)


def is_v7(value: UUID) -> bool:
    """True for a UUID of version 7 and the RFC variant."""
    return value.version == 7
