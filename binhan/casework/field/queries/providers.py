"""What other contexts put into a working set: questionnaires, appointments, slips."""
from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.conf import settings

from binhan.casework.appointments.rules.slips import slip_json


def form_of_round(round_id: UUID) -> UUID | None:
    """The questionnaire that goes with a round."""
    return None


def form_doc(form_id: UUID) -> dict[str, Any] | None:
    """A questionnaire as phones render it."""
    return None


def appointments_for(ward_id: int, dwelling_ids: Collection[UUID]) -> list[tuple[UUID, dict[str, Any]]]:
    """The appointments at these doors, by their id."""
    return []


def slip_of(round_id: UUID, dwelling_id: UUID) -> dict[str, str]:
    """The door's code for its next visit, and the address where the resident uses it."""
    return slip_json(settings.ENV.key, settings.PUBLIC_URL, round_id, dwelling_id)
