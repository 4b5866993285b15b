"""Units, their shifts, and where they are: the latest fix and the track of a shift."""
from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from binhan.kernel.ids import new_id


class Unit(models.Model):
    """A patrol that can be sent: its call sign, how it moves, what it carries."""

    class Kind(models.TextChoices):
        FOOT = "foot", _("Đi bộ")
        BICYCLE = "bicycle", _("Xe đạp")
        MOTORBIKE = "motorbike", _("Xe máy")
        CAR = "car", _("Ô tô")
        BOAT = "boat", _("Xuồng")

    id = models.UUIDField(primary_key=True, default=new_id)
    ward_id = models.IntegerField(db_index=True)
    call_sign = models.TextField()
    kind = models.TextField(choices=Kind.choices, default=Kind.MOTORBIKE)
    capabilities = ArrayField(models.TextField(), default=list, blank=True)
    tracker_key = models.TextField(unique=True)
    active = models.BooleanField(default=True)

    class Meta:
        db_table = "patrol_unit"
        constraints = [models.UniqueConstraint(fields=["ward_id", "call_sign"], name="patrol_unit_call_sign")]


class Shift(models.Model):
    """A unit on duty with its crew (account ids). Positions are kept only within one."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ward_id = models.IntegerField()
    unit_id = models.UUIDField()
    crew = ArrayField(models.UUIDField(), default=list)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "patrol_shift"
        constraints = [models.UniqueConstraint(fields=["unit_id"], name="patrol_shift_one_open",
                                               condition=models.Q(ended_at__isnull=True))]
        indexes = [models.Index(fields=["ward_id", "started_at"], name="patrol_shift_ward")]


class Position(models.Model):
    """Where a unit was last: the fix with the latest time wins."""

    unit_id = models.UUIDField(primary_key=True)
    ward_id = models.IntegerField(db_index=True)
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    lat = models.FloatField()
    lon = models.FloatField()
    accuracy_m = models.FloatField(null=True)
    speed_mps = models.FloatField(null=True)
    heading = models.FloatField(null=True)
    battery = models.FloatField(null=True)
    source = models.TextField(default="app")

    class Meta:
        db_table = "patrol_position"


class Track(models.Model):
    """Every fix of a shift, partitioned by day (made by migration SQL; deleted by schedule)."""

    pk = models.CompositePrimaryKey("unit_id", "at")
    ward_id = models.IntegerField()
    unit_id = models.UUIDField()
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    lat = models.FloatField()
    lon = models.FloatField()
    accuracy_m = models.FloatField(null=True)
    speed_mps = models.FloatField(null=True)
    heading = models.FloatField(null=True)
    battery = models.FloatField(null=True)
    source = models.TextField(default="app")

    class Meta:
        db_table = "patrol_track"
        managed = False
