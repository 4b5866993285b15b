"""A file that is being read: by a process of its own, watched by a thread that outlives the request, told of in the
upload's row – so any office process can show how far it is, and ends it by taking the row away."""
from __future__ import annotations

import logging
import threading
import time
from uuid import UUID

from django.db import DatabaseError, connection

from binhan.casework.households.actions.uploads import keep_refusal, keep_table, note_reading
from binhan.casework.households.imports.apart import ENDED, read_packed
from binhan.casework.households.imports.reasons import Unusable

AT_ONCE = 2  # files that this process has read at the same time; others wait their turn
NOTE_EVERY_S = 1.0
UNWANTED_AFTER_S = 60.0  # when the request that sent it has come to nothing
TRIES, PAUSE_S = 5, 2.0  # when the database is away
_turns = threading.BoundedSemaphore(AT_ONCE)
log = logging.getLogger(__name__)


class Reading:
    """One file on its way. Whoever started it waits a moment for the result, or hands it over to a row."""

    def __init__(self, body: bytes, sheet: str | None) -> None:
        self.body, self.sheet = body, sheet
        self.outcome: bytes | Unusable | None = None
        self.row: tuple[int, UUID] | None = None
        self.done, self.settled = threading.Event(), threading.Event()
        self.unwanted_at = time.monotonic() + UNWANTED_AFTER_S
        self.note_at = 0.0

    def start(self) -> Reading:
        """Begin."""
        threading.Thread(target=self._read, daemon=True, name="reading").start()
        return self

    def result(self, within_s: float) -> bytes | None:
        """The packed table, None while it is not there; raises Unusable."""
        if not self.done.wait(within_s):
            return None
        self.settled.set()
        if isinstance(self.outcome, bytes):
            return self.outcome
        assert self.outcome is not None
        raise self.outcome

    def hand_over(self, ward_id: int, key: UUID) -> None:
        """From now on the row is told: how far it is, then what came of it."""
        self.row = (ward_id, key)
        self.settled.set()

    def _read(self) -> None:
        try:
            self.outcome = self._in_turn()
        except Unusable as refusal:
            self.outcome = refusal
        finally:
            self.body = b""
            self.done.set()
        if self.settled.wait(UNWANTED_AFTER_S) and self.row is not None:
            self._keep(*self.row)
        connection.close()

    def _in_turn(self) -> bytes:
        while not _turns.acquire(timeout=NOTE_EVERY_S):
            if not self._go_on(0):
                raise Unusable(ENDED["stopped"])
        try:
            return read_packed(self.body, self.sheet, self._go_on)
        finally:
            _turns.release()

    def _go_on(self, rows: int) -> bool:
        now = time.monotonic()
        if not self.settled.is_set():
            return now < self.unwanted_at
        if self.row is None or now < self.note_at:
            return True
        self.note_at = now + NOTE_EVERY_S
        try:
            return note_reading(*self.row, rows)
        except DatabaseError:
            connection.close()  # a new one next time: the database may only have started again
            return True

    def _keep(self, ward_id: int, key: UUID) -> None:
        for _ in range(TRIES):
            try:
                if isinstance(self.outcome, bytes):
                    keep_table(ward_id, key, self.outcome)
                elif self.outcome is not None:
                    keep_refusal(ward_id, key, [(r.code, r.vi, r.en) for r in self.outcome.reasons])
                return
            except DatabaseError:
                connection.close()
                time.sleep(PAUSE_S)
        log.warning("what was read could not be kept: the database is away")  # the page says to choose the file again
