"""An incident's columns, its presses and facts, and the ladder's dated rungs. No verbs here."""
from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from binhan.commons.cases.models import Moved, state_check
from binhan.kernel.ids import new_id
from binhan.kernel.kinds import KINDS, PRIORITIES
from binhan.sos.incidents.lifecycle import INCIDENT, State
from binhan.sos.incidents.rules import OUTCOMES


def _one_of(field: str, values: tuple[str, ...] | list[str], name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": list(values)}), name=name)


class Incident(Moved):
    """One SOS. Personal text (note, phone, position) lives here, never in the journal."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ward_id = models.IntegerField()
    state = models.TextField(default=State.RECEIVED)
    priority = models.TextField(default="P1")
    kind = models.TextField(default="unknown")
    silent = models.BooleanField(default=False)
    channel = models.TextField(default="web")
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    accuracy_m = models.FloatField(null=True)
    located_at = models.DateTimeField(null=True)
    location_source = models.TextField(default="none")
    place_code = models.TextField(null=True)
    phone = models.TextField(null=True)
    note = models.TextField(default="")
    lang = models.TextField(default="vi")
    device_id = models.UUIDField(null=True)
    outside = models.BooleanField(default=False)
    drill = models.BooleanField(default=False)
    repeats = models.IntegerField(default=0)  # where `one_source`: how many presses it holds
    one_source = models.BooleanField(default=False, db_default=False)  # too many presses from one source, collapsed
    pressed_at = models.DateTimeField()
    received_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.UUIDField(null=True)
    dispatched_at = models.DateTimeField(null=True)
    coming_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.TextField(default="")
    outcome_note = models.TextField(default="")
    original_id = models.UUIDField(null=True)
    agency = models.TextField(default="")
    cancel_requested_at = models.DateTimeField(null=True)
    duress = models.BooleanField(default=False)
    escalated_at = models.DateTimeField(null=True)
    moved_by = models.TextField(default="resident")
    moved_verb = models.TextField(default="raise")

    class Meta:
        db_table = "sos_incident"
        constraints = [
            state_check(INCIDENT),
            _one_of("priority", PRIORITIES, "sos_incident_priority"),
            _one_of("kind", [k.code for k in KINDS], "sos_incident_kind"),
            _one_of("outcome", ["", *OUTCOMES], "sos_incident_outcome"),
            models.CheckConstraint(
                condition=models.Q(lat__isnull=True, lon__isnull=True)
                | models.Q(lat__gte=-90, lat__lte=90, lon__gte=-180, lon__lte=180), name="sos_incident_position"),
        ]
        indexes = [
            models.Index(fields=["ward_id", "state", "received_at"], name="sos_incident_queue"),
            models.Index(fields=["ward_id", "received_at", "id"], name="sos_incident_listing"),
            models.Index(fields=["received_at", "id"], name="sos_incident_all_wards"),
            models.Index(fields=["device_id", "received_at"], name="sos_incident_device",
                         condition=models.Q(device_id__isnull=False)),
        ]


class Press(models.Model):
    """Each press that was answered: what makes a retry the same press."""

    press_id = models.UUIDField(primary_key=True)
    ward_id = models.IntegerField()
    incident_id = models.UUIDField(db_index=True)
    received_at = models.DateTimeField()
    body_hash = models.BinaryField()
    merged = models.BooleanField(default=False)
    said = models.IntegerField(default=0, db_default=0)  # notes, chat lines and small facts
    said_bytes = models.IntegerField(default=0, db_default=0)
    fixes = models.IntegerField(default=0, db_default=0)  # positions, also those that were thinned out since

    class Meta:
        db_table = "sos_press"


class Fact(models.Model):
    """Something learnt after the press: a better fix, a note, a chat line, "it was a mistake"."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ward_id = models.IntegerField()
    incident_id = models.UUIDField()
    press_id = models.UUIDField(null=True)  # whose it is; none for what the desk or a crew says
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    kind = models.TextField()
    by = models.TextField()
    data = models.JSONField(default=dict)

    class Meta:
        db_table = "sos_fact"
        indexes = [models.Index(fields=["incident_id", "received_at"], name="sos_fact_incident"),
                   models.Index(fields=["press_id"], name="sos_fact_press"),
                   models.Index(fields=["incident_id", "received_at", "id"], name="sos_fact_chat",
                                condition=models.Q(kind="chat"))]


class Rung(models.Model):
    """One rung of a ward's ladder: who is called when nobody has acknowledged for `after_s` seconds."""

    ward_id = models.IntegerField(default=0)
    rung = models.IntegerField()
    after_s = models.IntegerField()
    audience = ArrayField(models.TextField())
    channels = ArrayField(models.TextField())
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    source = models.TextField()

    class Meta:
        db_table = "sos_rung"
        constraints = [
            models.CheckConstraint(condition=models.Q(rung__gte=1, after_s__gte=1), name="sos_rung_positive"),
            models.UniqueConstraint(fields=["ward_id", "rung", "valid_from"], name="sos_rung_once"),
        ]


class DeskShift(models.Model):
    """Who sits at the ward's duty desk, in which seat, and whether they heard the alarm at the start."""

    class Seat(models.TextChoices):
        DESK = "desk", _("Trực ban")
        SECOND = "second", _("Trực ban thứ hai")
        LEAD = "lead", _("Trưởng ca")
        CHIEF = "chief", _("Chỉ huy")

    id = models.UUIDField(primary_key=True, default=new_id)
    ward_id = models.IntegerField()
    account_id = models.UUIDField()
    seat = models.TextField(choices=Seat.choices)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    sound_checked_at = models.DateTimeField(null=True)
    handover_note = models.TextField(default="")

    class Meta:
        db_table = "desk_shift"
        constraints = [models.UniqueConstraint(fields=["ward_id", "account_id"], name="desk_shift_one_open",
                                               condition=models.Q(ended_at__isnull=True))]
