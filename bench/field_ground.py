"""python -m bench.field_ground WARD LARGE: in the environment of the measured system, a ward where twenty khu phố of sixty
doors are walked by a hundred phones, and another with a made-up register of ten thousand doors, planned into turfs, all
of them for one phone (its budget raised by dated rows). Prints it as JSON."""
from __future__ import annotations

import json
import os
import sys
from datetime import timedelta
from typing import Any
from uuid import UUID

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "binhan.site.settings")

import django  # noqa: E402 - after the environment

django.setup()

from django.utils import timezone  # noqa: E402 - as above

from binhan.casework.households.actions import Entries, Whereabouts, dwelling_of, register  # noqa: E402 - as above
from binhan.casework.phones.actions.devices import NewPhone, register_device  # noqa: E402 - as above
from binhan.casework.visits.actions.rounds import TeamPlan, draft_round, move_round  # noqa: E402 - as above
from binhan.casework.visits.models import Round, Turf  # noqa: E402 - as above
from binhan.commons.access.actions import grant_role  # noqa: E402 - as above
from binhan.commons.access.models import Grant  # noqa: E402 - as above
from binhan.commons.access.scope import ward_scope  # noqa: E402 - as above
from binhan.commons.clocks.models import Policy  # noqa: E402 - as above
from binhan.commons.people.actions import create_account  # noqa: E402 - as above
from binhan.commons.places.actions import WayDraft, create_area, create_way  # noqa: E402 - as above
from binhan.commons.places.models import Area  # noqa: E402 - as above
from binhan.demo import households as demo_households  # noqa: E402 - as above
from binhan.kernel.address import parse  # noqa: E402 - as above
from binhan.kernel.ids import new_id  # noqa: E402 - as above

AREAS, DOORS, PHONES, HOUSEHOLDS = 20, 60, 106, 10_600
RAISED = {"field.documents_max": 50_000, "field.turfs_max": 1000, "field.bytes_max": 200_000_000}


def make_ground(ward: int, large: int) -> dict[str, Any]:
    """Both wards."""
    password = new_id().hex
    with ward_scope([ward], "bench"):
        areas = [_area(ward, n) for n in range(AREAS)]
        row = _walked(ward, areas, [TeamPlan(a.name, [a.id], {"front": 1, "police": 1}, 1) for a in areas])
        turfs = {t.area_id: t for t in Turf.objects.filter(round=row)}
        assert len(turfs) == AREAS, "a khu phố of sixty doors is one turf"
        phones = [_phone(ward, n, areas[n % AREAS], [turfs[areas[n % AREAS].id]]) for n in range(PHONES)]
        login = _account(ward, "do-man-hinh", areas[0].id, password)
    demo_households.load(large, HOUSEHOLDS)
    with ward_scope([large], "bench"):
        kept = list(Area.objects.filter(ward_id=large, kind=Area.Kind.KHU_PHO))
        row = _walked(large, kept, [TeamPlan("Tổ đo", [a.id for a in kept], {"front": 1}, 1)])
        for name, amount in RAISED.items():
            Policy.objects.create(ward_id=large, name=name, amount=amount, unit="n", valid_from=timezone.now(),
                                  source="bench")
        everything = _phone(large, 0, None, list(Turf.objects.filter(round=row)))
    return {"ward": ward, "phones": phones, "everything": everything, "login": login, "password": password}


def _area(ward: int, n: int) -> Area:
    area = create_area(ward, "bench", f"KP Đo máy {n}")
    street = create_way(ward, "bench", WayDraft("street", f"Đường Đo máy {n}"))
    own = [dwelling_of(ward, parse(f"{d} Đường Đo máy {n}"), Whereabouts(street, area)) for d in range(1, DOORS + 1)]
    for d, door in enumerate(own):
        door.lat, door.lon = 11.09 + n * 0.002, 106.79 + d * 0.00006
    register(ward, "bench", Entries(own))
    return area


def _walked(ward: int, areas: list[Area], teams: list[TeamPlan]) -> Round:
    """A round of these khu phố that is planned and open."""
    today = timezone.localdate()
    row = draft_round(Round(id=new_id(), ward_id=ward, name="Đợt đo máy", purpose="Đo", from_on=today,
                            to_on=today + timedelta(days=14), topics=["fire_safety"]), "bench", [a.id for a in areas], [],
                      teams)
    move_round(row.id, "plan", "bench", {})
    move_round(row.id, "open", "bench", {})
    return row


def _account(ward: int, login: str, area: UUID | None, password: str | None) -> str:
    account = create_account(login, login, password)
    grant_role(ward, account, "team_member", "bench")
    Grant.objects.filter(account=account).update(area_id=area)
    return login


def _phone(ward: int, n: int, area: Area | None, turfs: list[Turf]) -> dict[str, Any]:
    """A team member's phone, with what it is to carry and the doors of its first turf."""
    account = create_account(f"do-{ward}-{n}", f"Đo {n}", None)
    grant_role(ward, account, "team_member", "bench")
    Grant.objects.filter(account=account).update(area_id=area.id if area else None)
    device, token = register_device(ward, account, NewPhone(new_id(), "đo", 1))
    doors = turfs[0].doors.order_by("place").values_list("dwelling_id", flat=True)
    return {"device": str(device.id), "token": token, "round": str(turfs[0].round_id), "turfs": [str(t.id) for t in turfs],
            "doors": [str(d) for d in doors]}


if __name__ == "__main__":
    print(json.dumps(make_ground(int(sys.argv[1]), int(sys.argv[2]))))
