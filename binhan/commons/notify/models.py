"""Messages to accounts, one row per channel, each with its receipt; and the browsers that take pushes."""
from __future__ import annotations

from django.conf import settings
from django.db import models

from binhan.commons.notify.rules import Urgency
from binhan.kernel.ids import new_id

STATES = ("queued", "sent", "delivered", "read", "failed", "expired")
CHANNELS = ("inapp", "webpush", "email")


class Message(models.Model):
    """A message that waits to be sent, or was; `params` holds codes, never personal text."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ward_id = models.IntegerField()
    account_id = models.UUIDField()
    channel = models.TextField()
    template = models.TextField()
    subject_kind = models.TextField()
    subject_id = models.UUIDField(null=True)
    params = models.JSONField(default=dict)
    urgency = models.SmallIntegerField(default=Urgency.NOTICE, db_default=Urgency.NOTICE)
    state = models.TextField(default="queued")
    attempts = models.IntegerField(default=0)
    next_at = models.DateTimeField()
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    error = models.TextField(default="")

    class Meta:
        db_table = "notify_message"
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=STATES), name="notify_message_state"),
            models.CheckConstraint(condition=models.Q(channel__in=CHANNELS), name="notify_message_channel")]
        indexes = [
            models.Index(fields=["next_at"], name="notify_message_queue", condition=models.Q(state="queued")),
            models.Index(fields=["channel", "urgency", "ward_id", "next_at"], name="notify_message_lanes",
                         condition=models.Q(state="queued")),
            models.Index(fields=["account_id", "created_at"], name="notify_message_account")]


class PushSubscription(models.Model):
    """A browser that agreed to be woken (RFC 8030): its push service's address and keys. `failed_at`: since when that
    service has not taken a push; empty while all is well."""

    id = models.UUIDField(primary_key=True, default=new_id)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    endpoint = models.TextField(unique=True)
    p256dh = models.TextField()
    auth = models.TextField()
    user_agent = models.TextField(default="")
    created_at = models.DateTimeField(auto_now_add=True)
    failed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notify_push_subscription"
