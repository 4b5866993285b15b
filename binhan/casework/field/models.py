"""Columns of what comes back from the field: who corrected a door, what two people changed at once; and the notices read at
the door."""
from __future__ import annotations

from django.db import models
from django.db.models import Q

from binhan.casework.field.lifecycle import CONFLICT, ConflictState
from binhan.casework.field.rules.codes import FIELDS, KEEPS
from binhan.casework.households.models import Dwelling
from binhan.commons.cases.models import Moved, state_check
from binhan.kernel.ids import new_id


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
