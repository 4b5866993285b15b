"""What cannot be stored because somebody else holds its ward's journal – a session of the office that stands still – waits
here, ward by ward, and is tried again and again: the presses of all other wards go on meanwhile."""
from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

PATIENCE_S = 10.0  # a session that stands still is ended by the database long before
AGAIN_S = 0.05
AT_ONCE = 2  # of the pool's connections


@dataclass(slots=True, eq=False)
class Group:
    """Rows of one request, stored or refused together: their JSON, how many they are, who waits for them, and by what it is
    known where they belong: their ward, or their press."""

    text: str
    size: int
    future: asyncio.Future[list[dict[str, Any]]]
    key: str
    since: float = field(default_factory=time.monotonic)


class HeldBack:
    """Lanes of single wards. `commit` stores some groups, or says that they are still held; `give_up` refuses them."""

    def __init__(self, commit: Callable[[list[Group]], Awaitable[bool]], give_up: Callable[[list[Group]], None],
                 most: int) -> None:
        self.commit, self.give_up, self.most = commit, give_up, most
        self.rows = 0
        self.lanes: dict[str, deque[Group]] = {}
        self.lane_of: dict[str, str] = {}  # of what has been held back: key → lane
        self.tasks: set[asyncio.Task[None]] = set()
        self.places = asyncio.Semaphore(AT_ONCE)

    def takes(self, group: Group) -> bool:
        """Whether it belongs where others are waiting already; then it waits behind them."""
        lane = self.lanes.get(self.lane_of.get(group.key, group.key))
        if lane is None:
            return False
        lane.append(group)
        self.rows += group.size
        return True

    def hold(self, lane: str, group: Group) -> None:
        """Let it wait in that lane."""
        self.rows += group.size
        self.lane_of[group.key] = lane
        if lane in self.lanes:
            self.lanes[lane].append(group)
            return
        self.lanes[lane] = deque([group])
        task = asyncio.create_task(self._keep_trying(lane))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def stop(self) -> list[Group]:
        """Try no more; returns all that still wait."""
        for task in self.tasks:
            task.cancel()
        rest = [group for lane in self.lanes.values() for group in lane]
        self.lanes.clear()
        return rest

    async def _keep_trying(self, name: str) -> None:
        lane = self.lanes[name]
        while lane:
            await asyncio.sleep(AGAIN_S)
            first = [lane[n] for n in range(min(len(lane), self.most))]
            async with self.places:
                stored = await self.commit(first)
            if not stored:
                first = [g for g in first if time.monotonic() - g.since > PATIENCE_S]
                self.give_up(first)
            for group in first:
                lane.remove(group)
                self.rows -= group.size
        del self.lanes[name]
        self.lane_of = {key: to for key, to in self.lane_of.items() if to != name}
