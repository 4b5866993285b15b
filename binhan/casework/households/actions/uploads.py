"""A file that is read and looked at before it is imported: what was read is kept while somebody works on it, then gone."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from binhan.casework.households.models import Upload
from binhan.commons.access.scope import ward_scope
from binhan.commons.clocks.actions import DueClock, start_clock, stop_clocks
from binhan.commons.clocks.rules import Subject
from binhan.commons.journal.actions import JournalRow, append, gathered
from binhan.commons.people.models import Account
from binhan.kernel.lifecycle import Clock


class Kept(StrEnum):
    """The one state of an upload."""

    KEPT = "kept"


FORGET = Clock(Kept.KEPT, "import.keep_within", "forget")


@dataclass(frozen=True, slots=True)
class GivenFile:
    """What somebody sent, without its bytes."""

    name: str
    sheet: str
    size: int


def keep_upload(ward_id: int, account: Account, given: GivenFile, table: bytes | None) -> Upload:
    """What was read of the account's file for this ward, None while it is being read; one before it is gone."""
    with transaction.atomic(), gathered():  # the table may take its time; the journal comes last
        drop_uploads(ward_id, account)
        made = Upload(ward_id=ward_id, account=account, name=given.name[:200], sheet=given.sheet[:100], table=table or b"",
                      reading_at=None if table else timezone.now(), terms={}, columns={})
        made.save(force_insert=True)
        start_clock(Subject(ward_id, "upload", made.id), FORGET, timezone.now())
        append(JournalRow(ward_id, account.actor, "keep", "upload", made.id, {"bytes": given.size}))
    return made


def note_reading(ward_id: int, key: UUID, rows: int) -> bool:
    """It is still being read, so far; False when nobody wants it any more."""
    with ward_scope([ward_id], "system"):
        return bool(_being_read(ward_id, key).update(rows_read=rows, reading_at=timezone.now()))


def keep_table(ward_id: int, key: UUID, table: bytes) -> None:
    """It has been read."""
    with ward_scope([ward_id], "system"):
        _being_read(ward_id, key).update(table=table, reading_at=None)


def keep_refusal(ward_id: int, key: UUID, reasons: Sequence[Sequence[str]]) -> None:
    """It cannot be read; whoever sent it is told why – (code, vi, en) – when they look."""
    with ward_scope([ward_id], "system"):
        _being_read(ward_id, key).update(unreadable=[list(reason) for reason in reasons], reading_at=None)


def _being_read(ward_id: int, key: UUID) -> QuerySet[Upload]:
    return Upload.objects.filter(ward_id=ward_id, id=key, reading_at__isnull=False)


def change_upload(upload: Upload, columns: Mapping[str, str], terms: Mapping[str, Any]) -> None:
    """What its columns mean, and on what terms it would come in."""
    upload.columns, upload.terms = dict(columns), dict(terms)
    upload.save(update_fields=["columns", "terms"])


def drop_uploads(ward_id: int, account: Account) -> None:
    """The account's file is gone: imported, thrown away, or another took its place."""
    for key in Upload.objects.filter(ward_id=ward_id, account=account).values_list("id", flat=True):
        _drop(ward_id, key, account.actor)


def forget_upload(due: DueClock) -> None:
    """Nobody came back to it in time."""
    _drop(due.ward_id, due.subject_id, "clock")


def _drop(ward_id: int, key: UUID, actor: str) -> None:
    with transaction.atomic():
        stop_clocks(key)
        if Upload.objects.filter(ward_id=ward_id, id=key).delete()[0]:
            append(JournalRow(ward_id, actor, "drop", "upload", key, {}))
