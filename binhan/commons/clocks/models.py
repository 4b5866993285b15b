"""Clocks that are running, and the dated policy rows that say how long each may run."""
from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Clock(models.Model):
    """`verb` is done to the subject by the clock itself when `due_at` has passed."""

    ward_id = models.IntegerField()
    subject_kind = models.TextField()
    subject_id = models.UUIDField()
    policy = models.TextField()
    verb = models.TextField()
    rung = models.IntegerField(default=0)
    due_at = models.DateTimeField()
    set_at = models.DateTimeField()
    failures = models.IntegerField(default=0)
    paused_at = models.DateTimeField(null=True)  # while it stands still, due_at is NEVER
    left = models.DurationField(null=True)  # what was left then; working days count as days

    class Meta:
        db_table = "clocks_clock"
        constraints = [models.UniqueConstraint(fields=["subject_id", "policy"], name="clocks_clock_one_per_policy")]
        indexes = [models.Index(fields=["due_at"], name="clocks_clock_due")]


class CalendarDay(models.Model):
    """A day that is not what its weekday says, in the whole country: off, or a weekend day worked in exchange. The
    government decides both every year."""

    class Kind(models.TextChoices):
        OFF = "off", _("nghỉ")
        WORKED = "worked", _("làm bù")

    day = models.DateField(primary_key=True)
    kind = models.TextField(choices=Kind.choices)
    name = models.TextField(default="", blank=True)
    source = models.TextField()
    verified = models.BooleanField(default=False)

    class Meta:
        db_table = "clocks_day"
        constraints = [models.CheckConstraint(condition=models.Q(kind__in=["off", "worked"]), name="clocks_day_kind")]


class Policy(models.Model):
    """How long – `amount` of `unit` (s seconds, wh working hours, wd working days) – or how many (n), dated, with its
    source.

    ward_id 0 holds for every ward that has no row of its own.
    """

    class Unit(models.TextChoices):
        SECONDS = "s", _("giây")
        WORKING_HOURS = "wh", _("giờ làm việc")
        WORKING_DAYS = "wd", _("ngày làm việc")
        COUNT = "n", _("số lượng")

    ward_id = models.IntegerField(default=0)
    name = models.TextField()
    track = models.TextField(default="", blank=True)
    priority = models.TextField(default="", blank=True)
    amount = models.IntegerField()
    unit = models.TextField(choices=Unit.choices, default=Unit.SECONDS)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    legal_basis = models.TextField(default="", blank=True)
    source = models.TextField()
    verified = models.BooleanField(default=False)

    class Meta:
        db_table = "clocks_policy"
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="clocks_policy_amount_positive"),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=models.F("valid_from")),
                name="clocks_policy_period"),
        ]
        indexes = [models.Index(fields=["name", "ward_id", "valid_from"], name="clocks_policy_lookup")]
