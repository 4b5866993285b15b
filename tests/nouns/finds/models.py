"""Columns of a find: what it is, and where it stands."""
from __future__ import annotations

from django.db import models

from binhan.commons.cases.models import Moved, state_check
from tests.nouns.finds.lifecycle import FIND, State


class Find(Moved):
    """One thing, described so that its owner would know it."""

    id = models.UUIDField(primary_key=True)
    ward_id = models.IntegerField(db_index=True)
    state = models.TextField(default=State.KEPT)
    what = models.TextField()
    found_at = models.DateTimeField()
    receipt = models.TextField(default="", blank=True)
    reason = models.TextField(default="", blank=True)

    class Meta:
        db_table = FIND.table
        constraints = [state_check(FIND)]
