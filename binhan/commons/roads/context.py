"""What this context brings: the road graph; asked by who plans a way, shown on no page of its own."""
from __future__ import annotations

from binhan.commons.context import Context
from binhan.kernel.words import Words

CONTEXT = Context(app="binhan.commons.roads", name=Words("Mạng đường", "Roads"))
