"""What this context brings: who may do what, tokens, and the walls of the office itself."""
from __future__ import annotations

from binhan.commons.access.api import router
from binhan.commons.access.rules import AUDIT, OFFICE
from binhan.commons.context import Context
from binhan.kernel.words import Words

CONTEXT = Context(
    app="binhan.commons.access",
    name=Words("Quyền", "Rights"),
    routers=(router,),
    purposes={"office": OFFICE, "audit": AUDIT},
    desk_events=frozenset({"account", "grant", "token"}),
)
