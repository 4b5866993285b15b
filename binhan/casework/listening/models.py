"""Columns of what was heard. What is routed out keeps its kind and nothing that leads back to a door or a person."""
from __future__ import annotations

from collections.abc import Collection

from django.db import models
from django.db.models import Q

from binhan.casework.listening.lifecycle import ISSUE, State
from binhan.casework.listening.rules import AGENCIES, CHANNELS, KINDS, ROUTED, UNITS, URGENCIES
from binhan.casework.visits.models import Visit
from binhan.commons.cases.models import Moved, state_check
from binhan.commons.wire import in_vietnamese


def _one_of(field: str, codes: Collection[str], name: str, empty: bool = True) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{field}__in": [*([""] if empty else []), *sorted(codes)]}), name=name)


class Issue(Moved):
    """One thing a resident said, in their own words, and what became of it."""

    id = models.UUIDField(primary_key=True)
    ward_id = models.IntegerField(db_index=True)
    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, null=True, related_name="issues")
    kind = models.TextField(choices=list(in_vietnamese(KINDS | ROUTED).items()))
    words = models.TextField(default="", blank=True)
    place = models.TextField(default="", blank=True)
    urgency = models.TextField(default="ordinary", choices=list(in_vietnamese(URGENCIES).items()))
    reply_by = models.TextField(default="", blank=True)  # the channel of the reply that is wanted; "" for none
    confidential = models.BooleanField(default=False)
    heard_at = models.DateTimeField()
    received_at = models.DateTimeField()
    reply_due_at = models.DateTimeField(null=True)  # when the promised reply is late
    state = models.TextField(default=State.RECEIVED)
    unit = models.TextField(default="", blank=True)
    agency = models.TextField(default="", blank=True)
    answer = models.TextField(default="", blank=True)
    receipt = models.TextField(default="", blank=True)
    told_by = models.TextField(default="", blank=True)
    reason = models.TextField(default="", blank=True)
    digest = models.BinaryField()

    class Meta:
        db_table = "casework_issue"
        indexes = [models.Index(fields=["ward_id", "state", "reply_due_at"], name="casework_issue_due")]
        constraints = [
            state_check(ISSUE),
            _one_of("kind", KINDS | ROUTED, "casework_issue_kind", False),
            _one_of("urgency", URGENCIES, "casework_issue_urgency", False),
            _one_of("unit", UNITS, "casework_issue_unit"), _one_of("agency", AGENCIES, "casework_issue_agency"),
            _one_of("reply_by", CHANNELS, "casework_issue_reply_by"),
            _one_of("told_by", CHANNELS, "casework_issue_told_by"),
            models.CheckConstraint(condition=Q(reply_by="", reply_due_at__isnull=True)
                                   | ~Q(reply_by="") & Q(reply_due_at__isnull=False), name="casework_issue_promise"),
            models.CheckConstraint(condition=Q(kind__in=sorted(KINDS), visit__isnull=False)
                                   | Q(kind__in=sorted(ROUTED), visit__isnull=True, words="", place="", answer="",
                                       reply_by="", reason=""), name="casework_issue_nothing_of_the_routed"),
            models.CheckConstraint(condition=~Q(kind__in=sorted(ROUTED)) | Q(state__in=["received", "routed_out"]),
                                   name="casework_issue_routed_out"),
            models.CheckConstraint(condition=~Q(unit="mediation") | Q(kind="conflict"), name="casework_issue_mediation")]
