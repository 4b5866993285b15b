"""What other contexts put into a working set: questionnaires, appointments, slips."""
from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.conf import settings

from binhan.casework.appointments.lifecycle import OWED
from binhan.casework.appointments.models import Appointment
from binhan.casework.appointments.queries import appointments_for
from binhan.casework.appointments.rules.slips import slip_json
from binhan.casework.forms.queries import form_doc, form_of_round

__all__ = ["agreed_since", "appointments_for", "form_doc", "form_of_round", "slip_of"]


def agreed_since(rounds: Collection[UUID], dwellings: Collection[UUID]
                 ) -> dict[tuple[UUID, UUID], tuple[datetime, datetime] | None]:
    """By round and door: from when until when was agreed last; None where nothing is owed any more (1 query)."""
    rows = Appointment.objects.filter(round__in=rounds, dwelling__in=dwellings).order_by("moved_at").values_list(
        "round_id", "dwelling_id", "state", "from_at", "to_at")
    return {(row, door): (a, b) if state in OWED and a and b else None for row, door, state, a, b in rows if door}


def slip_of(round_id: UUID, dwelling_id: UUID) -> dict[str, str]:
    """The door's code for its next visit, and the address where the resident uses it."""
    return slip_json(settings.ENV.key, settings.PUBLIC_URL, round_id, dwelling_id)
