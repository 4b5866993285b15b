"""Doors, the households behind them, their people, and the changes that can be undone.

A person has no other fields than these, by design: no belief, opinion, origin or mark of any kind.
"""
from __future__ import annotations

from collections.abc import Collection

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from binhan.casework.households.rules import (
    BASES,
    BEST_TIMES,
    BORN_FROM,
    DOOR_KINDS,
    HOUSEHOLD_KINDS,
    OCCUPANTS_MAX,
    PHONE,
    PURPOSES,
    RELATIONS,
    RESIDENCES,
)
from binhan.commons.places.models import Area, Way, in_box
from binhan.commons.wire import in_vietnamese
from binhan.kernel.ids import new_id


def _one_of(field: str, codes: Collection[str], name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{field}__in": sorted(codes)}), name=name)


class Dwelling(models.Model):
    """One door: a house, a flat, a rented room, a shop. `walk_key` orders the doors of a way as people walk."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ward_id = models.IntegerField(db_index=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, related_name="+")
    group = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, related_name="+")
    way = models.ForeignKey(Way, on_delete=models.PROTECT, null=True, related_name="+")
    address = models.TextField()
    number = models.TextField(default="", blank=True)
    walk_key = models.TextField(db_collation="C")
    door_key = models.TextField()
    search_key = models.TextField()
    landmark = models.TextField(default="", blank=True)
    kind = models.TextField(default="house", choices=list(in_vietnamese(DOOR_KINDS).items()))
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    access_note = models.TextField(default="", blank=True)  # how one gets to the door: the gate, the bell, the back way
    best_time = models.TextField(default="", blank=True)  # when somebody is usually in; "" where nobody said
    occupants = models.SmallIntegerField(null=True)  # how many live or work behind it; a number, nobody's name
    active = models.BooleanField(default=True)
    stamp = models.UUIDField(default=new_id)
    is_demo = models.BooleanField(default=False)

    class Meta:
        db_table = "casework_dwelling"
        indexes = [models.Index(fields=["ward_id", "way", "walk_key"], name="casework_dwelling_walk"),
                   models.Index(fields=["ward_id", "area", "walk_key"], name="casework_dwelling_area")]
        constraints = [
            in_box("casework_dwelling_in_vietnam"), _one_of("kind", DOOR_KINDS, "casework_dwelling_kind"),
            _one_of("best_time", ["", *BEST_TIMES], "casework_dwelling_best_time"),
            models.CheckConstraint(condition=Q(occupants__isnull=True) | Q(occupants__range=(0, OCCUPANTS_MAX)),
                                   name="casework_dwelling_occupants"),
            models.UniqueConstraint(fields=["ward_id", "door_key"], condition=Q(active=True),
                                    name="casework_dwelling_door"),
            models.CheckConstraint(condition=~Q(address=""), name="casework_dwelling_address")]

    def __str__(self) -> str:
        return self.address


class Household(models.Model):
    """Who occupies a door, and as what, from a day until a day. One door may have several at once."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ward_id = models.IntegerField(db_index=True)
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, related_name="households")
    kind = models.TextField(default="owner", choices=list(in_vietnamese(HOUSEHOLD_KINDS).items()))
    name = models.TextField(default="", blank=True)
    code = models.TextField(default="", blank=True)
    started_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    active = models.BooleanField(default=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    stamp = models.UUIDField(default=new_id)
    is_demo = models.BooleanField(default=False)

    class Meta:
        db_table = "casework_household"
        constraints = [
            _one_of("kind", HOUSEHOLD_KINDS, "casework_household_kind"),
            models.UniqueConstraint(fields=["ward_id", "code"], condition=Q(active=True) & ~Q(code=""),
                                    name="casework_household_code"),
            models.CheckConstraint(condition=Q(ended_on__isnull=True) | Q(started_on__isnull=True)
                                   | Q(ended_on__gte=F("started_on")), name="casework_household_days"),
            models.CheckConstraint(condition=Q(active=False) | Q(merged_into__isnull=True),
                                   name="casework_household_merged")]


class Person(models.Model):
    """Somebody of a household. The national id is a keyed hash and its last four digits, never the number."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ward_id = models.IntegerField(db_index=True)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="people")
    full_name = models.TextField()
    name_key = models.TextField(db_collation="C")
    name_fold = models.TextField()
    birth_year = models.SmallIntegerField(null=True)
    phone = models.TextField(null=True)
    relation = models.TextField(default="other", choices=list(in_vietnamese(RELATIONS).items()))
    residence = models.TextField(default="permanent", choices=list(in_vietnamese(RESIDENCES).items()))
    id_hash = models.BinaryField(null=True)
    id_last4 = models.TextField(default="", blank=True)
    purpose = models.TextField(choices=list(in_vietnamese(PURPOSES).items()))
    legal_basis = models.TextField(choices=list(in_vietnamese(BASES).items()))
    active = models.BooleanField(default=True)
    merged_into = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")
    stamp = models.UUIDField(default=new_id)
    is_demo = models.BooleanField(default=False)

    class Meta:
        db_table = "casework_person"
        indexes = [models.Index(fields=["ward_id", "id_hash"], name="casework_person_id_hash",
                                condition=Q(id_hash__isnull=False)),
                   models.Index(fields=["ward_id", "name_key", "id"], name="casework_person_by_name",
                                condition=Q(active=True))]
        constraints = [
            _one_of("relation", RELATIONS, "casework_person_relation"),
            _one_of("residence", RESIDENCES, "casework_person_residence"),
            _one_of("purpose", PURPOSES, "casework_person_purpose"), _one_of("legal_basis", BASES, "casework_person_basis"),
            models.CheckConstraint(condition=~Q(full_name=""), name="casework_person_named"),
            models.CheckConstraint(condition=Q(birth_year__isnull=True) | Q(birth_year__range=(BORN_FROM, 2200)),
                                   name="casework_person_born"),
            models.CheckConstraint(condition=Q(phone__isnull=True) | Q(phone__regex=PHONE), name="casework_person_phone"),
            models.CheckConstraint(condition=Q(id_hash__isnull=True, id_last4="")
                                   | Q(id_hash__isnull=False, id_last4__regex=r"^[0-9]{4}$"), name="casework_person_id")]


class Change(models.Model):
    """A merge, split or move. `rows` says what each record held before – ids, codes and days only – so that it can be
    taken back: [{table, id, stamp, before}]; a record that the change itself made has no `before`."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ward_id = models.IntegerField(db_index=True)
    verb = models.TextField()
    actor = models.TextField()
    at = models.DateTimeField(default=timezone.now)
    rows = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.TextField(default="", blank=True)

    class Meta:
        db_table = "casework_change"
        indexes = [models.Index(fields=["ward_id", "-at"], name="casework_change_latest")]


class Upload(models.Model):
    """What was read of a file that somebody looks at before it is imported; the file itself is not kept. `columns`:
    {header: field} as the operator chose. It is gone once it is imported, thrown away or forgotten (policy
    import.keep_within). `reading_at`: when whoever reads it was last heard of; null once it is read (`table`) or cannot
    be (`unreadable`)."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ward_id = models.IntegerField(db_index=True)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.TextField(default="", blank=True)
    sheet = models.TextField(default="", blank=True)
    table = models.BinaryField(default=b"", db_column="body")  # packed: imports/table.py
    rows_read = models.IntegerField(default=0, db_default=0)
    reading_at = models.DateTimeField(null=True)
    unreadable = models.JSONField(null=True)  # the reasons
    columns = models.JSONField(default=dict)
    terms = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "casework_upload"
        constraints = [models.UniqueConstraint(fields=["ward_id", "account"], name="casework_upload_one_each")]
