"""The only writers of messages and push subscriptions. A receipt only ever moves forward."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from binhan.commons.context import messages
from binhan.commons.notify.models import Message, PushSubscription
from binhan.commons.notify.rules import ATTEMPTS, Note, retry_after_s
from binhan.commons.people.models import Account
from binhan.kernel.errors import Problem, not_found
from binhan.kernel.ids import new_id

BEING_SENT = "being sent"
CUT_OFF = "an earlier try was cut off, so this may have arrived twice"
ORDER = {"queued": 0, "sent": 1, "delivered": 2, "read": 3}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a channel says of one try: sent, or why not; `permanent` means that trying again is useless. `gone`:
    addresses of browsers that the push service no longer knows."""

    sent: bool
    error: str = ""
    permanent: bool = False
    gone: tuple[str, ...] = ()


def queue_messages(ward_id: int, accounts: Iterable[UUID], channels: Iterable[str], note: Note) -> int:
    """Queue one message per account and channel, in the caller's transaction; answers how many."""
    now = timezone.now()
    if note.template not in messages():
        raise ValueError(f"no message template {note.template}")
    rows = [Message(id=new_id(), ward_id=ward_id, account_id=a, channel=c, template=note.template, next_at=now,
                    subject_kind=note.subject_kind, subject_id=note.subject_id, params=dict(note.params), created_at=now)
            for a in dict.fromkeys(accounts) for c in channels]
    Message.objects.bulk_create(rows)
    return len(rows)


def messages_wait(at: datetime) -> bool:
    """Whether there is anything to claim in a served ward, whatever the scope: asked several times a second (1 query)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT notify_waiting(%s)", [at])
        return bool(cursor.fetchone()[0])


def claim_messages(limit: int) -> list[Message]:
    """Take queued messages that are due and that no other worker holds. A message taken by a worker that dies
    comes back by itself: its next try is already set. What is too old to matter is not sent any more."""
    now = timezone.now()
    with transaction.atomic():
        rows = list(Message.objects.select_for_update(skip_locked=True)
                    .filter(state="queued", next_at__lte=now).order_by("next_at")[:limit])
        for row in rows:
            row.attempts += 1
            row.next_at = now + timedelta(seconds=30 + retry_after_s(row.attempts))
            # A try that was never settled: its carrier died. Whether it had sent the message nobody knows; it says so.
            row.error = CUT_OFF if row.error in (BEING_SENT, CUT_OFF) and row.attempts > 1 else BEING_SENT
            if row.channel != "inapp" and _too_old(row, now):
                row.state = "expired"
        Message.objects.bulk_update(rows, ["attempts", "next_at", "error", "state"])
    return [row for row in rows if row.state == "queued"]


def _too_old(message: Message, now: datetime) -> bool:
    template = messages().get(message.template)
    return template is not None and now - message.created_at > timedelta(seconds=template.ttl_s)


def settle_message(message: Message, outcome: Outcome) -> None:
    """Record what came of one try: sent, to be tried again, failed for good, or too old to matter."""
    now = timezone.now()
    message.error = "; ".join(filter(None, [outcome.error, CUT_OFF if message.error == CUT_OFF else ""]))[:500]
    if outcome.sent:
        message.state, message.sent_at = "sent", now
    elif outcome.permanent or message.attempts >= ATTEMPTS:
        message.state = "failed"
    elif _too_old(message, now):
        message.state = "expired"
    else:
        message.next_at = now + timedelta(seconds=retry_after_s(message.attempts))
    Message.objects.filter(id=message.id, state="queued").update(
        state=message.state, sent_at=message.sent_at, error=message.error, next_at=message.next_at)
    for endpoint in outcome.gone:
        unsubscribe(endpoint)


def record_receipt(message_id: UUID, account_id: UUID, state: str) -> Message:
    """The device says that it showed the message, or that the person opened it. Never goes backwards."""
    if state not in ("delivered", "read"):
        raise Problem(422, "bad_receipt", "Trạng thái phải là delivered hoặc read.", "state must be delivered or read.")
    now = timezone.now()
    with transaction.atomic():
        message = Message.objects.select_for_update().filter(id=message_id, account_id=account_id).first()
        if message is None:
            raise not_found("thông báo này", "notification")
        if ORDER.get(message.state, 0) < ORDER[state]:
            message.state = state
        message.delivered_at = message.delivered_at or now
        message.read_at = (message.read_at or now) if state == "read" else message.read_at
        message.save()
    return message


def subscribe(account: Account, endpoint: str, p256dh: str, auth: str, user_agent: str) -> PushSubscription:
    """Remember a browser; the same endpoint again changes its keys and owner."""
    where = urlsplit(endpoint)
    if not where.hostname or (where.scheme, where.hostname) != ("http", "127.0.0.1") and where.scheme != "https":
        raise Problem(422, "bad_endpoint", "Địa chỉ nhận thông báo không hợp lệ.", "The push endpoint must be https.")
    row, _ = PushSubscription.objects.update_or_create(endpoint=endpoint, defaults={
        "account": account, "p256dh": p256dh, "auth": auth, "user_agent": user_agent[:300], "failed_at": None})
    return row


def unsubscribe(endpoint: str, account: Account | None = None) -> None:
    """Forget a browser: its owner asked, or its push service says that it is gone."""
    rows = PushSubscription.objects.filter(endpoint=endpoint)
    (rows.filter(account=account) if account else rows).delete()
