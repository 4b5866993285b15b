"""Wards served here, the national register of units, khu phố and tổ, the ways that people walk, and QR places."""
from __future__ import annotations

from django.db import models
from django.db.models.functions import Collate
from django.utils.translation import gettext_lazy as _

from binhan.commons.places.rules import PLACE_CODE
from binhan.kernel.geo import VIETNAM_BOX
from binhan.kernel.ids import new_id

_SOUTH, _WEST, _NORTH, _EAST = VIETNAM_BOX


def in_box(name: str) -> models.CheckConstraint:
    """The database's own refusal of coordinates outside Viet Nam and its seas."""
    inside = models.Q(lat__gte=_SOUTH, lat__lte=_NORTH, lon__gte=_WEST, lon__lte=_EAST)
    return models.CheckConstraint(condition=inside | models.Q(lat__isnull=True, lon__isnull=True), name=name)


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
        constraints = [
            in_box("places_ward_in_vietnam"),
            models.CheckConstraint(condition=models.Q(code__regex=r"^[0-9]{5}$"), name="places_ward_code"),
            models.CheckConstraint(
                condition=models.Q(served_to__isnull=True) | models.Q(served_to__gte=models.F("served_from")),
                name="places_ward_served"),
        ]

    def __str__(self) -> str:
        return self.full_name


class Unit(models.Model):
    """One administrative unit of the national register, with its dates and former names.

    `search_key` is "|name|former name|…|", each folded and without its type ("phường").
    """

    class Kind(models.TextChoices):
        PROVINCE = "province", _("tỉnh, thành phố")
        WARD = "ward", _("xã, phường, đặc khu")

    code = models.CharField(max_length=5, primary_key=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
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
        constraints = [
            in_box("places_unit_in_vietnam"),
            models.CheckConstraint(
                condition=models.Q(kind="province", code__regex=r"^[0-9]{2}$")
                | models.Q(kind="ward", code__regex=r"^[0-9]{5}$"), name="places_unit_code"),
        ]

    def __str__(self) -> str:
        return self.full_name


class Area(models.Model):
    """A part of a ward: khu phố or ấp, and inside it its tổ."""

    class Kind(models.TextChoices):
        KHU_PHO = "khu_pho", _("khu phố")
        AP = "ap", _("ấp")
        TO = "to", _("tổ")

    id = models.UUIDField(primary_key=True, default=new_id)
    ward_id = models.IntegerField(db_index=True)
    kind = models.TextField(default=Kind.KHU_PHO, choices=Kind.choices)
    name = models.TextField()
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="parts")
    boundary = models.JSONField(null=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        db_table = "places_area"
        constraints = [
            models.UniqueConstraint(fields=["ward_id", "parent", "name"], nulls_distinct=False, name="places_area_name"),
            models.CheckConstraint(condition=models.Q(kind="to") | models.Q(parent__isnull=True),
                                   name="places_area_parent"),
            models.CheckConstraint(condition=models.Q(kind__in=["khu_pho", "ap", "to"]), name="places_area_kind"),
        ]

    def __str__(self) -> str:
        return self.name


class Way(models.Model):
    """What people walk along or into: a street, an alley off it, a block, a boarding house, a school, a firm, a market.

    `search_key` is "|name|former name|…|", folded; `aliases` are former names, separated by semicolons. `line` is a
    GeoJSON LineString when the course is known.
    """

    class Kind(models.TextChoices):
        STREET = "street", _("đường")
        ALLEY = "alley", _("hẻm")
        BLOCK = "block", _("chung cư")
        BOARDING = "boarding_house", _("nhà trọ")
        SCHOOL = "school", _("trường học")
        FIRM = "firm", _("doanh nghiệp")
        MARKET = "market", _("chợ")

    id = models.UUIDField(primary_key=True, default=new_id)
    ward_id = models.IntegerField(db_index=True)
    kind = models.TextField(choices=Kind.choices)
    name = models.TextField()
    aliases = models.TextField(default="", blank=True)
    search_key = models.TextField()
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="branches")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, related_name="+")
    line = models.JSONField(null=True)
    active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        db_table = "places_way"
        indexes = [models.Index("ward_id", Collate("search_key", "C"), "id", name="places_way_by_name")]
        constraints = [
            models.UniqueConstraint(fields=["ward_id", "parent", "name"], nulls_distinct=False, name="places_way_name"),
            models.CheckConstraint(condition=~models.Q(name=""), name="places_way_named"),
            models.CheckConstraint(condition=models.Q(kind__in=["street", "alley", "block", "boarding_house", "school",
                                                               "firm", "market"]), name="places_way_kind"),
        ]

    def __str__(self) -> str:
        return self.name


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
        constraints = [
            in_box("places_place_in_vietnam"),
            models.CheckConstraint(condition=models.Q(code__regex=PLACE_CODE), name="places_place_code"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
