"""Who is listening, per ward: journal rows are fetched once and handed to every stream, in order, none twice.

A stream that reads too slowly has its queue dropped and gets one `resync`; it then fetches by seq again.
"""
from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from binhan.live.store import AWAY, Store

log = logging.getLogger(__name__)
PAGE = 500
QUEUE_MAX = 2000


class Stream:
    """One open event stream of a ward."""

    def __init__(self, ward_id: int, account: str | None = None) -> None:
        self.id: UUID = uuid4()
        self.ward_id = ward_id
        self.account = account
        self.queue: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue(QUEUE_MAX)
        self.sent = 0  # the last seq put on the wire
        self.visible = True
        self.beats = False  # True once the page reports its visibility itself

    def offer(self, row: dict[str, Any]) -> None:
        """Queue a row; a full queue is emptied and marked, so that the reader resyncs."""
        try:
            self.queue.put_nowait(row)
        except asyncio.QueueFull:
            while not self.queue.empty():
                self.queue.get_nowait()
            self.queue.put_nowait(None)


class Hub:
    """The wards' streams, the doorbell and the reader that feeds them."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.streams: dict[int, set[Stream]] = {}
        self.heads: dict[int, int] = {}
        self.rung: set[int] = set()
        self.bell = asyncio.Event()
        self.wards_changed = asyncio.Event()
        self.listening = False
        self.tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Start reading, listening, polling and keeping presence."""
        self.tasks = [asyncio.create_task(job()) for job in (self._read, self._listen, self._poll, self._presence,
                                                             self._positions)]

    async def stop(self) -> None:
        """End every job and stream."""
        for task in self.tasks:
            task.cancel()

    def ring(self, wards: Iterable[int]) -> None:
        """These wards may have new rows."""
        watched = [w for w in wards if w in self.streams]
        if watched:
            self.rung.update(watched)
            self.bell.set()

    async def join(self, stream: Stream, after: int | None) -> int:
        """Attach a stream and queue what it missed since `after` (None: from now); answers the head."""
        head = int(await self.store.call("SELECT live_head($1)", stream.ward_id, patience_s=3))
        self.heads.setdefault(stream.ward_id, head)
        stream.sent = head if after is None else min(after, head)
        self.streams.setdefault(stream.ward_id, set()).add(stream)
        self.ring([stream.ward_id])
        return head

    def leave(self, stream: Stream) -> None:
        """Detach a stream."""
        mates = self.streams.get(stream.ward_id, set())
        mates.discard(stream)
        if not mates:
            self.streams.pop(stream.ward_id, None)
            self.heads.pop(stream.ward_id, None)

    async def since(self, ward_id: int, after: int) -> list[dict[str, Any]]:
        """One page of a ward's journal after a seq."""
        rows: list[dict[str, Any]] = await self.store.call("SELECT live_journal($1, $2, $3)", ward_id, after, PAGE,
                                                           patience_s=3)
        return rows

    async def _read(self) -> None:
        while True:
            await self.bell.wait()
            self.bell.clear()
            wards, self.rung = self.rung, set()
            for ward in wards:
                try:
                    await self._feed(ward)
                except Exception:  # noqa: BLE001 - a failed read is repeated by the next poll
                    log.warning("reading ward %s failed", ward, exc_info=True)

    async def _feed(self, ward: int) -> None:
        head = self.heads.get(ward, 0)
        while rows := await self.since(ward, head):
            head = int(rows[-1]["seq"])
            if ward in self.streams:
                self.heads[ward] = head
            for stream in self.streams.get(ward, ()):
                for row in rows:
                    stream.offer(row)
            if len(rows) < PAGE:
                return

    async def _listen(self) -> None:
        """The doorbell of other processes: LISTEN on a connection of its own, opened again when it drops."""
        while True:
            connection = None
            try:
                connection = await asyncpg.connect(self.store.dsn, timeout=5)
                await connection.add_listener("binhan_journal", self._on_bell)
                await connection.add_listener("binhan_wards", lambda *_: self.wards_changed.set())
                self.listening = True
                self.ring(list(self.streams))
                self.wards_changed.set()
                while not connection.is_closed():
                    await asyncio.sleep(1.0)
                    await connection.execute("SELECT 1", timeout=5)
            except AWAY as error:
                log.info("listener away: %r", error)
            finally:
                self.listening = False
                if connection is not None:
                    connection.terminate()
            await asyncio.sleep(0.3)

    def _on_bell(self, _connection: Any, _pid: int, _channel: str, payload: object) -> None:
        if isinstance(payload, str) and payload.isdigit():
            self.ring([int(payload)])

    async def _poll(self) -> None:
        """A bell that got lost costs a second at most."""
        while True:
            await asyncio.sleep(1.0)
            if not self.streams:
                continue
            with contextlib.suppress(Exception):
                heads = await self.store.call("SELECT live_heads($1)", list(self.streams), patience_s=0)
                self.ring(int(w) for w, seq in heads.items() if int(seq) > self.heads.get(int(w), 0))

    async def _presence(self) -> None:
        """Tell the database which desks are watching: the ladder's first rung depends on it."""
        while True:
            await asyncio.sleep(3.0)
            for stream in [s for mates in self.streams.values() for s in mates if s.account]:
                with contextlib.suppress(Exception):
                    await self.beat(stream)

    async def beat(self, stream: Stream) -> None:
        """One sign of life of a desk's stream."""
        await self.store.call("SELECT live_presence_beat($1, $2, $3, $4)", stream.id, stream.ward_id,
                              UUID(stream.account or ""), stream.visible, patience_s=0)

    async def _positions(self) -> None:
        """Where the units are, once a second, to the desks that watch; never a journal row."""
        last: dict[int, str] = {}
        while True:
            await asyncio.sleep(1.0)
            for ward in [w for w, mates in self.streams.items() if any(s.account for s in mates)]:
                with contextlib.suppress(Exception):
                    units = await self.store.call("SELECT live_units($1)", ward, patience_s=0)
                    mark = str([(u["unit_id"], u["at"]) for u in units])
                    if last.get(ward) != mark:
                        last[ward] = mark
                        for stream in self.streams.get(ward, ()):
                            if stream.account and stream.queue.qsize() < QUEUE_MAX // 2:
                                stream.offer({"positions": units})
