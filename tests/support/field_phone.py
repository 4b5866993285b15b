"""A phone of the field app against a running system: it numbers what it sends, resends what was not answered, and asks
again where a stream was cut."""
from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from binhan.kernel.ids import new_id
from tests.support.stack import Stack
from tests.support.waiting import wait_until

Item = dict[str, Any]


def _narrow(host: str, port: int) -> socket.socket:
    """A connection with small packets that takes in no more than a few kilobytes ahead of its reader, as over a slow
    network: the server still has most of a long answer when the phone has read its first lines."""
    narrow = socket.socket()
    narrow.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    narrow.settimeout(60)
    narrow.connect((host, port))
    return narrow


def item(kind: str, body: dict[str, Any]) -> Item:
    """Something that was done."""
    return {"kind": kind, "id": str(new_id()), "at": datetime.now(UTC).isoformat(), "body": body}


def visit(round_id: str, dwelling: str, outcome: str = "met") -> Item:
    """What happened at a door."""
    now = datetime.now(UTC).isoformat()
    return item("visit", {"round": round_id, "dwelling": dwelling, "outcome": outcome, "started_at": now, "ended_at": now})


@dataclass
class FieldPhone:
    """One member's vault."""

    stack: Stack
    login: str
    id: str = field(default_factory=lambda: str(new_id()))
    token: str = ""
    outbox: list[Item] = field(default_factory=list)  # all that was ever done, the n-th has number n
    answered: int = 0
    results: dict[int, dict[str, Any]] = field(default_factory=dict)
    docs: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    cuts: int = 0

    def register(self) -> FieldPhone:
        """Sign up with the member's own login; from then on with the phone's token."""
        status, told = self.stack.call("POST", "/api/field/devices", {"id": self.id, "name": "Máy thử", "schema": 1},
                                       self.stack.token(self.login), timeout=90)  # the first call wakes the office
        assert status == 201, told
        self.token = told["token"]
        return self

    def offers(self) -> list[dict[str, Any]]:
        """The turfs that it may carry."""
        status, told = self.stack.call("GET", "/api/field/turfs", token=self.token)
        assert status == 200, told
        return list(told["items"])

    def do(self, *items: Item) -> None:
        """Put into the outbox."""
        self.outbox += items

    def batch(self, first: int, most: int = 100) -> dict[str, Any]:
        """The items from number `first` on, as they are sent."""
        rows = [{**row, "n": first + n} for n, row in enumerate(self.outbox[first - 1:first - 1 + most])]
        return {"device": self.id, "schema": 1, "sent_at": datetime.now(UTC).isoformat(), "first": first,
                "count": len(rows), "items": rows}

    def send_once(self, most: int = 100) -> bool:
        """One upload of what is not answered yet; False when no answer came."""
        try:
            status, told = self.stack.call("POST", "/api/field/outbox", self.batch(self.answered + 1, most), self.token,
                                           timeout=60)
        except (OSError, http.client.HTTPException):
            status, told = 0, None
        if status in (0, 502, 503):
            self.cuts += 1
            return False
        assert status == 200, told
        self.results |= {row["n"]: row for row in told["results"]}
        self.answered = max(self.results)
        return True

    def send_all(self, most: Callable[[], int] | int = 100, patience_s: float = 120) -> None:
        """Upload until everything is answered, whatever happens on the way."""
        def through() -> bool:
            while self.answered < len(self.outbox) and self.send_once(most() if callable(most) else most):
                pass
            return self.answered >= len(self.outbox)
        wait_until(through, lambda: f"{self.answered} of {len(self.outbox)} answered", patience_s)

    def sync(self, turfs: list[str], at_line: tuple[int, Callable[[], None]] | None = None) -> bool:
        """Ask for the working set and keep every whole line; False when the stream was cut. `at_line`: something to do
        when so many lines have come; an OSError there is the network that goes."""
        have = {name: digest for name, (digest, _) in self.docs.items()}
        body = json.dumps({"device": self.id, "schema": 1, "turfs": turfs, "have": have})
        connection = http.client.HTTPConnection("127.0.0.1", self.stack.port, timeout=60)
        connection.sock = _narrow("127.0.0.1", self.stack.port)
        try:
            connection.request("POST", "/api/field/sync", body, {"Content-Type": "application/json",
                                                                 "Authorization": f"Bearer {self.token}"})
            answer = connection.getresponse()
            if answer.status in (502, 503):
                return False
            assert answer.status == 200, answer.read()
            return self._lines(answer, at_line)
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _lines(self, answer: http.client.HTTPResponse, at_line: tuple[int, Callable[[], None]] | None) -> bool:
        for number, raw in enumerate(iter(answer.readline, b"")):
            if not raw.endswith(b"\n"):
                return False
            if at_line is not None and number == at_line[0]:
                at_line[1]()
            line = json.loads(raw)
            if "kind" in line:
                self.docs[f"{line['kind']}/{line['id']}"] = (line["digest"], line["body"])
            if "end" in line:
                for name in line["end"]["gone"]:
                    del self.docs[name]
                return True
        return False

    def of(self, kind: str) -> dict[str, dict[str, Any]]:
        """The documents of a kind by id."""
        return {name.partition("/")[2]: body for name, (_, body) in self.docs.items() if name.startswith(f"{kind}/")}
