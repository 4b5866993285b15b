"""A ward with a desk and patrols, on a database of its own where everything is committed; what its desk reads and hears."""
from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

import psycopg
from django.utils import timezone

from binhan.commons.access.scope import ward_scope
from binhan.commons.clocks.tasks import sweep
from binhan.commons.context import clock_actions, sweeps
from binhan.kernel.ids import new_id
from binhan.live.listener import Row
from binhan.site.environment import Environment
from binhan.sos.patrols import actions as patrols
from tests.integration.commons.access.people import HOME, caller, staff
from tests.support.virtual_time import forward

JSON = "application/json"
LAT, LON = 11.0914, 106.799


class Crew:
    """A unit on shift with one member, `north` steps from the scene."""

    def __init__(self, north: int) -> None:
        self.account = staff(f"tuan{north}", (HOME, "responder"))
        with ward_scope([HOME], "test"):
            self.unit = str(patrols.register_unit(HOME, "system", patrols.UnitSheet(f"Tuần {north}", "motorbike")).id)
        self.client = caller(self.account, HOME)
        self.shift = self.client.post("/api/unit-shifts", {"unit_id": self.unit}, JSON).json()["id"]

    def task(self) -> str:
        """The running task that was offered last."""
        mine = self.client.get(f"/api/assignments?unit={self.unit}").json()["items"]
        return str(max(mine, key=lambda a: a["offered_at"])["id"])

    def does(self, verb: str, **needs: str) -> None:
        """A verb of the crew on it."""
        answer = self.client.post(f"/api/assignments/{self.task()}/{verb}", needs, JSON)
        assert answer.status_code == 200, answer.content.decode()


class World:
    """The desk, three crews, the hot path's own door, and time that can be put forward."""

    def __init__(self, server: Environment, database: str) -> None:
        self.live = psycopg.connect(server.dsn("binhan_live", database), autocommit=True)
        self.superuser = psycopg.connect(server.dsn("postgres", database), autocommit=True)
        self.officer = staff("ban", (HOME, "desk_officer"), (HOME, "administrator"))
        self.desk = caller(self.officer, HOME)
        self.crews = [Crew(north) for north in (1, 2, 3)]
        self.wide_awake()

    def close(self) -> None:
        """Leave no session behind."""
        self.live.close()
        self.superuser.close()

    def wide_awake(self) -> None:
        """Every crew has a fix of just now, the first one nearest."""
        self.superuser.execute("DELETE FROM patrol_position")
        for north, crew in enumerate(self.crews, 1):
            self.superuser.execute(
                "INSERT INTO patrol_position (unit_id, ward_id, at, received_at, lat, lon, source)"
                " VALUES (%s, %s, now(), now(), %s, %s, 'app')", [crew.unit, HOME, LAT + north * 0.001, LON])

    def press(self, ward: int = HOME, **fields: Any) -> str:
        """A resident presses; the incident."""
        key = str(new_id())
        row = {"press_id": key, "ward_id": ward, "body_hash": hashlib.sha256(key.encode()).hexdigest(),
               "at": timezone.now().isoformat(), "lat": LAT, "lon": LON, "location_source": "gps", "channel": "web",
               **fields}
        (answer,) = self.hot("SELECT live_open(%s::jsonb)", json.dumps([row]))
        return str(answer["incident_id"])

    def fact(self, press: str, what: str, ward: int | None = None, **given: Any) -> None:
        """What the resident's phone adds."""
        row = {"fact_id": str(new_id()), "press_id": press, "kind": what, "at": timezone.now().isoformat(), "data": given,
               **({"ward_id": ward} if ward else {})}
        (answer,) = self.hot("SELECT live_facts(%s::jsonb)", json.dumps([row]))
        assert answer["status"] == "stored", answer

    def hot(self, call: str, *values: Any) -> Any:
        """One call of the hot path, by its own role."""
        found = self.live.execute(call.encode(), values).fetchone()
        return found[0] if found else None

    def verb(self, incident: str, verb: str, **needs: Any) -> None:
        """A verb of the desk."""
        answer = self.desk.post(f"/api/incidents/{incident}/{verb}", needs, JSON)
        assert answer.status_code == 200, answer.content.decode()

    def responding(self) -> str:
        """An incident to which the nearest crew was sent."""
        incident = self.press()
        self.verb(incident, "dispatch", unit=self.crews[0].unit)
        return incident

    def later(self, seconds: float) -> None:
        """So much time goes by, and the sweepers look."""
        forward(self.superuser, timedelta(seconds=seconds))
        self.wide_awake()
        sweep({"incident": sweeps()["incident"]}, clock_actions())

    def answers(self, chosen: str | None) -> dict[str, Any]:
        """Everything that a desk may read, with one incident whole, as the server has it now."""
        board, pages, cursor = self.read(f"/desk/board?ward={HOME}"), {}, ""
        while cursor not in pages:
            page = pages[cursor] = self.read(f"/desk/queue?ward={HOME}" + (f"&cursor={cursor}" if cursor else ""))
            cursor = page["next"] or ""
        whole = self.desk.get(f"/api/incidents/{chosen}") if chosen else None
        return {"board": board, "pages": pages, "assignments": self.read("/assignments?state=open"),
                "units": self.read(f"/units?ward={HOME}"),
                "full": whole.json() if whole is not None and whole.status_code == 200 else None}

    def read(self, path: str) -> Any:
        """The JSON of one reading of the desk."""
        answer = self.desk.get(f"/api{path}")
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()

    def events(self, after: int) -> list[dict[str, Any]]:
        """What the desk's stream sends after that row, as the hot path writes it out; hidden rows are no event."""
        rows = self.hot("SELECT live_journal(%s, %s, 500)", HOME, after)
        lines = [line for row in rows for line in Row(row).chunk.decode().splitlines()]
        return [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]
