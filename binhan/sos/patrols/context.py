"""What this context brings: units, their shifts and where they are."""
from __future__ import annotations

from binhan.commons.clocks.rules import PolicySpec
from binhan.commons.clocks.tasks import Paced
from binhan.commons.context import Context
from binhan.kernel.words import Words
from binhan.sos.patrols.tasks import LOOK_EVERY_S, look

CONTEXT = Context(
    app="binhan.sos.patrols",
    name=Words("Tuần tra", "Patrols"),
    sweeps={"tracks": Paced(LOOK_EVERY_S, look)},
    policies=(PolicySpec("patrol.keep_track", "s", Words("Vết đi tuần tra: giữ trong", "Patrol tracks: keep for")),),
    desk_events=frozenset({"unit"}),
    hot_only=frozenset({"live_positions", "live_units"}),
)
