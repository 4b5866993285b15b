"""The only writers of messages and push subscriptions. A receipt only ever moves forward."""
from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from binhan.commons.context import messages
from binhan.commons.notify.models import Message, PushSubscription
from binhan.commons.notify.rules import ATTEMPTS, Note, Outcome, retry_after_s
from binhan.commons.people.models import Account
from binhan.kernel.errors import Problem, not_found
from binhan.kernel.ids import new_id

BEING_SENT = "being sent"
CUT_OFF = "an earlier try was cut off, so this may have arrived twice"
BROWSERS = 5  # of one account: each is a push for every message
TEST_EVERY = timedelta(minutes=1)
ORDER = {"queued": 0, "sent": 1, "delivered": 2, "read": 3}


def queue_messages(ward_id: int, accounts: Iterable[UUID], channels: Iterable[str], note: Note) -> int:
    """Write one message per account and channel by which it can be reached, in the caller's transaction; returns to how
    many accounts. In-app ones are delivered by that; the others are carried."""
    now = timezone.now()
    if note.template not in messages():
        raise ValueError(f"no message template {note.template}")
    told = list(dict.fromkeys(accounts))
    urgency = messages()[note.template].urgency
    Message.objects.bulk_create([
        Message(id=new_id(), ward_id=ward_id, account_id=a, channel=c, template=note.template, next_at=now,
                urgency=urgency, state="sent" if c == "inapp" else "queued", sent_at=now if c == "inapp" else None,
                subject_kind=note.subject_kind, subject_id=note.subject_id, params=dict(note.params), created_at=now)
        for c in channels for a in _reached(told, c)])
    return len(told)


def _reached(accounts: list[UUID], channel: str) -> list[UUID]:
    """Those of them that this channel leads to: nothing is queued that nobody could take."""
    if channel == "webpush":
        have = set(PushSubscription.objects.filter(account_id__in=accounts).values_list("account_id", flat=True))
    elif channel == "email":
        have = set(Account.objects.filter(id__in=accounts).exclude(email="").values_list("id", flat=True)
                   if carried("email") else ())
    else:
        return accounts
    return [a for a in accounts if a in have]


def carried(channel: str) -> bool:
    """Whether this installation carries messages by this channel at all: e-mail needs an SMTP server."""
    return channel != "email" or bool(settings.ENV.smtp_url)


def messages_wait(at: datetime) -> bool:
    """Whether there is anything to claim in a served ward, whatever the scope: asked several times a second (1 query)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT notify_waiting(%s)", [at])
        return bool(cursor.fetchone()[0])


def claim_messages(channel: str, limit: int, each: int = 4, busy: Sequence[UUID] = ()) -> list[Message]:
    """Take messages of one channel that are due and that no other carrier holds, as `notify_claim` in SQL says: the most
    urgent first, fair between wards, at most `each` of one account with those of `busy` that are on their way. Among them
    are those that are now too old to matter (`expired`)."""
    ttls = {code: template.ttl_s for code, template in messages().items()}
    return list(Message.objects.raw("SELECT * FROM notify_claim(%s, %s, %s, %s::uuid[], %s::jsonb, %s)",
                                    [channel, limit, each, list(busy), json.dumps(ttls), [BEING_SENT, CUT_OFF]]))


def settle_messages(outcomes: Sequence[tuple[Message, Outcome]]) -> None:
    """Record what came of some tries: sent, to be tried again, failed for good, or too old to matter (≤ 4 queries)."""
    now = timezone.now()
    rows = [_settled(message, outcome, now) for message, outcome in outcomes]
    with connection.cursor() as cursor:
        cursor.execute("SELECT notify_settle(%s::jsonb)", [json.dumps([
            {"id": str(m.id), "state": m.state, "error": m.error, "sent_at": m.sent_at and m.sent_at.isoformat(),
             "next_at": m.next_at.isoformat(), "attempts": m.attempts} for m in rows])])
    known = PushSubscription.objects.all()
    if gone := [endpoint for _, outcome in outcomes for endpoint in outcome.gone]:
        known.filter(endpoint__in=gone).delete()
    if silent := [endpoint for _, outcome in outcomes for endpoint in outcome.silent]:
        known.filter(endpoint__in=silent, failed_at=None).update(failed_at=now)
    if well := [endpoint for _, outcome in outcomes for endpoint in outcome.well]:
        known.filter(endpoint__in=well).exclude(failed_at=None).update(failed_at=None)


def _settled(message: Message, outcome: Outcome, now: datetime) -> Message:
    template = messages().get(message.template)
    message.error = "; ".join(filter(None, [outcome.error, CUT_OFF if message.error == CUT_OFF else ""]))[:500]
    if outcome.later_s:
        message.attempts -= 1  # none was made
    if outcome.sent:
        message.state, message.sent_at = "sent", now
    elif outcome.permanent or message.attempts >= ATTEMPTS:
        message.state = "failed"
    elif template is not None and now - message.created_at > timedelta(seconds=template.ttl_s):
        message.state = "expired"
    else:
        message.next_at = now + timedelta(seconds=outcome.later_s or retry_after_s(message.attempts))
    return message


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
    """Remember a browser; the same endpoint again changes its keys and owner. Beyond BROWSERS of one account the one is
    forgotten that has taken nothing for longest, or else the oldest: whoever gets a new phone is never refused."""
    where = urlsplit(endpoint)
    if not where.hostname or (where.scheme, where.hostname) != ("http", "127.0.0.1") and where.scheme != "https":
        raise Problem(422, "bad_endpoint", "Địa chỉ nhận thông báo không hợp lệ.", "The push endpoint must be https.")
    with transaction.atomic():
        Account.objects.select_for_update().get(id=account.id)  # several of its browsers may come at once
        row, _ = PushSubscription.objects.update_or_create(endpoint=endpoint, defaults={
            "account": account, "p256dh": p256dh, "auth": auth, "user_agent": user_agent[:300], "failed_at": None})
        others = PushSubscription.objects.filter(account=account).exclude(id=row.id)
        kept = others.order_by(F("failed_at").desc(nulls_first=True), "-created_at", "-id")[:BROWSERS - 1]
        others.exclude(id__in=list(kept.values_list("id", flat=True))).delete()
    return row


def queue_test(account: Account, ward_id: int) -> int:
    """A test message to all browsers of the account, once a minute; returns how many browsers there are."""
    recent = Message.objects.filter(account_id=account.id, template="test", created_at__gt=timezone.now() - TEST_EVERY)
    if recent.exists():
        raise Problem(429, "tested_just_now", "Vừa gửi tin thử. Xin đợi một phút rồi thử lại.",
                      "A test was sent just now. Please wait a minute and try again.")
    queue_messages(ward_id, [account.id], ["webpush"], Note("test", "account", account.id))
    return PushSubscription.objects.filter(account=account).count()


def unsubscribe(endpoint: str, account: Account | None = None) -> None:
    """Forget a browser: its owner asked, or its push service says that it is gone."""
    rows = PushSubscription.objects.filter(endpoint=endpoint)
    (rows.filter(account=account) if account else rows).delete()
