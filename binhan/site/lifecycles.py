"""Every lifecycle of the system."""
from __future__ import annotations

from binhan.casework.appointments.lifecycle import APPOINTMENT
from binhan.casework.field.lifecycle import CONFLICT, DEVICE
from binhan.casework.listening.lifecycle import ISSUE
from binhan.casework.visits.lifecycle import ROUND
from binhan.kernel.lifecycle import Lifecycle
from binhan.sos.assignments.lifecycle import ASSIGNMENT
from binhan.sos.incidents.lifecycle import INCIDENT

LIFECYCLES: list[Lifecycle] = [INCIDENT, ASSIGNMENT, ROUND, ISSUE, APPOINTMENT, DEVICE, CONFLICT]
