"""Waiting inside one event loop: turns are given until something is so, and no time is let go by."""
from __future__ import annotations

import asyncio
from collections.abc import Callable

TURNS = 100_000


async def turn_until(seen: Callable[[], object]) -> None:
    """Let the other tasks run until it is so."""
    for _ in range(TURNS):
        if seen():
            return
        await asyncio.sleep(0)
    raise AssertionError("nothing leads there")


async def all_quiet(turns: int = 50) -> None:
    """Let the other tasks run until each of them waits for something: what could have happened by itself has happened."""
    for _ in range(turns):
        await asyncio.sleep(0)
