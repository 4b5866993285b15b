"""Every context of this installation: the only list. What a context brings is in its own `context.py`; it stands on those
before it, and imports none that comes after."""
from __future__ import annotations

CONTEXTS: tuple[str, ...] = (
    "binhan.commons.journal",
    "binhan.commons.people",
    "binhan.commons.access",
    "binhan.commons.clocks",
    "binhan.commons.notify",
    "binhan.commons.places",
    "binhan.commons.files",
    "binhan.commons.roads",
    "binhan.commons.cases",
    "binhan.sos.incidents",
    "binhan.sos.patrols",
    "binhan.sos.assignments",
    "binhan.sos.api",
    "binhan.casework.households",
    "binhan.casework.phones",
    "binhan.casework.visits",
    "binhan.casework.listening",
    "binhan.casework.forms",
    "binhan.casework.appointments",
    "binhan.casework.field",
)
