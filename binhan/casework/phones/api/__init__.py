"""The phone's own calls, and the office's on phones."""
from __future__ import annotations

from ninja import Router

from binhan.casework.phones.api import devices, outbox, sync

routers: tuple[Router, ...] = (devices.router, sync.router, outbox.router)
