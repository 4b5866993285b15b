"""Columns of appointments, and of the hours that a ward offers. No person, no household: a door and a time."""
from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from binhan.casework.appointments.lifecycle import APPOINTMENT, LIVE, OWED, State
from binhan.casework.appointments.rules.slots import PARTS
from binhan.casework.households.models import Dwelling
from binhan.casework.visits.models import Round, Team
from binhan.commons.cases.models import Moved, state_check
from binhan.kernel.ids import new_id


class Appointment(Moved):
    """The next visit at a door of a round. `said_at`: when it was agreed; a visit before that says nothing about it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ward_id = models.IntegerField(db_index=True)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="appointments")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    dwelling = models.ForeignKey(Dwelling, on_delete=models.CASCADE, null=True, related_name="+")
    from_at = models.DateTimeField(null=True)
    to_at = models.DateTimeField(null=True)
    note = models.TextField(default="", blank=True)  # the team's own, never the household's
    state = models.TextField(default=State.OFFERED)
    reason = models.TextField(default="", blank=True)
    changes = models.SmallIntegerField(default=0)  # how often it was changed with the code
    said_at = models.DateTimeField()
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "casework_appointment"
        indexes = [models.Index(fields=["ward_id", "state", "to_at"], name="casework_appointment_due"),
                   models.Index(fields=["team", "from_at"], name="casework_appointment_team")]
        constraints = [
            state_check(APPOINTMENT),
            models.CheckConstraint(condition=Q(from_at__isnull=True, to_at__isnull=True) | Q(to_at__gt=F("from_at")),
                                   name="casework_appointment_times"),
            models.CheckConstraint(condition=~Q(state__in=[str(s) for s in OWED]) | Q(from_at__isnull=False),
                                   name="casework_appointment_agreed"),
            models.CheckConstraint(condition=~Q(state=str(State.FORGOTTEN)) | Q(
                dwelling__isnull=True, from_at__isnull=True, note="", reason=""), name="casework_appointment_forgotten"),
            models.UniqueConstraint(fields=["round", "dwelling"], condition=Q(state__in=[str(s) for s in LIVE]),
                                    name="casework_appointment_one")]


class VisitHours(models.Model):
    """When a ward's teams come, from a day until a day; see slots.Hours. ward_id 0 holds for wards without rows."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ward_id = models.IntegerField(db_index=True)
    part = models.TextField()
    weekdays = models.TextField(default="1234567")
    from_time = models.TimeField()
    to_time = models.TimeField()
    per_hour = models.SmallIntegerField(default=3)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source = models.TextField()

    class Meta:
        db_table = "casework_visit_hours"
        constraints = [
            models.CheckConstraint(condition=Q(part__in=sorted(PARTS)), name="casework_visit_hours_part"),
            models.CheckConstraint(condition=Q(weekdays__regex="^[1-7]{1,7}$"), name="casework_visit_hours_days"),
            models.CheckConstraint(condition=Q(to_time__gt=F("from_time")), name="casework_visit_hours_times"),
            models.CheckConstraint(condition=Q(per_hour__range=(1, 60)), name="casework_visit_hours_room"),
            models.CheckConstraint(condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                                   name="casework_visit_hours_period")]
