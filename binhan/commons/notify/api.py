"""My notifications, their receipts, and my browsers that take pushes."""
from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from binhan.commons.access.api import Body, rights
from binhan.commons.context import messages
from binhan.commons.notify.actions import queue_test, record_receipt, subscribe, unsubscribe
from binhan.commons.notify.models import Message
from binhan.commons.notify.webpush.keys import public_key

router = Router(tags=["notify"])


class Keys(Body):
    """A browser's public key and secret for encryption (RFC 8291)."""

    p256dh: str = Field(min_length=80, max_length=200)
    auth: str = Field(min_length=16, max_length=64)


class SubscriptionIn(Body):
    """What PushManager.subscribe() gives."""

    endpoint: str = Field(max_length=2000)
    keys: Keys
    expirationTime: float | None = None  # noqa: N815 - the browser's own spelling


class EndpointIn(Body):
    """The browser to forget."""

    endpoint: str = Field(max_length=2000)


class ReceiptIn(Body):
    """delivered: shown on the device. read: opened by the person."""

    state: str


class PushKey(Schema):
    """The server's public key (RFC 8292)."""

    key: str


class Subscribed(Schema):
    """A browser that takes pushes."""

    id: UUID


class Queued(Schema):
    """How many messages are on their way."""

    queued: int


class MessageOut(Schema):
    """One message to me."""

    id: UUID
    ward_id: int
    template: str
    title: str
    body: str
    url: str
    subject_kind: str
    subject_id: UUID | None
    state: str
    created_at: datetime


def _out(message: Message, lang: str) -> dict[str, Any]:
    template = messages()[message.template]
    title, body = template.said(lang, message.params)
    return {"id": message.id, "ward_id": message.ward_id, "template": message.template, "title": title, "body": body,
            "url": template.url, "subject_kind": message.subject_kind, "subject_id": message.subject_id,
            "state": message.state, "created_at": message.created_at}


@router.get("/push/key", response=PushKey)
def push_key(request: HttpRequest) -> Any:
    """The key to subscribe with."""
    return {"key": public_key()}


@router.post("/push/subscriptions", response={201: Subscribed})
def add_subscription(request: HttpRequest, body: SubscriptionIn) -> Any:
    """Let this browser be woken."""
    row = subscribe(rights(request).account, body.endpoint, body.keys.p256dh, body.keys.auth,
                    request.headers.get("User-Agent", ""))
    return 201, {"id": str(row.id)}


@router.delete("/push/subscriptions", response={204: None})
def remove_subscription(request: HttpRequest, body: EndpointIn) -> Any:
    """Let it sleep again."""
    unsubscribe(body.endpoint, rights(request).account)
    return 204, None


@router.post("/push/test", response=Queued)
def push_test(request: HttpRequest) -> Any:
    """Send a test message to all my browsers, once a minute."""
    mine = rights(request)
    return {"queued": queue_test(mine.account, mine.wards[0] if mine.wards else 0)}


@router.get("/notifications", response=list[MessageOut])
def list_notifications(request: HttpRequest, unread: bool = False) -> Any:
    """My latest in-app messages, newest first."""
    mine = rights(request)
    rows = Message.objects.filter(account_id=mine.account.id, channel="inapp")
    rows = rows.exclude(state="read") if unread else rows
    return [_out(m, mine.account.lang) for m in rows.order_by("-created_at")[:50]]


@router.post("/notifications/{message_id}/receipt", response=MessageOut)
def receipt(request: HttpRequest, message_id: UUID, body: ReceiptIn) -> Any:
    """The device showed it, or I opened it."""
    mine = rights(request)
    return _out(record_receipt(message_id, mine.account.id, body.state), mine.account.lang)
