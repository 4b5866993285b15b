"""The hot path's way to PostgreSQL: a pool of connections that may only execute live_* functions."""
from __future__ import annotations

import asyncio
import json
import logging
import time
from typing import Any

import asyncpg

from binhan.kernel.errors import Problem

log = logging.getLogger(__name__)
AWAY = (OSError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError,
        asyncpg.AdminShutdownError, asyncpg.CrashShutdownError, asyncpg.TooManyConnectionsError, TimeoutError,
        asyncpg.InternalClientError)  # what a connection says whose server was killed between two messages
FULL = (asyncpg.DiskFullError, asyncpg.PostgresIOError, asyncpg.OutOfMemoryError)
PATIENCE_S = 10.0
# A machine that has gone without a word is noticed in seconds; without effect where the server is on this one.
ALIVE = {"tcp_keepalives_idle": "5", "tcp_keepalives_interval": "2", "tcp_keepalives_count": "3"}


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


def little_room() -> Problem:
    """507: what room there is on the disk is kept for presses."""
    return Problem(507, "disk_low", "Máy chủ sắp hết chỗ lưu: chưa ghi vị trí, tin SOS vẫn được nhận.",
                   "The server's disk is nearly full: positions are not kept, SOS still is.")


async def _nothing_to_reset(_connection: object) -> None:
    """Single function calls leave no session state behind: asyncpg's own reset would cost each a round trip."""


class Store:
    """Calls of live_* functions, retried while PostgreSQL restarts: every one of them is idempotent."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self.pool: asyncpg.Pool[Any] | None = None

    async def open(self) -> None:
        """Make the pool; connections are opened when first needed."""
        self.pool = await asyncpg.create_pool(
            self.dsn, min_size=0, max_size=8, command_timeout=20, max_inactive_connection_lifetime=600,
            reset=_nothing_to_reset, server_settings={"application_name": "binhan-live", **ALIVE})

    async def close(self) -> None:
        """Close every connection."""
        if self.pool is not None:
            self.pool.terminate()

    async def call(self, sql: str, *args: Any, patience_s: float = PATIENCE_S, held: bool = False) -> Any:
        """The single value of `sql`, jsonb decoded; waits up to `patience_s` for a database that is away, or for a row that
        somebody else holds – with `held` this is told at once (LockNotAvailableError)."""
        until = time.monotonic() + patience_s
        while True:
            try:
                assert self.pool is not None
                value = await self.pool.fetchval(sql, *args)
                return json.loads(value) if isinstance(value, str) else value
            except FULL as error:
                log.error("disk full: %s", error)
                raise full() from None
            except (*AWAY, asyncpg.LockNotAvailableError) as error:
                if held and isinstance(error, asyncpg.LockNotAvailableError):
                    raise
                if time.monotonic() > until:
                    log.warning("database away: %r", error)
                    raise away() from None
                await asyncio.sleep(0.1)
