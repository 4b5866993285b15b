"""python -m bench.growth_ground WARD HOUSEHOLDS DOORS: in the environment of the measured system, a register, a round of so
many doors that nobody has planned along streets, a planner with a session, a duty officer, a city centre. Prints them."""
from __future__ import annotations

import json
import os
import sys
from datetime import timedelta
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "binhan.site.settings")

import django  # noqa: E402 - after the environment

django.setup()

from django.test import Client  # noqa: E402 - as above
from django.utils import timezone  # noqa: E402 - as above

from binhan.casework.households.models import Dwelling  # noqa: E402 - as above
from binhan.casework.visits.actions.rounds import TeamPlan, draft_round  # noqa: E402 - as above
from binhan.casework.visits.models import Round, Team, Turf, TurfDoor  # noqa: E402 - as above
from binhan.commons.access.actions import grant_role, issue_token  # noqa: E402 - as above
from binhan.commons.access.scope import served_wards, set_system_scope, ward_scope  # noqa: E402 - as above
from binhan.commons.people.actions import create_account  # noqa: E402 - as above
from binhan.commons.people.models import Account  # noqa: E402 - as above
from binhan.commons.places.models import Area  # noqa: E402 - as above
from binhan.commons.statistics import refresh_statistics  # noqa: E402 - as above
from binhan.demo import households  # noqa: E402 - as above
from binhan.kernel.ids import new_id  # noqa: E402 - as above

EACH = 60  # doors of a turf


def make_ground(ward: int, homes: int, doors: int) -> dict[str, Any]:
    """Everything that is measured but the incidents."""
    households.load(ward, homes)
    with ward_scope([ward], "bench"):
        key = _round(ward, doors)
        planner, plans = _account("social_officer", ward)
        officer, watches = _account("desk_officer", ward)
    with ward_scope([ward], "bench"):
        set_system_scope("bench")
        city = create_account(f"bench-city-{new_id().hex[-6:]}", "Đo thành phố", new_id().hex)
        for one in served_wards():
            grant_role(one, city, "city_centre", "bench")
        sees = issue_token(city, "bench", (ward,))[1]
    browser = Client()
    browser.force_login(planner, backend="django.contrib.auth.backends.ModelBackend")
    return {"ward": ward, "round": str(key), "planner": plans, "officer": watches, "actor": officer.actor, "city": sees,
            "session": browser.cookies["sessionid"].value}


def _account(role: str, ward: int) -> tuple[Account, str]:
    account = create_account(f"bench-{role[:4]}-{new_id().hex[-6:]}", "Đo", new_id().hex)
    grant_role(ward, account, role, "bench")
    return account, issue_token(account, "bench", (ward,))[1]


def _round(ward: int, most: int) -> Any:
    """A round over the register's doors khu phố by khu phố, in turfs of sixty as they stand along their ways."""
    today = timezone.localdate()
    areas = list(Area.objects.filter(ward_id=ward, parent=None).order_by("name"))
    row = draft_round(Round(id=new_id(), ward_id=ward, name="Đợt đo", purpose="Đo", from_on=today,
                            to_on=today + timedelta(days=30), topics=[]), "bench", [a.id for a in areas], [],
                      [TeamPlan(a.name, [a.id], {"front": 1}, 1, {}) for a in areas])
    teams = {t.name: t.id for t in Team.objects.filter(round=row)}
    turfs, kept, left = list[Turf](), list[TurfDoor](), most
    for area in areas:
        own = list(Dwelling.objects.filter(ward_id=ward, area=area).order_by("way_id", "walk_key").values_list(
            "id", flat=True)[:left])
        left -= len(own)
        for begin in range(0, len(own), EACH):
            turf = Turf(ward_id=ward, round=row, team_id=teams[area.name], area=area, number=len(turfs) + 1, priority=2,
                        length_m=500, minutes=600)
            turfs.append(turf)
            kept += [TurfDoor(ward_id=ward, round=row, turf=turf, dwelling_id=door, place=place)
                     for place, door in enumerate(own[begin:begin + EACH], 1)]
    Turf.objects.bulk_create(turfs, batch_size=500)
    TurfDoor.objects.bulk_create(kept, batch_size=2000)
    refresh_statistics((Turf, len(turfs)), (TurfDoor, len(kept)))
    return row.id


if __name__ == "__main__":
    print(json.dumps(make_ground(*map(int, sys.argv[1:4]))))
