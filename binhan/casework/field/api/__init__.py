"""The phone's own calls, and the office's on phones and conflicts."""
from __future__ import annotations

from ninja import Router

from binhan.casework.field.api.conflicts import router as conflicts
from binhan.casework.field.api.devices import router as devices
from binhan.casework.field.api.outbox import router as outbox
from binhan.casework.field.api.sync import router as sync

routers: tuple[Router, ...] = (devices, sync, outbox, conflicts)
