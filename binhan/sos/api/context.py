"""What this context brings: all of SOS over HTTP."""
from __future__ import annotations

from binhan.commons.context import Context
from binhan.kernel.words import Words
from binhan.sos.api import assignments, desk, incidents, patrols, presses

CONTEXT = Context(
    app="binhan.sos.api",
    name=Words("SOS", "SOS"),
    routers=(presses.router, incidents.router, assignments.router, patrols.router, desk.router),
    code_lists=desk.code_lists,
)
