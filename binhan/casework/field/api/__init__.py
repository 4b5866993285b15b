"""The phone's own calls, and the office's on phones and conflicts."""
from __future__ import annotations

from ninja import Router

from binhan.casework.field.api import conflicts, devices, outbox, sync

# What is read without a login and by fixed names comes before /field/devices/{id}/{verb}.
routers: list[tuple[str, Router]] = [("/", devices.router), ("/", sync.router), ("/", outbox.router),
                                     ("/", conflicts.router)]
