"""The journal's columns. Rows are written by the SQL function journal_append_rows alone."""
from __future__ import annotations

from django.db import models


class Head(models.Model):
    """The last number and hash of a ward; its row lock serialises that ward's journal."""

    ward_id = models.IntegerField(primary_key=True)
    seq = models.BigIntegerField(default=0)
    hash = models.BinaryField()

    class Meta:
        db_table = "journal_head"


class Entry(models.Model):
    """One change: codes and ids only, never a person's words, name or position."""

    pk = models.CompositePrimaryKey("ward_id", "seq")
    ward_id = models.IntegerField()
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    actor = models.TextField()
    verb = models.TextField()
    subject_kind = models.TextField()
    subject_id = models.UUIDField(null=True)
    facts = models.JSONField(default=dict)
    prev_hash = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        db_table = "journal_entry"
        indexes = [
            models.Index(fields=["ward_id", "subject_id", "seq"], name="journal_entry_subject"),
            models.Index(fields=["ward_id", "subject_id", "actor", "at"], name="journal_entry_reads",
                         condition=models.Q(verb="read"))]
