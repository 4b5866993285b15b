"""An assignment's columns: one unit on one incident."""
from __future__ import annotations

from django.db import models

from binhan.commons.cases.models import Moved, state_check
from binhan.kernel.ids import new_id
from binhan.sos.assignments.lifecycle import ACTIVE, ASSIGNMENT, State
from binhan.sos.incidents.models import Incident
from binhan.sos.patrols.models import Unit


class Assignment(Moved):
    """A unit's task on an incident. `rank` and `eta_s` are what the recommendation said at the offer."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ward_id = models.IntegerField()
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="assignments")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="assignments")
    state = models.TextField(default=State.OFFERED)
    rank = models.IntegerField(null=True)
    eta_s = models.FloatField(null=True)
    distance_m = models.FloatField(null=True)
    offered_at = models.DateTimeField()
    offered_by = models.TextField()
    accepted_at = models.DateTimeField(null=True)
    en_route_at = models.DateTimeField(null=True)
    on_scene_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.TextField(default="")
    note = models.TextField(default="")

    class Meta:
        db_table = "sos_assignment"
        constraints = [
            state_check(ASSIGNMENT),
            models.UniqueConstraint(fields=["incident", "unit"], name="sos_assignment_once_active",
                                    condition=models.Q(state__in=[str(s) for s in ACTIVE])),
        ]
        indexes = [models.Index(fields=["ward_id", "state"], name="sos_assignment_ward"),
                   models.Index(fields=["unit", "state"], name="sos_assignment_unit")]
