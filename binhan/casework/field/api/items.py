"""The items of one batch: which are known, which must wait, and handing the others to their actions in order."""
from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DataError, IntegrityError, InterfaceError, OperationalError, transaction

from binhan.casework.field.actions.outbox import Kept
from binhan.casework.field.api.kinds import HANDLERS, TOGETHER, Result, Sender, hints
from binhan.casework.field.lifecycle import OPEN
from binhan.casework.field.models import Conflict, Device, Receipt
from binhan.casework.field.queries.conflicts import card
from binhan.casework.field.queries.receipts import FINAL, receipts_of, routed_already
from binhan.casework.field.rules.batch import Item, read_item
from binhan.casework.field.rules.codes import SCHEMA
from binhan.casework.field.rules.lift import lift
from binhan.casework.listening.rules import ROUTED
from binhan.commons.access.queries import Rights
from binhan.commons.journal.actions import JournalRow
from binhan.kernel.errors import Problem

log = logging.getLogger(__name__)
REUSED = Problem(409, "id_reused", "Mã này đã dùng cho nội dung khác. Không ghi gì; bản trong máy vẫn còn.",
                 "This id was already used with other contents. Nothing was written.")
NUMBER_USED = Problem(409, "number_used", "Số thứ tự này đã dùng cho mục khác. Máy sẽ gửi lại với số mới.",
                      "This number was already answered for another item. Send it with a new number.")
OLDER = Problem(409, "server_older", "Máy chủ chưa được nâng cấp cho ứng dụng này. Bản trong máy vẫn còn; hãy gửi lại sau.",
                "The server is older than this app. Send again later.")
UNKNOWN = Problem(422, "unknown_kind", "Máy chủ không nhận loại mục này. Bản trong máy vẫn còn.", "No such kind of item.")
FAULT = Problem(500, "fault", "Máy chủ gặp lỗi ở mục này và chưa ghi gì. Bản trong máy vẫn còn; hãy gửi lại sau.",
                "The server failed at this item; nothing was written. Send it again later.")
INVALID = Problem(422, "invalid", "Dữ liệu chưa đúng. Bản trong máy vẫn còn.", "Invalid. Nothing was written.")


def refused(problem: Problem, status: str = "refused") -> Result:
    """A problem as the answer to one item."""
    said: Result = {"status": status, "code": problem.code, "detail": problem.vi, "detail_en": problem.en}
    return {**said, "server": problem.extra} if problem.extra else said


def _why(error: Exception) -> Result:
    if isinstance(error, Problem):
        return refused(error)
    if isinstance(error, DataError | IntegrityError):
        return refused(INVALID)
    log.error("an item failed", exc_info=error)
    return refused(FAULT, "wait")


class Batch:
    """One upload. `kept`: the receipts to be written; `journal`: what the actions said, undone with them."""

    def __init__(self, rights: Rights, device: Device, schema: int, sent_at: datetime, now: datetime,
                 journal: list[JournalRow]) -> None:
        self.device, self.schema, self.now, self.journal = device, schema, now, journal
        self.sender = Sender(rights, device, sent_at, now)
        self.kept: list[Kept] = []
        self.results: dict[int, Result] = {}
        self.known: dict[UUID, tuple[bytes, Result]] = {}  # answered within this batch
        self.waiting: list[Item] = []

    def apply(self, rows: Sequence[Mapping[str, Any]]) -> list[Result]:
        """Every item's answer, in order."""
        read = [read_item(row) for row in rows]
        ids = {item.id for item in read if item}
        self.receipts, self.routed = receipts_of(self.device, ids), routed_already(self.device.ward_id, ids)
        for row, item in zip(rows, read, strict=True):
            if item is None:
                self.results[row["n"]] = refused(INVALID)
                continue
            if not self._joins(item):
                self._flush()
            if (early := self._early(item)) is not None:
                self.results[item.n] = early
            else:
                self.waiting.append(item)
        self._flush()
        self._forget()
        return [{"n": row["n"], "id": str(row.get("id")), **self.results[row["n"]]} for row in rows]

    def _forget(self) -> None:
        """Of what was heard and routed out within the same upload no answer is kept either."""
        if any(kind == "issue_verb" for _, kind, *_ in self.kept):
            gone = routed_already(self.device.ward_id, {item for item, kind, *_ in self.kept if kind == "issue"})
            self.kept = [row for row in self.kept if row[0] not in gone]

    def _joins(self, item: Item) -> bool:
        """True if the item may be handed on together with those that wait: visits, what was heard there, answers. An item
        that comes again, or a visit that an earlier one already named, must see what became of that one."""
        if not self.waiting:
            return True
        named = {str(w.body.get("visit")) for w in self.waiting} | {str(w.id) for w in self.waiting}
        kinds = {item.kind, self.waiting[0].kind}
        return (kinds <= set(TOGETHER) or kinds == {"edit"}) and str(item.id) not in named

    def _early(self, item: Item) -> Result | None:
        """The answer to what is known already, or cannot be read here; None for what is to be done."""
        if item.id in self.known:
            digest, said = self.known[item.id]
            if digest != item.digest:
                return refused(REUSED)
            return {**said, "status": "same"} if said["status"] == "stored" else said
        receipt, replay = self.receipts.get(item.id), item.n <= self.device.received_to
        if receipt is not None and (receipt.status in FINAL or replay):
            return self._again(item, receipt) if bytes(receipt.digest) == item.digest else refused(
                REUSED if receipt.status in FINAL else NUMBER_USED)
        if replay:
            return {"status": "same", **hints(item)} if item.id in self.routed else refused(NUMBER_USED)
        if self.schema > SCHEMA:
            return self._keep(item, refused(OLDER, "wait"))
        return None if item.kind in HANDLERS else self._keep(item, refused(UNKNOWN))

    def _again(self, item: Item, receipt: Receipt) -> Result:
        said = {k: v for k, v in receipt.answer.items() if k != "conflict"}
        if receipt.status == "conflict":
            row = Conflict.objects.select_related("dwelling").filter(id=receipt.answer["conflict"], state=OPEN).first()
            if row is not None:
                return {**said, "status": "conflict", "conflict": card(row)}
        return {**said, "status": "same" if receipt.status in FINAL else receipt.status, **hints(item)}

    def _flush(self) -> None:
        """Hand on what waits; visits first, then what hangs on them, each kind in its own order."""
        items, self.waiting = self.waiting, []
        for kind in dict.fromkeys([*TOGETHER, *(i.kind for i in items)]):
            if mine := [i for i in items if i.kind == kind]:
                self._run(kind, mine)

    def _run(self, kind: str, items: list[Item]) -> None:
        mark = len(self.journal)
        try:
            with transaction.atomic():
                lifted = [lift(kind, i.body, self.schema) for i in items]
                answers = HANDLERS[kind](self.sender, items, lifted)
        except (OperationalError, InterfaceError):
            raise  # the database is away: nothing of this upload is written, the phone sends it again
        except Exception as error:  # noqa: BLE001 - a fault of ours in one item must not hold up a phone for ever
            del self.journal[mark:]
            if len(items) > 1:
                for item in items:
                    self._run(kind, [item])
                return
            answers = [_why(error)]
        for item, said in zip(items, answers, strict=True):
            self.results[item.n] = self._keep(item, said)

    def _keep(self, item: Item, said: Result) -> Result:
        self.known[item.id] = (item.digest, said)
        if item.kind == "issue" and str(item.body.get("kind")) in ROUTED:
            return said  # no receipt: it would lead back to the door
        answer: Result = {k: said[k] for k in ("code", "detail", "detail_en", "state") if k in said}
        if "conflict" in said:
            answer["conflict"] = said["conflict"]["id"]
        self.kept.append((item.id, item.kind, item.digest, said["status"], answer))
        return said
