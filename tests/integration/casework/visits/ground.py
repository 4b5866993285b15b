"""A small made-up round for the tests: khu phố with doors along their alleys, planners, teams, and calls over HTTP."""
from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.test import Client
from django.utils import timezone

from binhan.casework.households.actions import Entries, Whereabouts, dwelling_of, register
from binhan.casework.households.models import Dwelling
from binhan.casework.visits.models import Round
from binhan.commons.access.models import Grant
from binhan.commons.access.scope import ward_scope
from binhan.commons.places.actions import WayDraft, create_area, create_way
from binhan.commons.places.models import Area
from binhan.kernel.address import parse
from binhan.kernel.ids import new_id
from tests.integration.commons.access.people import caller, staff

HOME, NEXT, JSON = 25888, 25891, "application/json"
LAT, LON = 11.0914, 106.799


def again(ward: int = HOME) -> None:
    """The scope of the test, which requests have taken away."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('binhan.wards', %s, true)", [f"{{{ward}}}"])


def client(role: str, inside: UUID | None = None, ward: int = HOME) -> Client:
    """Somebody with that role, in one khu phố or in the whole ward."""
    account = staff(f"{role}-{new_id().hex[-8:]}", (ward, role))
    with ward_scope([HOME, NEXT], "test"):
        if inside is not None:
            Grant.objects.filter(account=account).update(area_id=inside)
        made = caller(account, ward)
    made.account = account  # type: ignore[attr-defined]
    again()
    return made


def call(who: Client, method: str, path: str, body: Any = None, status: int = 200) -> Any:
    """The JSON of an answer, which must have that status."""
    answer = who.get(f"/api{path}") if method == "get" else who.post(f"/api{path}", body or {}, JSON)
    again()
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def khu_pho(name: str, count: int, north: int = 0, ward: int = HOME, located: bool = True) -> tuple[Area, list[Dwelling]]:
    """A khu phố with `count` doors along one alley."""
    area = create_area(ward, "test", name)
    way = create_way(ward, "test", WayDraft("street", f"Đường Thử {name}"))
    doors = [dwelling_of(ward, parse(f"{n} Đường Thử {name}"), Whereabouts(way, area)) for n in range(1, count + 1)]
    for n, door in enumerate(doors):
        door.lat, door.lon = (LAT + north * 0.01 + n * 0.0001, LON) if located else (None, None)
    register(ward, "test", Entries(doors))
    return area, doors


def round_body(*areas: Area, **fields: Any) -> dict[str, Any]:
    """What a planner sends to draft a round."""
    today = timezone.localdate()
    return {"name": "Đợt thử", "purpose": "Lắng nghe, tuyên truyền", "from_on": str(today),
            "to_on": str(today + timedelta(days=14)), "areas": [str(a.id) for a in areas],
            "topics": ["fire_safety"], **fields}


def open_round(planner: Client, *areas: Area, ward: int = HOME, **fields: Any) -> Round:
    """A round drafted, planned and opened through the API."""
    key = call(planner, "post", "/rounds", round_body(*areas, **fields), 201)["id"]
    call(planner, "post", f"/rounds/{key}/plan")
    call(planner, "post", f"/rounds/{key}/open")
    again(ward)
    return Round.objects.get(id=key)


def visit(row: Round, dwelling: Dwelling, outcome: str = "met", **fields: Any) -> dict[str, Any]:
    """A visit as a phone sends it."""
    now = timezone.now()
    back = {"come_back_at": str(now + timedelta(days=1))} if outcome == "come_back" else {}
    return {"id": str(new_id()), "round": str(row.id), "dwelling": str(dwelling.id), "outcome": outcome,
            "started_at": str(now - timedelta(minutes=9)), "ended_at": str(now), "present": {"front": 1, "police": 1},
            **back, **fields}


def send(who: Client, *visits: Any, **more: Any) -> list[str]:
    """What became of each: stored, same, or the code of the refusal."""
    return [r.get("code", r["status"]) for r in call(who, "post", "/visits", {"visits": list(visits), **more})["items"]]
