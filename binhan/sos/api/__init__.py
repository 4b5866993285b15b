"""The SOS half over HTTP: incidents, assignments, units and shifts, the desk."""
from __future__ import annotations

from ninja import Router

from binhan.sos.api import assignments, desk, incidents, patrols

routers: list[tuple[str, Router]] = [
    ("/", incidents.router), ("/", assignments.router), ("/", patrols.router), ("/", desk.router)]
