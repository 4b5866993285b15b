"""What this context brings: dated policies and the country's calendar."""
from __future__ import annotations

from binhan.commons.context import Context
from binhan.kernel.words import Words

CONTEXT = Context(
    app="binhan.commons.clocks",
    name=Words("Thời hạn", "Time limits"),
    desk_events=frozenset({"policy", "calendar"}),
    defaults_for_all=frozenset({"clocks_policy"}),
)
