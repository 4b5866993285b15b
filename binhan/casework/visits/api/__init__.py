"""Rounds, turfs and visits over HTTP, for casework roles only."""
from __future__ import annotations

from ninja import Router

from binhan.casework.visits.api import rounds, turfs

routers: list[tuple[str, Router]] = [("/", rounds.router), ("/", turfs.router)]
