"""Columns of rounds: which khu phố, which priority areas and why, who walks, and which doors in which order.

No column joins what happened at a door to a person, a household or an account. Doors and khu phố are never deleted, only
closed; those of a sample ward are, and then their rounds' rows go with them.
"""
from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Deferrable, F, Q
from django.utils import timezone

from binhan.casework.households.models import Dwelling
from binhan.casework.visits.lifecycle import ROUND, State
from binhan.casework.visits.rules.codes import DOORS_MAX, GROUPS_MAX, MINUTES, OUTCOMES, PARTS, SPOKEN
from binhan.commons.cases.models import Moved, state_check
from binhan.commons.places.models import Area, Way
from binhan.commons.wire import in_vietnamese
from binhan.kernel.ids import new_id


class Round(Moved):
    """One round through some khu phố, for a purpose, from a day until a day."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ward_id = models.IntegerField(db_index=True)
    name = models.TextField()
    purpose = models.TextField()
    from_on = models.DateField()
    to_on = models.DateField()
    state = models.TextField(default=State.DRAFT)
    max_doors = models.SmallIntegerField(default=DOORS_MAX)
    minutes_at_door = models.FloatField(default=MINUTES)
    topics = models.JSONField(default=list)  # codes of Topic, as valid on the first day
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    planned_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    reason = models.TextField(default="", blank=True)

    class Meta:
        db_table = "casework_round"
        indexes = [models.Index(fields=["ward_id", "-from_on", "-id"], name="casework_round_latest")]
        constraints = [
            state_check(ROUND),
            models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="casework_round_days"),
            models.CheckConstraint(condition=Q(max_doors__range=(1, 500)), name="casework_round_doors"),
            models.CheckConstraint(condition=Q(minutes_at_door__range=(0, 480)), name="casework_round_minutes"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(purpose=""), name="casework_round_said"),
            models.UniqueConstraint(fields=["follows"], name="casework_round_one_successor")]


class Team(models.Model):
    """Who walks: how many of which part, in how many groups. One per khu phố unless the planner says otherwise."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ward_id = models.IntegerField(db_index=True)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="teams")
    name = models.TextField()
    composition = models.JSONField(default=dict)  # {part: how many}
    groups = models.SmallIntegerField(default=1)

    class Meta:
        db_table = "casework_team"
        constraints = [models.UniqueConstraint(fields=["round", "name"], name="casework_team_name"),
                       models.CheckConstraint(condition=Q(groups__range=(1, GROUPS_MAX)), name="casework_team_groups")]


class Member(models.Model):
    """An account named to a team. Where nobody is named, the team members of that khu phố are the team."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ward_id = models.IntegerField(db_index=True)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="members")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    part = models.TextField(default="other", choices=list(in_vietnamese(PARTS).items()))

    class Meta:
        db_table = "casework_team_member"
        constraints = [models.UniqueConstraint(fields=["team", "account"], name="casework_team_member_once"),
                       models.CheckConstraint(condition=Q(part__in=sorted(PARTS)), name="casework_team_member_part")]


class RoundArea(models.Model):
    """A khu phố that the round covers, and the team that walks it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ward_id = models.IntegerField(db_index=True)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="areas")
    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="areas")

    class Meta:
        db_table = "casework_round_area"
        constraints = [models.UniqueConstraint(fields=["round", "area"], name="casework_round_area_once")]


class Priority(models.Model):
    """Where the round goes first – a khu phố, a tổ or a way – and the stated reason."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ward_id = models.IntegerField(db_index=True)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="priorities")
    area = models.ForeignKey(Area, on_delete=models.CASCADE, null=True, related_name="+")
    way = models.ForeignKey(Way, on_delete=models.CASCADE, null=True, related_name="+")
    reason = models.TextField()

    class Meta:
        db_table = "casework_priority"
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="casework_priority_reason"),
            models.CheckConstraint(condition=Q(area__isnull=True, way__isnull=False)
                                   | Q(area__isnull=False, way__isnull=True), name="casework_priority_one_place")]


class Turf(models.Model):
    """Doors that one group walks in one go. `begun_at`: its first visit; from then on re-planning leaves it alone."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ward_id = models.IntegerField(db_index=True)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="turfs")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="turfs")
    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="+")
    number = models.IntegerField()
    group = models.SmallIntegerField(default=1, db_column="group_number")
    priority = models.SmallIntegerField()
    length_m = models.FloatField()
    minutes = models.FloatField()
    begun_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "casework_turf"
        constraints = [models.UniqueConstraint(fields=["round", "number"], name="casework_turf_number")]


class TurfDoor(models.Model):
    """A door's turf and place in the walk. The database itself sees to it that a round has each door once."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ward_id = models.IntegerField(db_index=True)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="doors")
    turf = models.ForeignKey(Turf, on_delete=models.CASCADE, related_name="doors")
    dwelling = models.ForeignKey(Dwelling, on_delete=models.CASCADE, related_name="+")
    place = models.IntegerField()
    first = models.BooleanField(default=False)  # lies in a priority area

    class Meta:
        db_table = "casework_turf_door"
        constraints = [
            models.UniqueConstraint(fields=["round", "dwelling"], name="casework_turf_door_once"),
            models.UniqueConstraint(fields=["turf", "place"], deferrable=Deferrable.DEFERRED,
                                    name="casework_turf_door_place")]


class Topic(models.Model):
    """What a team may inform about, from a day until a day. ward_id 0 holds for every ward."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ward_id = models.IntegerField(db_index=True)
    code = models.TextField()
    vi = models.TextField()
    en = models.TextField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "casework_topic"
        constraints = [models.UniqueConstraint(fields=["ward_id", "code", "valid_from"], name="casework_topic_once"),
                       models.CheckConstraint(condition=Q(code__regex=r"^[a-z][a-z0-9_]{0,39}$"),
                                              name="casework_topic_code")]


class Visit(models.Model):
    """What happened at a door, once. It names the door and the team, and nobody: no person, no household, no account, so
    that no refusal can be counted against anybody. Who sent it stands in the journal, without the outcome."""

    id = models.UUIDField(primary_key=True)
    ward_id = models.IntegerField(db_index=True)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="visits")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    dwelling = models.ForeignKey(Dwelling, on_delete=models.CASCADE, related_name="+")
    outcome = models.TextField(choices=list(in_vietnamese(OUTCOMES).items()))
    come_back_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    received_at = models.DateTimeField()
    skew_s = models.IntegerField(default=0)  # how far the phone's clock was behind; the times above are set right
    present = models.JSONField(default=dict)  # {part: how many}
    notice_lang = models.TextField(default="", blank=True)
    notice_version = models.TextField(default="", blank=True)
    consents = models.JSONField(default=dict)  # {purpose: agreed}
    topics = models.JSONField(default=list)
    note = models.TextField(default="", blank=True)
    digest = models.BinaryField()

    class Meta:
        db_table = "casework_visit"
        indexes = [models.Index(fields=["round", "dwelling", "started_at"], name="casework_visit_door")]
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=sorted(OUTCOMES)), name="casework_visit_outcome"),
            models.CheckConstraint(condition=Q(outcome="come_back", come_back_at__isnull=False)
                                   | ~Q(outcome="come_back") & Q(come_back_at__isnull=True),
                                   name="casework_visit_come_back"),
            models.CheckConstraint(condition=Q(ended_at__gte=F("started_at")), name="casework_visit_times"),
            models.CheckConstraint(condition=Q(outcome__in=sorted(SPOKEN)) | Q(consents={}, topics=[]),
                                   name="casework_visit_spoken"),
            models.CheckConstraint(condition=Q(consents={}) | ~Q(notice_version=""), name="casework_visit_notice")]
