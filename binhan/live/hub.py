"""Who is listening, per ward: journal rows are fetched once and handed to every stream, in order, none twice.

A stream that reads too slowly has its queue dropped and gets one `resync`; it then fetches by seq again.
"""
from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterable
from typing import Any

import asyncpg

from binhan.live.http import sse
from binhan.live.listener import Row, Stream
from binhan.live.store import AWAY, Store

log = logging.getLogger(__name__)
PAGE = 500
STREAMS_PER_PRESS = 5  # of one process: a phone with two tabs, a reload or two; each costs a reading for every change


class Hub:
    """The wards' streams, the doorbell and the reader that feeds them."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.streams: dict[int, set[Stream]] = {}  # of a whole ward
        self.followed: dict[int, dict[str, set[Stream]]] = {}  # of one incident: residents who wait
        self.of_press: dict[str, list[Stream]] = {}  # of one press, the oldest first
        self.heads: dict[int, int] = {}
        self.rung: set[int] = set()
        self.bell = asyncio.Event()
        self.wards_changed = asyncio.Event()
        self.listening = False
        self.tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Start reading, listening, polling and showing positions."""
        self.tasks = [asyncio.create_task(job()) for job in (self._read, self._listen, self._poll, self._positions)]

    async def stop(self) -> None:
        """End every job and stream."""
        for task in self.tasks:
            task.cancel()

    def ring(self, wards: Iterable[int]) -> None:
        """These wards may have new rows."""
        watched = [w for w in wards if w in self.heads]
        if watched:
            self.rung.update(watched)
            self.bell.set()

    async def join(self, stream: Stream, after: int | None) -> int:
        """Attach a stream and have it read what it missed since `after` (None: from now); answers the head."""
        head = int(await self.store.call("SELECT live_head($1)", stream.ward_id, patience_s=3))
        self.heads.setdefault(stream.ward_id, head)
        stream.sent = head if after is None else min(after, head)
        if stream.incident_id is None:
            self.streams.setdefault(stream.ward_id, set()).add(stream)
        else:
            self.followed.setdefault(stream.ward_id, {}).setdefault(stream.incident_id, set()).add(stream)
        self.ring([stream.ward_id])
        return head

    def leave(self, stream: Stream) -> None:
        """Detach a stream."""
        ward = stream.ward_id
        if stream.incident_id is None:
            _discard(self.streams, ward, stream)
        elif ward in self.followed:
            _discard(self.followed[ward], stream.incident_id, stream)
            if not self.followed[ward]:
                del self.followed[ward]
        if ward not in self.streams and ward not in self.followed:
            self.heads.pop(ward, None)

    def admit(self, stream: Stream) -> None:
        """One more stream of a press. Where there are too many the oldest ends: it is the page that was left."""
        mates = self.of_press.setdefault(stream.press_id or "", [])
        mates.append(stream)
        while len(mates) > STREAMS_PER_PRESS:
            oldest = mates.pop(0)
            oldest.replaced = True
            oldest.wake()

    def dismiss(self, stream: Stream) -> None:
        """It has ended."""
        mates = self.of_press.get(stream.press_id or "", [])
        if stream in mates:
            mates.remove(stream)
        if not mates:
            self.of_press.pop(stream.press_id or "", None)

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
        if ward not in self.heads:
            return
        head = self.heads[ward]
        while rows := await self.since(ward, head):
            head = int(rows[-1]["seq"])
            if ward not in self.heads:
                return  # nobody listens any more
            self.heads[ward] = head
            self._hand_out(ward, [Row(row) for row in rows])
            if len(rows) < PAGE:
                return

    def _hand_out(self, ward: int, rows: list[Row]) -> None:
        for stream in self.streams.get(ward, ()):
            stream.offer(rows)
        followed = self.followed.get(ward)
        if followed:
            for row in rows:
                for stream in followed.get(row.incident_id, ()):
                    if row.of_press in (None, stream.press_id):
                        stream.offer([row])

    async def _listen(self) -> None:
        """The doorbell of other processes: LISTEN on a connection of its own, opened again when it drops."""
        while True:
            connection = None
            try:
                connection = await asyncpg.connect(self.store.dsn, timeout=5)
                await connection.add_listener("binhan_journal", self._on_bell)
                await connection.add_listener("binhan_wards", lambda *_: self.wards_changed.set())
                self.listening = True
                self.ring(list(self.heads))
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
            if not self.heads:
                continue
            with contextlib.suppress(Exception):
                heads = await self.store.call("SELECT live_heads($1)", list(self.heads), patience_s=0)
                self.ring(int(w) for w, seq in heads.items() if int(seq) > self.heads.get(int(w), 0))

    async def _positions(self) -> None:
        """Where the units are, once a second, to the desks that watch; never a journal row."""
        while True:
            await asyncio.sleep(1.0)
            for ward, mates in list(self.streams.items()):
                desks = [s for s in mates if s.account]
                if desks:
                    with contextlib.suppress(Exception):
                        self._show(desks, await self.store.call("SELECT live_units($1)", ward, patience_s=0))

    @staticmethod
    def _show(desks: list[Stream], units: list[dict[str, Any]]) -> None:
        """Positions to each desk that has not been shown these fixes yet."""
        mark, chunk = str([(u["unit_id"], u["at"]) for u in units]), b""
        for stream in desks:
            if stream.shown != mark:
                chunk = chunk or sse({"units": units}, "positions")
                stream.shown, stream.units = mark, chunk
                stream.wake()


def _discard(sets: dict[Any, set[Stream]], key: Any, stream: Stream) -> None:
    mates = sets.get(key, set())
    mates.discard(stream)
    if not mates:
        sets.pop(key, None)
