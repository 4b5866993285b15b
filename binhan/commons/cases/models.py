"""Where a record with a lifecycle stands, and who brought it there: the same columns for every noun."""
from __future__ import annotations

from django.db import models

from binhan.kernel.lifecycle import Lifecycle


class Moved(models.Model):
    """The columns of a noun with a lifecycle. Each gives `state` its own start; the moves are `cases.actions`' to make."""

    ward_id: int | models.IntegerField[int, int]
    state = models.TextField()
    level = models.IntegerField(default=0)  # how often its clock has rung in this state
    moved_at = models.DateTimeField()
    moved_by = models.TextField()
    moved_verb = models.TextField()

    class Meta:
        abstract = True


def state_check(lifecycle: Lifecycle) -> models.CheckConstraint:
    """Only the states of the table; which leads to which is the guard's to say."""
    return models.CheckConstraint(condition=models.Q(state__in=[str(s) for s in lifecycle.states]),
                                  name=f"{lifecycle.table}_state")
