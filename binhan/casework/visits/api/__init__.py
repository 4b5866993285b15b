"""Rounds, turfs and visits over HTTP, for casework roles only."""
from __future__ import annotations

from ninja import Router

from binhan.casework.visits.api import coverage, exports, rounds, turfs, visits

routers: tuple[Router, ...] = (visits.router, coverage.router, exports.router, rounds.router, turfs.router)
