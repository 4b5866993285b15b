"""The items of one batch: which are known, which must wait, and handing the others to their actions in order."""
from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DataError, IntegrityError, InterfaceError, OperationalError, transaction

from binhan.casework.phones.actions.outbox import Kept
from binhan.casework.phones.models import Receipt
from binhan.casework.phones.phone import PhoneItem, Result, Sender
from binhan.casework.phones.queries import brought
from binhan.casework.phones.queries.receipts import FINAL, receipts_of
from binhan.casework.phones.rules.batch import Item, read_item
from binhan.casework.phones.rules.codes import SCHEMA
from binhan.casework.phones.rules.lift import lift
from binhan.commons.journal.actions import JournalRow
from binhan.kernel.errors import Problem

log = logging.getLogger(__name__)
Part = tuple[str, list[Item]]  # items of one kind
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
    result: Result = {"status": status, "code": problem.code, "detail": problem.vi, "detail_en": problem.en}
    return {**result, "server": problem.extra} if problem.extra else result


def _why(error: Exception) -> Result:
    if isinstance(error, Problem):
        return refused(error)
    if isinstance(error, DataError | IntegrityError):
        return refused(INVALID)
    log.error("an item failed", exc_info=error)
    return refused(FAULT, "wait")


def _group(kind: str) -> str:
    """What items of the kind may be handed on together with."""
    brings: PhoneItem | None = brought.items().get(kind)
    return brings.group if brings else ""


def _hints(item: Item) -> Result:
    return brought.items()[item.kind].hints(item) if item.kind in brought.items() else {}


class Batch:
    """One upload. `kept`: the receipts to be written; `journal`: what the actions said, undone with them."""

    def __init__(self, sender: Sender, schema: int, now: datetime, journal: list[JournalRow]) -> None:
        self.sender, self.device, self.schema, self.now, self.journal = sender, sender.device, schema, now, journal
        self.kept: list[Kept] = []
        self.results: dict[int, Result] = {}
        self.known: dict[UUID, tuple[bytes, Result]] = {}  # answered within this batch
        self.waiting: list[Item] = []

    def apply(self, rows: Sequence[Mapping[str, Any]]) -> list[Result]:
        """Every item's answer, in order."""
        read = [read_item(row) for row in rows]
        self.receipts = receipts_of(self.device, {item.id for item in read if item})
        self.gone = self._unkept([(item.kind, item.id) for item in read if item])
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
        return [{**self.results[row["n"]], "n": row["n"], "id": str(row.get("id"))} for row in rows]

    def _unkept(self, rows: Iterable[tuple[str, UUID]]) -> set[UUID]:
        """Those of these items of which no answer may be kept (any more): it would lead back to somebody."""
        ids: dict[str, set[UUID]] = {}
        for kind, key in rows:
            ids.setdefault(kind, set()).add(key)
        return {key for kind, keys in ids.items() if (brings := brought.items().get(kind)) and brings.unkept
                for key in brings.unkept(self.device.ward_id, keys)}

    def _forget(self) -> None:
        """Of what was taken back within the same upload no answer is kept either."""
        forget = {kind for _, done, *_ in self.kept if done in brought.items() for kind in brought.items()[done].may_forget}
        gone = self._unkept((kind, key) for key, kind, *_ in self.kept if kind in forget)
        self.kept = [row for row in self.kept if row[0] not in gone]

    def _joins(self, item: Item) -> bool:
        """True if the item may be handed on together with those that wait: they are of one group. An item that comes again,
        or that an earlier one already named (a visit, by what was heard there), must see what became of that one."""
        if not self.waiting:
            return True
        named = {str(w.id) for w in self.waiting} | {v for w in self.waiting for v in w.body.values() if isinstance(v, str)}
        groups = {_group(item.kind), _group(self.waiting[0].kind)}
        return len(groups) == 1 and groups != {""} and str(item.id) not in named

    def _early(self, item: Item) -> Result | None:
        """The answer to what is known already, or cannot be read here; None for what is to be done."""
        if item.id in self.known:
            digest, result = self.known[item.id]
            if digest != item.digest:
                return refused(REUSED)
            return {**result, "status": "same"} if result["status"] == "stored" else result
        receipt, replay = self.receipts.get(item.id), item.n <= self.device.received_to
        if receipt is not None and (receipt.status in FINAL or replay):
            return self._again(item, receipt) if bytes(receipt.digest) == item.digest else refused(
                REUSED if receipt.status in FINAL else NUMBER_USED)
        if replay:
            return {"status": "same", **_hints(item)} if item.id in self.gone else refused(NUMBER_USED)
        if self.schema > SCHEMA:
            return self._keep(item, refused(OLDER, "wait"))
        return None if item.kind in brought.items() else self._keep(item, refused(UNKNOWN))

    def _again(self, item: Item, receipt: Receipt) -> Result:
        result = {k: v for k, v in receipt.answer.items() if k != "conflict"}
        brings = brought.items().get(item.kind)
        if receipt.status == "conflict" and brings is not None and brings.card is not None:
            card = brings.card(UUID(receipt.answer["conflict"]))
            if card is not None:
                return {**result, "status": "conflict", "conflict": card}
        return {**result, "status": "same" if receipt.status in FINAL else receipt.status, **_hints(item)}

    def _flush(self) -> None:
        """Hand on what waits: kinds in the order in which the contexts bring them, each kind in its own order."""
        items, self.waiting = self.waiting, []
        parts = [(kind, [i for i in items if i.kind == kind]) for kind in brought.items()]
        self._run([part for part in parts if part[1]])

    def _run(self, parts: list[Part]) -> None:
        """All in one savepoint, as a rule; if that fails, each kind by itself, then each item."""
        if not parts:
            return
        mark = len(self.journal)
        try:
            with transaction.atomic():
                answers = [answer for kind, items in parts for answer in brought.items()[kind].handle(
                    self.sender, items, [lift(kind, i.body, self.schema) for i in items])]
        except (OperationalError, InterfaceError):
            raise  # the database is away: nothing of this upload is written, the phone sends it again
        except Exception as error:  # noqa: BLE001 - a fault of ours in one item must not hold up a phone for ever
            del self.journal[mark:]
            single = [[(kind, [i])] for kind, items in parts for i in items]
            smaller = [[part] for part in parts] if len(parts) > 1 else single
            if len(smaller) > 1:
                for some in smaller:
                    self._run(some)
                return
            answers = [_why(error)]
        for item, result in zip((i for _, items in parts for i in items), answers, strict=True):
            self.results[item.n] = self._keep(item, result)

    def _keep(self, item: Item, result: Result) -> Result:
        self.known[item.id] = (item.digest, result)
        if item.kind in brought.items() and not brought.items()[item.kind].keeps(item):
            return result  # no receipt: it would lead back to the door
        answer: dict[str, Any] = {k: result[k] for k in ("code", "detail", "detail_en", "state") if k in result}
        if "conflict" in result:
            answer["conflict"] = result["conflict"]["id"]
        self.kept.append((item.id, item.kind, item.digest, result["status"], answer))
        return result
