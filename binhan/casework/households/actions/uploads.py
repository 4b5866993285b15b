"""A file that is being looked at before it is imported: kept while somebody works on it, then gone."""
from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from binhan.casework.households.models import Upload
from binhan.commons.clocks.actions import DueClock, start_clock, stop_clocks
from binhan.commons.journal.actions import JournalRow, append, gathered
from binhan.commons.people.models import Account
from binhan.kernel.lifecycle import Clock


class Kept(StrEnum):
    """The one state of an upload."""

    KEPT = "kept"


FORGET = Clock(Kept.KEPT, "import.keep_within", "forget")


def keep_upload(ward_id: int, account: Account, name: str, body: bytes, sheet: str) -> Upload:
    """The account's file of this ward; one before it is gone."""
    with transaction.atomic(), gathered():  # the file itself may take its time; the journal comes last
        drop_uploads(ward_id, account)
        made = Upload(ward_id=ward_id, account=account, name=name[:200], body=body, sheet=sheet[:100], terms={}, columns={})
        made.save(force_insert=True)
        start_clock(ward_id, "upload", made.id, FORGET, timezone.now())
        append(JournalRow(ward_id, account.actor, "keep", "upload", made.id, {"bytes": len(body)}))
    return made


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
