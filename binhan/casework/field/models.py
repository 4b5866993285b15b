"""Columns of the team's phones: which there are, what each was answered, who corrected a door, what two people changed at
once, and the notices read at the door."""
from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from binhan.casework.field.lifecycle import CONFLICT, DEVICE, ConflictState, DeviceState
from binhan.casework.field.rules.codes import FIELDS, KEEPS
from binhan.casework.households.models import Dwelling
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


class DoorFact(models.Model):
    """Who gave the value that a field of a door has now, and when; `item` is what brought it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ward_id = models.IntegerField(db_index=True)
    dwelling = models.ForeignKey(Dwelling, on_delete=models.CASCADE, related_name="facts")
    field = models.TextField()
    by = models.TextField()
    at = models.DateTimeField()
    item = models.UUIDField()

    class Meta:
        db_table = "casework_door_fact"
        constraints = [
            models.UniqueConstraint(fields=["dwelling", "field"], name="casework_door_fact_once"),
            models.CheckConstraint(condition=Q(field__in=sorted(FIELDS)), name="casework_door_fact_field")]


class Conflict(Moved):
    """Two values for one field of a door: A is what the register has, B is what arrived from somebody who had not seen A.
    Nothing of either is lost until somebody decides."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ward_id = models.IntegerField(db_index=True)
    dwelling = models.ForeignKey(Dwelling, on_delete=models.CASCADE, related_name="+")
    field = models.TextField()
    a_value = models.JSONField(null=True)
    a_by = models.TextField()
    a_at = models.DateTimeField()
    a_since = models.DateTimeField(null=True)  # when A changed while the card was open; who decides must have seen that
    b_value = models.JSONField(null=True)
    b_by = models.TextField()
    b_at = models.DateTimeField()
    item = models.UUIDField(unique=True)
    state = models.TextField(default=ConflictState.OPEN)
    keep = models.TextField(default="", blank=True)
    opened_at = models.DateTimeField()

    class Meta:
        db_table = "casework_conflict"
        indexes = [models.Index(fields=["ward_id", "state", "opened_at"], name="casework_conflict_open")]
        constraints = [
            state_check(CONFLICT),
            models.CheckConstraint(condition=Q(field__in=sorted(FIELDS)), name="casework_conflict_field"),
            models.CheckConstraint(condition=Q(state="open", keep="") | Q(state="settled", keep__in=sorted(KEEPS)),
                                   name="casework_conflict_keep")]


class Notice(models.Model):
    """What is read to the resident before anything is asked, in one language, from a day until a day. ward_id 0 holds for
    every ward that has no text of its own."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ward_id = models.IntegerField(db_index=True)
    lang = models.TextField()
    version = models.TextField()
    title = models.TextField()
    paragraphs = models.JSONField(default=list)
    purposes = models.JSONField(default=list)  # [{code, vi, en}], each agreed to by itself
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    legal_basis = models.TextField()
    source = models.TextField()
    verified = models.BooleanField(default=False)

    class Meta:
        db_table = "casework_notice"
        constraints = [models.UniqueConstraint(fields=["ward_id", "lang", "version"], name="casework_notice_once")]
