"""The only writers of finds."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from binhan.commons.access.queries import holders
from binhan.commons.cases.actions import apply_move, claim_late, ring_again
from binhan.commons.cases.queries import is_replay
from binhan.commons.cases.rules import Step
from binhan.commons.clocks.actions import DueClock, start_clock
from binhan.commons.journal.actions import JournalRow, append, append_rows
from binhan.commons.notify.actions import queue_messages
from binhan.kernel.errors import not_found
from tests.nouns.finds.lifecycle import FIND, KEPT, By
from tests.nouns.finds.models import Find


def hand_in(ward_id: int, actor: str, find_id: UUID, what: str, found_at: datetime) -> Find:
    """A thing at the counter; the same id again is the same thing."""
    with transaction.atomic():
        now = timezone.now()
        row, made = Find.objects.get_or_create(id=find_id, defaults={
            "ward_id": ward_id, "what": what, "found_at": found_at, "moved_at": now, "moved_by": actor,
            "moved_verb": "hand_in"})
        if made:
            start_clock(ward_id, FIND.name, row.id, FIND.clock_of(KEPT), now)
            append(JournalRow(ward_id, actor, "hand_in", FIND.name, row.id, {"state": row.state}))
    return row


def move_find(find_id: UUID, verb: str, actor: str, facts: Mapping[str, Any]) -> Find:
    """One verb of the office."""
    with transaction.atomic():
        row = Find.objects.select_for_update().filter(id=find_id).first()
        if row is None:
            raise not_found("đồ nhặt được này", "find")
        if not is_replay(row, verb, actor):
            row.receipt, row.reason = str(facts.get("receipt", "")), str(facts.get("reason", ""))
            append_rows([apply_move(FIND, row, Step(verb, By.OFFICE, actor, timezone.now(), facts))])
    return row


def chase(due: DueClock) -> None:
    """Nobody came for it: those who lead the ward are told, and it is looked at again."""
    if (row := claim_late(FIND, Find.objects.all(), due)) is not None:
        queue_messages(row.ward_id, holders(row.ward_id, "leadership"), ["inapp"], "find_kept", FIND.name, row.id)
        ring_again(FIND, row, due)
