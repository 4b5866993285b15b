"""Rounds, turfs and visits over HTTP, for casework roles only."""
from __future__ import annotations

from ninja import Router

from binhan.casework.visits.api import coverage, exports, rounds, turfs, visits

# Those of rounds come after what is read of a round: /rounds/{id}/{verb} would take their place.
routers: tuple[Router, ...] = (visits.router, coverage.router, exports.router, rounds.router, turfs.router)
