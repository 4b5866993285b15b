"""Columns of questionnaires: a form in each of its versions, which round asks it, and what was answered at a visit.

An answer hangs on its visit and names the door through it, and nobody: no person, no account, no device.
"""
from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from binhan.casework.households.rules import BASES
from binhan.casework.visits.models import Round, Visit
from binhan.commons.wire import in_vietnamese
from binhan.kernel.ids import new_id


class Form(models.Model):
    """One version of a questionnaire. It is never changed: a correction is a new version."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ward_id = models.IntegerField(db_index=True)
    form_id = models.TextField()  # as the file calls it
    version = models.TextField()
    title = models.TextField()
    purpose = models.TextField()
    legal_basis = models.TextField(choices=list(in_vietnamese(BASES).items()))
    xml = models.TextField()  # the XForm
    digest = models.BinaryField()  # of the XForm
    source_name = models.TextField(default="", blank=True)
    languages = models.JSONField(default=list)
    questions = models.IntegerField()
    notes = models.JSONField(default=list)  # what was said about it when it was loaded
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.TextField()

    class Meta:
        db_table = "casework_form"
        constraints = [
            models.UniqueConstraint(fields=["ward_id", "form_id", "version"], name="casework_form_version"),
            models.CheckConstraint(condition=Q(legal_basis__in=sorted(BASES)), name="casework_form_basis"),
            models.CheckConstraint(condition=~Q(purpose="") & ~Q(form_id="") & ~Q(version=""), name="casework_form_said")]


class RoundForm(models.Model):
    """Which form a round asks, from when until when: answers of an earlier version stay good."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ward_id = models.IntegerField(db_index=True)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="+")
    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="+")
    from_at = models.DateTimeField(default=timezone.now)
    until_at = models.DateTimeField(null=True)
    made_by = models.TextField()

    class Meta:
        db_table = "casework_round_form"
        constraints = [models.UniqueConstraint(fields=["round"], condition=Q(until_at=None),
                                               name="casework_round_form_now")]


class Answers(models.Model):
    """The answers of one visit to one form, as they were sent, and flat: {path: value}."""

    id = models.UUIDField(primary_key=True)
    ward_id = models.IntegerField(db_index=True)
    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="+")
    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="+")
    xml = models.TextField()
    values = models.JSONField(default=dict)
    received_at = models.DateTimeField()
    digest = models.BinaryField()

    class Meta:
        db_table = "casework_answers"
        constraints = [models.UniqueConstraint(fields=["visit", "form"], name="casework_answers_once")]
