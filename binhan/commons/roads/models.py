"""Columns of a ward's roads."""
from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone


class RoadNet(models.Model):
    """The walkable roads in and around a ward, from an OpenStreetMap file. `nodes`, `stretches`: packed
    (roads/rules/packed.py); `imported_at` names the version."""

    ward_id = models.IntegerField(primary_key=True)
    nodes = models.BinaryField()
    stretches = models.BinaryField()
    count = models.IntegerField()
    source = models.TextField()
    imported_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "casework_roads"  # made before the roads belonged to everybody; installations have it under this name
        constraints = [models.CheckConstraint(condition=Q(count__gt=0), name="casework_roads_some")]
