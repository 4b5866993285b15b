"""The sample patrols: they ride about the ward, sending each fix through POST /live/position as a phone would."""
from __future__ import annotations

import json
import logging
import math
import random
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import DatabaseError, close_old_connections

from binhan.commons.access.scope import system_scope
from binhan.demo.ward import HOME, UNITS, points_inside
from binhan.site.environment import load
from binhan.sos.patrols.models import Unit

log = logging.getLogger(__name__)
EVERY_S = 5.0
M_PER_DEGREE = 111_195.0


@dataclass
class Patrol:
    """One program-driven unit: where it is and where it heads."""

    key: str
    lat: float
    lon: float
    goal: tuple[float, float]
    speed_mps: float

    def move(self, seconds: float) -> float:
        """Go towards the goal; answers the heading in degrees."""
        dy = (self.goal[0] - self.lat) * M_PER_DEGREE
        dx = (self.goal[1] - self.lon) * M_PER_DEGREE * math.cos(math.radians(self.lat))
        far = math.hypot(dx, dy)
        share = min(1.0, self.speed_mps * seconds / far) if far > 1 else 1.0
        self.lat += (self.goal[0] - self.lat) * share
        self.lon += (self.goal[1] - self.lon) * share
        return math.degrees(math.atan2(dx, dy)) % 360

    def arrived(self) -> bool:
        """True within a few metres of the goal."""
        return abs(self.lat - self.goal[0]) + abs(self.lon - self.goal[1]) < 1e-4


def send(url: str, patrol: Patrol, heading: float) -> None:
    """One fix, as the patrol page sends it."""
    body = json.dumps({"key": patrol.key, "fixes": [{
        "at": datetime.now(UTC).isoformat(), "lat": patrol.lat, "lon": patrol.lon, "accuracy_m": 8,
        "speed_mps": patrol.speed_mps, "heading": round(heading, 1)}]}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=5) as answer:
        answer.read()


def main() -> None:
    """Ride until stopped."""
    env = load()
    rng = random.Random(3)
    with system_scope():
        goals = points_inside(HOME, 40, seed=11)
        units = list(Unit.objects.filter(ward_id=HOME, active=True, call_sign__in=[u.call_sign for u in UNITS[3:]]))
    close_old_connections()
    patrols = [Patrol(u.tracker_key, *rng.choice(goals), rng.choice(goals), 1.4 if u.kind == "foot" else 7.0)
               for u in units]
    while True:
        for patrol in patrols:
            heading = patrol.move(EVERY_S)
            if patrol.arrived():
                patrol.goal = rng.choice(goals)
            try:
                send(f"http://127.0.0.1:{env.port}/live/position", patrol, heading)
            except (urllib.error.URLError, OSError, DatabaseError) as error:
                log.info("not sent: %s", error)
        time.sleep(EVERY_S)
