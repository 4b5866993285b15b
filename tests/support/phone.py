"""A phone of the field app in bad weather. Its clock is wrong; the network goes before, during and after a request, brings
one twice, late, or out of order; the phone itself dies. What was typed on it stays in `typed`, for the end to ask about."""
from __future__ import annotations

import http.client
import json
import random
import socket
import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from binhan.kernel.ids import new_id
from tests.support.field_phone import FieldPhone, Item
from tests.support.waiting import wait_until

Told = tuple[int, Any]
NOTHING: Told = (0, None)
FATES = {"fine": 8, "no_network": 2, "half_sent": 2, "answer_lost": 3, "hung_up": 2, "twice": 2, "next_first": 1,
         "old_again": 2, "hole": 1}


@dataclass
class StormyPhone(FieldPhone):
    """One member's vault, on a phone whose clock is `clock` fast."""

    clock: timedelta = timedelta()
    rng: random.Random = field(default_factory=random.Random)
    typed: dict[str, Item] = field(default_factory=dict)
    truth: dict[str, datetime] = field(default_factory=dict)  # when it was really typed
    said: dict[str, dict[str, Any]] = field(default_factory=dict)  # the last answer to each
    past: list[bytes] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)

    def register(self) -> StormyPhone:
        """Sign in; while the office is away, try again."""
        def registered() -> bool:
            try:
                super(StormyPhone, self).register()
            except (OSError, http.client.HTTPException, AssertionError) as error:
                if isinstance(error, AssertionError) and "office_away" not in str(error):
                    raise
                return False
            return True
        wait_until(registered, "the office did not come back")
        return self

    def type(self, kind: str, body: dict[str, Any]) -> str:
        """Something is written down; its id."""
        row = {"kind": kind, "id": str(new_id()), "at": self.now().isoformat(), "body": body}
        self.typed[row["id"]], self.truth[row["id"]] = row, datetime.now(UTC)
        self.do(row)
        return str(row["id"])

    def now(self) -> datetime:
        """What this phone believes."""
        return datetime.now(UTC) + self.clock

    def batch(self, first: int, most: int = 100) -> dict[str, Any]:
        """As the honest phone, by its own clock."""
        return {**super().batch(first, most), "sent_at": self.now().isoformat()}

    def send_once(self, most: int = 100) -> bool:
        """One try of an upload, with whatever befalls it; False when no answer was read."""
        fate = self.rng.choices(list(FATES), list(FATES.values()))[0]
        body = self.batch(self.answered + 1, most)
        self.met[fate] += 1
        status, told = getattr(self, f"_{fate}")(body, json.dumps(body).encode())
        if status in (0, 502, 503):
            self.cuts += 1
            return False
        assert status == 200, (fate, told)
        self.results |= {row["n"]: row for row in told["results"]}
        self.said |= {row["id"]: row for row in told["results"]}
        self.answered = max(self.answered, told["results"][-1]["n"])
        return True

    def held(self) -> dict[str, dict[str, Any]]:
        """What was not taken as it was, with the reason."""
        return {key: row for key, row in self.said.items() if row["status"] not in ("stored", "same")}

    def power_cut(self, forgets: int) -> None:
        """Switched off and on: a new token under the same id, and the last answers never reached the disk."""
        self.answered = max(0, self.answered - forgets)
        self.register()

    def successor(self) -> StormyPhone:
        """Another device of the same member takes what was not answered, as from the recovery file."""
        return StormyPhone(self.stack, self.login, outbox=self.outbox[self.answered:], docs=dict(self.docs), rng=self.rng,
                           typed=self.typed, truth=self.truth, said=self.said, met=self.met).register()

    def _post(self, raw: bytes) -> Told:
        try:
            told = self.stack.call("POST", "/api/field/outbox", token=self.token, raw=raw, timeout=60)
        except (OSError, http.client.HTTPException):
            return NOTHING
        if told[0] == 200:
            self.past.append(raw)
        return told

    def _fine(self, _: dict[str, Any], raw: bytes) -> Told:
        return self._post(raw)

    def _no_network(self, _: dict[str, Any], __: bytes) -> Told:
        return NOTHING

    def _half_sent(self, _: dict[str, Any], raw: bytes) -> Told:
        return self._throw(raw, len(raw) // 2)

    def _hung_up(self, _: dict[str, Any], raw: bytes) -> Told:
        """All of it went out, and nobody waited: the next try may overtake it."""
        return self._throw(raw, len(raw))

    def _throw(self, raw: bytes, upto: int) -> Told:
        head = (f"POST /api/field/outbox HTTP/1.1\r\nHost: 127.0.0.1:{self.stack.port}\r\n"
                f"Authorization: Bearer {self.token}\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(raw)}\r\n\r\n").encode()
        try:
            with socket.create_connection(("127.0.0.1", self.stack.port), 10) as line:
                line.sendall(head + raw[:upto])
        except OSError:
            pass
        return NOTHING

    def _answer_lost(self, _: dict[str, Any], raw: bytes) -> Told:
        self._post(raw)
        return NOTHING

    def _twice(self, _: dict[str, Any], raw: bytes) -> Told:
        """The same request at the same moment: one of them does it, the other is told so."""
        told: list[Told] = []
        both = [threading.Thread(target=lambda: told.append(self._post(raw))) for _ in range(2)]
        for one in both:
            one.start()
        for one in both:
            one.join()
        answers = [t for t in told if t[0] == 200]
        for n in range(min((len(t[1]["results"]) for t in answers), default=0) if len(answers) == 2 else 0):
            pair = [t[1]["results"][n]["status"] for t in answers]
            assert pair.count("stored") <= 1, "done twice"
        return answers[0] if answers else NOTHING

    def _next_first(self, body: dict[str, Any], raw: bytes) -> Told:
        """The batch after this one arrives before it: refused as a gap, and nothing of it is written – unless this one
        had arrived after all and only its answer was lost."""
        later = self.batch(body["first"] + body["count"])
        status, told = self._post(json.dumps(later).encode()) if later["count"] else NOTHING
        mine = self._post(raw)
        if status == 200:
            assert mine[0] != 200 or all(row["status"] != "stored" for row in mine[1]["results"]), "taken before its turn"
        else:
            assert status in (0, 502, 503) or (status, told["code"]) == (409, "gap"), told
        return mine

    def _hole(self, body: dict[str, Any], raw: bytes) -> Told:
        """An item fell out on the way: refused whole."""
        if body["count"] > 2:
            status, told = self._post(json.dumps({**body, "items": body["items"][:1] + body["items"][2:]}).encode())
            assert status in (0, 502, 503) or (status, told["code"]) == (422, "damaged"), told
        return self._post(raw)

    def _old_again(self, _: dict[str, Any], raw: bytes) -> Told:
        """The network brings an upload of long ago once more: it changes nothing."""
        if self.past:
            status, told = self._post(self.rng.choice(self.past))
            assert status != 200 or all(row["status"] != "stored" for row in told["results"]), told
        return self._post(raw)
