"""A phone for the tests: registers, syncs, and sends what was done at doors, as the app does."""
from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.test import Client
from django.utils import timezone

from binhan.casework.households.models import Dwelling
from binhan.casework.visits.models import Round
from binhan.kernel.ids import new_id
from tests.integration.casework.visits.ground import JSON, again, call

Item = dict[str, Any]


def item(kind: str, body: dict[str, Any], **fields: Any) -> Item:
    """Something a phone did."""
    return {"kind": kind, "id": str(new_id()), "at": str(timezone.now().isoformat()), "body": body, **fields}


def visit(row: Round, door: Dwelling, outcome: str = "met", **fields: Any) -> Item:
    """A visit as it lies in the outbox."""
    now = timezone.now().isoformat()
    return item("visit", {"round": str(row.id), "dwelling": str(door.id), "outcome": outcome, "started_at": now,
                          "ended_at": now, **fields})


def heard(at: Item, kind: str = "report", words: str = "Hẻm ngập khi mưa", **fields: Any) -> Item:
    """What was heard at that visit."""
    return item("issue", {"visit": at["id"], "kind": kind, **({"words": words} if words else {}), **fields})


def edit(door: Dwelling, name: str, base: Any, value: Any) -> Item:
    """A corrected field."""
    return item("edit", {"dwelling": str(door.id), "field": name, "base": base, "value": value})


@dataclass
class Phone:
    """One member's vault."""

    who: Client
    schema: int = 1
    id: str = field(default_factory=lambda: str(new_id()))
    sent: int = 0
    have: dict[str, str] = field(default_factory=dict)
    docs: dict[str, dict[str, Any]] = field(default_factory=dict)

    def register(self, **fields: Any) -> Any:
        """The answer to registering; from then on the phone speaks with its own token."""
        told = call(self.who, "post", "/field/devices", {"id": self.id, "name": "Máy thử", "schema": self.schema, **fields},
                    201)
        self.who = Client(headers={"Authorization": f"Bearer {told['token']}"})
        return told

    def sync(self, *turfs: UUID, status: int = 200) -> Any:
        """Ask for these turfs; what comes is kept, what is gone is dropped. The lines, or the refusal."""
        answer = self.who.post("/api/field/sync", {"device": self.id, "schema": self.schema, "have": self.have,
                                                   "turfs": [str(t) for t in turfs]}, JSON)
        again()
        assert answer.status_code == status, answer.content.decode()
        if status != 200:
            return answer.json()
        lines = [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]  # type: ignore[attr-defined]
        for line in lines[1:-1]:
            name = f"{line['kind']}/{line['id']}"
            self.have[name], self.docs[name] = line["digest"], line["body"]
        for name in lines[-1]["end"]["gone"]:
            del self.have[name], self.docs[name]
        return lines

    def of(self, kind: str) -> dict[str, dict[str, Any]]:
        """The documents of a kind by id."""
        return {name.partition("/")[2]: body for name, body in self.docs.items() if name.startswith(f"{kind}/")}

    def body(self, items: Sequence[Item], first: int | None = None, **fields: Any) -> dict[str, Any]:
        """An upload of these items, numbered from the next on."""
        begin = self.sent + 1 if first is None else first
        numbered = [{**row, "n": begin + n} for n, row in enumerate(items)]
        return {"device": self.id, "schema": self.schema, "sent_at": timezone.now().isoformat(), "first": begin,
                "count": len(items), "items": numbered, **fields}

    def send(self, *items: Item, status: int = 200, **fields: Any) -> Any:
        """Each item's answer, or the refusal of the whole."""
        told = call(self.who, "post", "/field/outbox", self.body(items, **fields), status)
        if status != 200:
            return told
        self.sent = told["received_to"]
        return told["results"]

    def said(self, *items: Item, **fields: Any) -> list[str]:
        """What became of each: its status, or the code of why not."""
        return [r["status"] if r["status"] in ("stored", "same", "conflict") else f"{r['status']}:{r['code']}"
                for r in self.send(*items, **fields)]
