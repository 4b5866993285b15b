"""A client of the event streams: reads in a thread of its own, and waits for what a test expects."""
from __future__ import annotations

import contextlib
import http.client
import json
import threading
from collections.abc import Callable
from typing import Any

from tests.support.waiting import PATIENCE_S, wait_until


class Events:
    """One open stream. `seen` holds (event, id, data) in the order in which they came."""

    def __init__(self, port: int, path: str, headers: dict[str, str] | None = None) -> None:
        self.seen: list[tuple[str, str, Any]] = []
        self.ended = threading.Event()
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        self.connection.request("GET", path, headers=headers or {})
        self.response = self.connection.getresponse()
        self.status = self.response.status
        if self.status == 200:
            threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        event, ident, data = "message", "", ""
        with contextlib.suppress(OSError, http.client.HTTPException, ValueError, AttributeError):
            while line := self.response.readline():
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if name == "event":
                    event = value
                elif name == "id":
                    ident = value
                elif name == "data":
                    data = value
                elif not name and data:
                    self.seen.append((event, ident, json.loads(data)))
                    event, ident, data = "message", "", ""
        self.ended.set()

    def wait(self, wanted: Callable[[tuple[str, str, Any]], bool], patience_s: float = PATIENCE_S) -> Any:
        """The data of the first event that fits; fails when none comes in time."""
        def found() -> tuple[str, str, Any] | None:
            return next((one for one in list(self.seen) if wanted(one)), None)
        seen = lambda: f"no such event among {[(e, i) for e, i, _ in self.seen][-20:]}"
        return wait_until(found, seen, patience_s, 0.01)[2]

    def rows(self) -> list[int]:
        """The seq of every journal row received, in the order of arrival."""
        return [int(ident) for event, ident, _ in list(self.seen) if event == "message"]

    def close(self) -> None:
        """Hang up."""
        with contextlib.suppress(OSError):
            if self.connection.sock is not None:
                self.connection.sock.shutdown(2)
            self.connection.close()
