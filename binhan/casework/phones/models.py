"""Columns of the teams' phones: which there are, and what each was answered."""
from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from binhan.casework.phones.lifecycle import DEVICE, DeviceState
from binhan.commons.access.models import ApiToken
from binhan.commons.cases.models import Moved, state_check
from binhan.kernel.ids import new_id


class Device(Moved):
    """A member's vault on a phone; a phone that two members share is two of them. `received_to`: the number of the last of
    its items that was answered. `turfs`, `documents`: what it was last handed, for the day on which it is lost."""

    id = models.UUIDField(primary_key=True)
    ward_id = models.IntegerField(db_index=True)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.TextField()
    schema = models.IntegerField()
    token = models.ForeignKey(ApiToken, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.TextField(default=DeviceState.ACTIVE)
    received_to = models.BigIntegerField(default=0)
    turfs = models.JSONField(default=list)
    documents = models.IntegerField(default=0)
    registered_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    synced_at = models.DateTimeField(null=True)
    reason = models.TextField(default="", blank=True)
    unsent = models.IntegerField(null=True)  # what was still on it and not sent when it was wiped, as it said itself

    class Meta:
        db_table = "casework_device"
        constraints = [
            state_check(DEVICE),
            models.CheckConstraint(condition=~Q(name=""), name="casework_device_named"),
            models.CheckConstraint(condition=Q(received_to__gte=0), name="casework_device_received")]


class Receipt(models.Model):
    """What an item from a phone was answered, so that the same item again is answered the same and changes nothing. Codes
    and ids; of what is routed out there is none, for it would lead back to the door."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ward_id = models.IntegerField(db_index=True)
    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="receipts")
    item = models.UUIDField()
    kind = models.TextField()
    digest = models.BinaryField()
    status = models.TextField()
    answer = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        db_table = "casework_receipt"
        constraints = [models.UniqueConstraint(fields=["device", "item"], name="casework_receipt_once")]
        indexes = [models.Index(fields=["item"], name="casework_receipt_item")]
