"""Shared commits: a batch is whatever arrived while the one before was in flight, and who comes back right after it."""
from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

import asyncpg

from binhan.kernel.errors import Problem
from binhan.live.held import Group, HeldBack
from binhan.live.store import Store, away, not_storable

log = logging.getLogger(__name__)
GATHER_S = 0.005  # the longest wait for those who will be back in a moment
STUCK_S = 0.05
MANY = 48  # below this a second batch only splits the first: two flushes for what one would carry


class Batching(NamedTuple):
    """How rows are gathered. `batch`: rows of one commit; `depth`: rows that may wait before one is turned away; `pause_s`:
    how long a writer waits for company, where it is not to judge that itself."""

    workers: int = 2
    batch: int = 128
    depth: int = 20_000
    pause_s: float = 0.0


class SharedCommits:
    """Gathers rows for one function `f(jsonb) → jsonb array` and commits them together.

    One batch is in flight at a time; with two `workers` a second one when many wait. A group of rows that makes a
    batch fail is found by trying each group alone; its neighbours are stored, and only it is refused. What somebody else
    holds up is found by `held`, a function of the groups' keys that names those whose ward is held: {key: ward}.
    """

    def __init__(self, store: Store, function: str, batching: Batching = Batching(),
                 settled: Callable[[list[dict[str, Any]]], None] | None = None, held: str = "") -> None:
        self.store, self.sql, self.settled = store, f"SELECT {function}($1::jsonb)", settled
        self.held_sql = held and f"SELECT {held}($1)"
        self.workers, self.batch, self.depth, self.pause_s = batching
        self.waiting: deque[Group] = deque()
        self.back = HeldBack(self._commit_held, self._give_up, self.batch)
        self.queued = 0  # rows in `waiting`
        self.flying: set[asyncio.Future[list[dict[str, Any]]]] = set()
        self.bell = asyncio.Event()
        self.enough = asyncio.Event()  # as many wait as are expected back
        self.many = asyncio.Event()  # a second batch may fly beside the first: many wait, or the first is stuck
        self.stuck: set[object] = set()  # batches that have been in flight for too long
        self.crowd = 0  # rows that were under way together when the last commit ended
        self.took_s = self.ended = 0.0  # the last commit: how long, and when it ended
        self.tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Start the writers."""
        self.tasks = [asyncio.create_task(self._write(bell)) for bell in (self.bell, self.many)[:self.workers]]

    async def stop(self) -> None:
        """Stop them; whoever still waits is told that it is not known to be stored."""
        for task in self.tasks:
            task.cancel()
        for future in [*(g.future for g in [*self.waiting, *self.back.stop()]), *self.flying]:
            if not future.done():
                future.set_exception(away())
        self.waiting.clear()

    async def put(self, row: dict[str, Any], key: str = "") -> dict[str, Any]:
        """The function's answer for this row, after the commit. `key`: see `held`."""
        return (await self.put_all([row], key))[0]

    def put_all(self, rows: list[dict[str, Any]], key: str = "") -> asyncio.Future[list[dict[str, Any]]]:
        """A future of the function's answers for these rows, after the commit: all of them stored, or none."""
        future: asyncio.Future[list[dict[str, Any]]] = asyncio.get_running_loop().create_future()
        if not rows:
            future.set_result([])
            return future
        if self.queued + self.back.rows + len(rows) > self.depth:
            raise away()
        text = ",".join([json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows])
        if not _is_text(text):
            raise not_storable()  # here, where it harms nobody else's rows
        group = Group(text, len(rows), future, key)
        if self.back.takes(group):
            return future
        self.waiting.append(group)
        self.queued += len(rows)
        self.bell.set()
        if self.queued >= self.crowd:
            self.enough.set()
        if self.queued >= MANY or self.stuck:
            self.many.set()
        return future

    def _take(self) -> list[Group]:
        """What waits now, up to `batch` rows (one group may be larger)."""
        groups: list[Group] = []
        size = 0
        while self.waiting and (not groups or size + self.waiting[0].size <= self.batch):
            groups.append(self.waiting.popleft())
            size += groups[-1].size
        self.queued -= size
        if not self.waiting:
            self.bell.clear()
        if self.queued < MANY and not (self.stuck and self.waiting):
            self.many.clear()
        return groups

    async def _write(self, bell: asyncio.Event) -> None:
        while True:
            await bell.wait()
            if self.pause_s:
                await asyncio.sleep(self.pause_s)
            else:
                await self._gather()
            groups = self._take()
            if groups:
                await self._fly(groups)

    async def _fly(self, groups: list[Group]) -> None:
        """Commit. A ward whose journal somebody else holds must not hold up the presses of all the others: once this
        takes long, whatever waits may go beside it."""
        futures = {g.future for g in groups}
        mark = object()
        late = asyncio.get_running_loop().call_later(STUCK_S, self._is_stuck, mark)
        self.flying |= futures
        try:
            await self._commit(groups)
        finally:
            self.flying -= futures
            late.cancel()
            self.stuck.discard(mark)

    def _is_stuck(self, mark: object) -> None:
        self.stuck.add(mark)
        if self.waiting:
            self.many.set()

    async def _gather(self) -> None:
        """Right after a commit those it answered press again within a moment: the first of them must not leave alone
        and make the others wait for one more flush. At most a quarter of that commit's time; nothing when idle."""
        left = min(self.took_s / 4, GATHER_S) - (time.monotonic() - self.ended)
        if left > 0 and self.queued < self.crowd:
            self.enough.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.enough.wait(), left)

    async def _commit(self, groups: list[Group]) -> None:
        try:
            await self._store(groups)
        except asyncpg.LockNotAvailableError:
            await self._part(groups)

    async def _commit_held(self, groups: list[Group]) -> bool:
        """As _commit, for a lane of its own: False while it is still held."""
        try:
            await self._store(groups)
        except asyncpg.LockNotAvailableError:
            return False
        return True

    @staticmethod
    def _give_up(groups: list[Group]) -> None:
        _refuse(groups, away())

    async def _part(self, groups: list[Group]) -> None:
        """Somebody holds what one of these needs: those whose ward is held wait by themselves, the others go on. Where it
        is not a journal that is held but some record, it is found by halves."""
        held = await self._held(sorted({g.key for g in groups}))
        for group in groups:
            if group.key in held:
                self.back.hold(str(held[group.key]), group)
        rest = [g for g in groups if g.key not in held]
        if len(groups) == len(rest) == 1:
            self.back.hold(rest[0].key, rest[0])
        elif len(groups) > len(rest):
            if rest:
                await self._commit(rest)
        else:
            await self._commit(rest[:len(rest) // 2])
            await self._commit(rest[len(rest) // 2:])

    async def _held(self, keys: list[str]) -> dict[str, int]:
        try:
            found: dict[str, int] = await self.store.call(self.held_sql, keys, patience_s=0) if self.held_sql else {}
        except (Problem, asyncpg.PostgresError):
            return {}
        return found

    async def _store(self, groups: list[Group]) -> None:
        """Commit them and answer; LockNotAvailableError when somebody else holds what they need, and nobody is answered."""
        began = time.monotonic()
        try:
            answers = await self.store.call(self.sql, "[" + ",".join([g.text for g in groups]) + "]", held=True)
        except Problem as problem:
            _refuse(groups, problem)
            return
        except asyncpg.LockNotAvailableError:
            raise
        except asyncpg.PostgresError as error:
            if len(groups) == 1:
                log.error("rows refused by the database: %s", error)
                _refuse(groups, not_storable())
                return
            for group in groups:
                await self._commit([group])
            return
        except Exception:  # noqa: BLE001 - the writer must outlive whatever one batch did
            log.exception("batch failed")
            _refuse(groups, away())
            return
        self._settle(groups, answers, began)

    def _settle(self, groups: list[Group], answers: list[dict[str, Any]], began: float) -> None:
        self.ended = time.monotonic()
        self.took_s, self.crowd = self.ended - began, min(len(answers) + self.queued, self.batch)
        at = 0
        for group in groups:
            if not group.future.done():
                group.future.set_result(answers[at:at + group.size])
            at += group.size
        if self.settled is not None:
            self.settled(answers)


def _is_text(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _refuse(groups: list[Group], problem: Problem) -> None:
    for group in groups:
        if not group.future.done():
            group.future.set_exception(problem)
