"""The hot path's way to PostgreSQL: a pool of connections that may only execute live_* functions, and shared
commits: a batch is whatever arrived while the previous commit was in flight.
"""
from __future__ import annotations

import asyncio
import json
import logging
import time
from collections import deque
from collections.abc import Callable
from typing import Any

import asyncpg

from binhan.kernel.errors import Problem

log = logging.getLogger(__name__)
AWAY = (OSError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError,
        asyncpg.AdminShutdownError, asyncpg.CrashShutdownError, asyncpg.TooManyConnectionsError, TimeoutError)
FULL = (asyncpg.DiskFullError, asyncpg.PostgresIOError, asyncpg.OutOfMemoryError)
PATIENCE_S = 10.0


def away() -> Problem:
    """503: the database cannot be reached now; nothing was stored."""
    return Problem(503, "not_stored", "Chưa lưu được tin báo. Hãy gọi 113, 114 hoặc 115 ngay; máy sẽ tự gửi lại.",
                   "Not stored yet. Call 113, 114 or 115 now; send again.", call=["113", "114", "115"])


def full() -> Problem:
    """507: the disk is full; nothing was stored."""
    return Problem(507, "disk_full", "Máy chủ hết chỗ lưu, tin báo chưa được lưu. Hãy gọi 113, 114 hoặc 115 ngay.",
                   "The server's disk is full; nothing was stored. Call 113, 114 or 115 now.",
                   call=["113", "114", "115"])


class Store:
    """Calls of live_* functions, retried while PostgreSQL restarts: every one of them is idempotent."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self.pool: asyncpg.Pool[Any] | None = None

    async def open(self) -> None:
        """Make the pool; connections are opened when first needed."""
        self.pool = await asyncpg.create_pool(
            self.dsn, min_size=0, max_size=8, command_timeout=20, max_inactive_connection_lifetime=600,
            server_settings={"application_name": "binhan-live"})

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


class SharedCommits:
    """Gathers rows for one function `f(jsonb) → jsonb array` and commits them together.

    `workers` batches may be in flight at once. A row that makes a batch fail is found by trying each row alone;
    its neighbours are stored, and only it is refused.
    """

    def __init__(self, store: Store, function: str, workers: int = 2, batch: int = 128, depth: int = 20_000,
                 settled: Callable[[list[dict[str, Any]]], None] | None = None, pause_s: float = 0.0) -> None:
        self.store, self.sql, self.batch, self.depth = store, f"SELECT {function}($1::jsonb)", batch, depth
        self.settled, self.pause_s, self.workers = settled, pause_s, workers
        self.waiting: deque[tuple[str, asyncio.Future[dict[str, Any]]]] = deque()
        self.bell = asyncio.Event()
        self.tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Start the writers."""
        self.tasks = [asyncio.create_task(self._write()) for _ in range(self.workers)]

    async def stop(self) -> None:
        """Stop them; rows not yet in flight are refused."""
        for task in self.tasks:
            task.cancel()
        while self.waiting:
            _, future = self.waiting.popleft()
            if not future.done():
                future.set_exception(away())

    def put(self, row: dict[str, Any]) -> asyncio.Future[dict[str, Any]]:
        """A future of the function's answer for this row, after the commit."""
        if len(self.waiting) >= self.depth:
            raise away()
        future: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self.waiting.append((json.dumps(row, ensure_ascii=False, separators=(",", ":")), future))
        self.bell.set()
        return future

    async def _write(self) -> None:
        while True:
            await self.bell.wait()
            if self.pause_s:
                await asyncio.sleep(self.pause_s)
            rows = [self.waiting.popleft() for _ in range(min(self.batch, len(self.waiting)))]
            if not self.waiting:
                self.bell.clear()
            if rows:
                await self._commit(rows)

    async def _commit(self, rows: list[tuple[str, asyncio.Future[dict[str, Any]]]]) -> None:
        try:
            answers = await self.store.call(self.sql, "[" + ",".join(text for text, _ in rows) + "]")
        except Problem as problem:
            self._refuse(rows, problem)
            return
        except asyncpg.PostgresError as error:
            if len(rows) == 1:
                log.error("row refused by the database: %s", error)
                self._refuse(rows, Problem(422, "not_storable", "Nội dung không lưu được. Hãy gọi 113 nếu khẩn cấp.",
                                           "This cannot be stored. In an emergency call 113."))
                return
            for row in rows:
                await self._commit([row])
            return
        except Exception:  # noqa: BLE001 - the writer must outlive whatever one batch did
            log.exception("batch failed")
            self._refuse(rows, away())
            return
        for (_, future), given in zip(rows, answers, strict=True):
            if not future.done():
                future.set_result(given)
        if self.settled is not None:
            self.settled(answers)

    @staticmethod
    def _refuse(rows: list[tuple[str, asyncio.Future[dict[str, Any]]]], problem: Problem) -> None:
        for _, future in rows:
            if not future.done():
                future.set_exception(problem)
