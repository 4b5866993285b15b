"""Every lifecycle of the system, with the table whose rows it guards."""
from __future__ import annotations

from binhan.casework.appointments.lifecycle import APPOINTMENT
from binhan.casework.field.lifecycle import CONFLICT, DEVICE
from binhan.casework.listening.lifecycle import ISSUE
from binhan.casework.visits.lifecycle import ROUND
from binhan.kernel.lifecycle import Lifecycle
from binhan.sos.assignments.lifecycle import ASSIGNMENT
from binhan.sos.incidents.lifecycle import INCIDENT

LIFECYCLES: list[tuple[Lifecycle, str]] = [(INCIDENT, "sos_incident"), (ASSIGNMENT, "sos_assignment"),
                                           (ROUND, "casework_round"), (ISSUE, "casework_issue"),
                                           (APPOINTMENT, "casework_appointment"), (DEVICE, "casework_device"),
                                           (CONFLICT, "casework_conflict")]
