"""Wards served here, the national register of units, khu phố, and the places that carry a QR code."""
from __future__ import annotations

from django.db import models

from binhan.kernel.ids import new_id


class Ward(models.Model):
    """A ward that this installation serves. ward_id is the national code as a number."""

    ward_id = models.IntegerField(primary_key=True)
    code = models.CharField(max_length=5, unique=True)
    name = models.TextField()
    full_name = models.TextField()
    province_code = models.CharField(max_length=2)
    boundary = models.JSONField()
    lat = models.FloatField()
    lon = models.FloatField()
    served_from = models.DateTimeField()
    served_to = models.DateTimeField(null=True)
    desk_phone = models.TextField(null=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        db_table = "places_ward"


class Unit(models.Model):
    """One administrative unit of the national register, with its dates and former names."""

    code = models.CharField(max_length=5, primary_key=True)
    kind = models.CharField(max_length=8)
    name = models.TextField()
    full_name = models.TextField()
    name_en = models.TextField(default="")
    province_code = models.CharField(max_length=2)
    aliases = models.TextField(default="")
    search_key = models.TextField()
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "places_unit"


class Area(models.Model):
    """A part of a ward: khu phố or ấp."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ward_id = models.IntegerField(db_index=True)
    kind = models.TextField(default="khu_pho")
    name = models.TextField()
    boundary = models.JSONField(null=True)

    class Meta:
        db_table = "places_area"


class Place(models.Model):
    """A spot with a QR poster or NFC tag: a press from it needs no GPS."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ward_id = models.IntegerField(db_index=True)
    code = models.TextField(unique=True)
    name = models.TextField()
    address = models.TextField(default="", blank=True)
    lat = models.FloatField()
    lon = models.FloatField()
    floor = models.TextField(default="", blank=True)
    room = models.TextField(default="", blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        db_table = "places_place"
