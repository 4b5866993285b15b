"""The hot path's way to PostgreSQL: a pool of connections that may only execute live_* functions, and shared
commits: a batch is whatever arrived while the previous commit was in flight, and who comes back right after it.
"""
from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import asyncpg

from binhan.kernel.errors import Problem

log = logging.getLogger(__name__)
AWAY = (OSError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError,
        asyncpg.AdminShutdownError, asyncpg.CrashShutdownError, asyncpg.TooManyConnectionsError, TimeoutError,
        asyncpg.InternalClientError)  # what a connection says whose server was killed between two messages
FULL = (asyncpg.DiskFullError, asyncpg.PostgresIOError, asyncpg.OutOfMemoryError)
PATIENCE_S = 10.0
GATHER_S = 0.005  # the longest wait for those who will be back in a moment
STUCK_S = 0.05
MANY = 48  # below this a second batch only splits the first: two flushes for what one would carry


def away() -> Problem:
    """503: the database cannot be reached now; nothing was stored."""
    return Problem(503, "not_stored", "Chưa lưu được tin báo. Hãy gọi 113, 114 hoặc 115 ngay; máy sẽ tự gửi lại.",
                   "Not stored yet. Call 113, 114 or 115 now; send again.", call=["113", "114", "115"])


def not_storable() -> Problem:
    """422: the database refuses exactly this."""
    return Problem(422, "not_storable", "Nội dung không lưu được. Hãy gọi 113 nếu khẩn cấp.",
                   "This cannot be stored. In an emergency call 113.")


def full() -> Problem:
    """507: the disk is full; nothing was stored."""
    return Problem(507, "disk_full", "Máy chủ hết chỗ lưu, tin báo chưa được lưu. Hãy gọi 113, 114 hoặc 115 ngay.",
                   "The server's disk is full; nothing was stored. Call 113, 114 or 115 now.",
                   call=["113", "114", "115"])


async def _nothing_to_reset(_connection: object) -> None:
    """Single function calls leave no session state behind: asyncpg's own reset would cost each a round trip."""


@dataclass(slots=True)
class Group:
    """Rows of one request, stored or refused together: their JSON, how many they are, and who waits for them."""

    text: str
    size: int
    future: asyncio.Future[list[dict[str, Any]]]


class Store:
    """Calls of live_* functions, retried while PostgreSQL restarts: every one of them is idempotent."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self.pool: asyncpg.Pool[Any] | None = None

    async def open(self) -> None:
        """Make the pool; connections are opened when first needed."""
        self.pool = await asyncpg.create_pool(
            self.dsn, min_size=0, max_size=8, command_timeout=20, max_inactive_connection_lifetime=600,
            reset=_nothing_to_reset, server_settings={"application_name": "binhan-live"})

    async def close(self) -> None:
        """Close every connection."""
        if self.pool is not None:
            self.pool.terminate()

    async def call(self, sql: str, *args: Any, patience_s: float = PATIENCE_S) -> Any:
        """The single value of `sql`, jsonb decoded; waits up to `patience_s` for a database that is away."""
        until = time.monotonic() + patience_s
        while True:
            try:
                assert self.pool is not None
                value = await self.pool.fetchval(sql, *args)
                return json.loads(value) if isinstance(value, str) else value
            except FULL as error:
                log.error("disk full: %s", error)
                raise full() from None
            except AWAY as error:
                if time.monotonic() > until:
                    log.warning("database away: %r", error)
                    raise away() from None
                await asyncio.sleep(0.1)


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
    batch fail is found by trying each group alone; its neighbours are stored, and only it is refused.
    """

    def __init__(self, store: Store, function: str, batching: Batching = Batching(),
                 settled: Callable[[list[dict[str, Any]]], None] | None = None) -> None:
        self.store, self.sql, self.settled = store, f"SELECT {function}($1::jsonb)", settled
        self.workers, self.batch, self.depth, self.pause_s = batching
        self.waiting: deque[Group] = deque()
        self.held = 0  # rows in `waiting`
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
        for future in [*(g.future for g in self.waiting), *self.flying]:
            if not future.done():
                future.set_exception(away())
        self.waiting.clear()

    async def put(self, row: dict[str, Any]) -> dict[str, Any]:
        """The function's answer for this row, after the commit."""
        return (await self.put_all([row]))[0]

    def put_all(self, rows: list[dict[str, Any]]) -> asyncio.Future[list[dict[str, Any]]]:
        """A future of the function's answers for these rows, after the commit: all of them stored, or none."""
        future: asyncio.Future[list[dict[str, Any]]] = asyncio.get_running_loop().create_future()
        if not rows:
            future.set_result([])
            return future
        if self.held + len(rows) > self.depth:
            raise away()
        text = ",".join([json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows])
        if not _is_text(text):
            raise not_storable()  # here, where it harms nobody else's rows
        self.waiting.append(Group(text, len(rows), future))
        self.held += len(rows)
        self.bell.set()
        if self.held >= self.crowd:
            self.enough.set()
        if self.held >= MANY or self.stuck:
            self.many.set()
        return future

    def _take(self) -> list[Group]:
        """What waits now, up to `batch` rows (one group may be larger)."""
        groups: list[Group] = []
        size = 0
        while self.waiting and (not groups or size + self.waiting[0].size <= self.batch):
            groups.append(self.waiting.popleft())
            size += groups[-1].size
        self.held -= size
        if not self.waiting:
            self.bell.clear()
        if self.held < MANY and not (self.stuck and self.waiting):
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
        if left > 0 and self.held < self.crowd:
            self.enough.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.enough.wait(), left)

    async def _commit(self, groups: list[Group]) -> None:
        began = time.monotonic()
        try:
            answers = await self.store.call(self.sql, "[" + ",".join([g.text for g in groups]) + "]")
        except Problem as problem:
            _refuse(groups, problem)
            return
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
        self.took_s, self.crowd = self.ended - began, min(len(answers) + self.held, self.batch)
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
