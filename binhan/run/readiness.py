"""GET /readyz: every part by name, what waits and what room there is. Asked by whoever watches the system from outside."""
from __future__ import annotations

import asyncio
from typing import Any

from binhan.kernel.errors import Problem
from binhan.kernel.room import FILE_ROOM, MB, free_bytes
from binhan.live.app import Live
from binhan.live.http import Send, answer_json
from binhan.run import signs
from binhan.site.environment import Environment

ALIVE_S = {"clocks-1": 6.0, "clocks-2": 6.0, "notify": 8.0, "web": 8.0, "desk": 8.0}  # since the last sign of life
OVERDUE_S, WAITING_S = 5.0, 60.0  # a rung, an alert: later than that is a fault, whatever the parts say of themselves


class Readiness:
    """What the front door knows of the others."""

    def __init__(self, env: Environment, live: Live) -> None:
        self.env, self.live = env, live

    async def __call__(self, send: Send) -> None:
        """Each part by name; 503 when one is missing, late or out of room."""
        parts: dict[str, bool] = {"listener": self.live.hub.listening, "wards": self.live.wards is not None}
        figures: dict[str, Any] = {"disk_free_mb": free_bytes(self.env.data_dir) // MB}
        parts["disk"] = figures["disk_free_mb"] >= FILE_ROOM // MB
        try:
            ages, waiting = await asyncio.wait_for(self._asked(), 3)
            parts["database"] = True
            figures |= {"clocks_overdue_s": waiting["overdue_s"], "messages_waiting_s": waiting["messages_s"]}
            near = signs.ages(self.env.data_dir)
            parts |= {name: min(float(ages.get(name, 1e9)), near.get(name, 1e9)) < limit for name, limit in ALIVE_S.items()}
            parts["clocks"] = parts["clocks-1"] and parts["clocks-2"]
            parts["rungs_in_time"] = figures["clocks_overdue_s"] < OVERDUE_S
            parts["alerts_in_time"] = figures["messages_waiting_s"] < WAITING_S
        except (Problem, TimeoutError, OSError):
            parts |= dict.fromkeys(("database", "clocks", "rungs_in_time", "alerts_in_time", *ALIVE_S), False)
        for name, address in (("web", self.env.web_address), ("desk", self.env.desk_address)):
            parts[name] = parts[name] and await _listens(address)  # its last sign of life may be of before it died
        good = all(parts.values())
        await answer_json(send, 200 if good else 503, {"status": "ready" if good else "not ready",
                                                       "parts": {**parts, **figures}})

    async def _asked(self) -> tuple[dict[str, Any], dict[str, Any]]:
        call = self.live.store.call
        return (await call("SELECT live_heartbeats()", patience_s=0), await call("SELECT live_ready()", patience_s=0))


async def _listens(addresses: str) -> bool:
    for one in addresses.split(","):
        host, _, port = one.rpartition(":")
        try:
            _, writer = await asyncio.wait_for(asyncio.open_connection(host, int(port)), 2)
        except (OSError, TimeoutError):
            return False
        writer.close()
    return True
