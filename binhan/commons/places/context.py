"""What this context brings: wards, khu phố, ways and QR places."""
from __future__ import annotations

from binhan.commons.context import Context
from binhan.commons.places.api import router
from binhan.kernel.words import Words

CONTEXT = Context(
    app="binhan.commons.places",
    name=Words("Địa bàn", "Places"),
    routers=(router,),
    desk_events=frozenset({"place", "area", "ward"}),
)
