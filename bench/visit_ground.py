"""python -m bench.visit_ground WARD: in the environment of the measured system, a round of fifty khu phố, each with its
doors, team and phone, and the form that it asks. Prints it as JSON."""
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

from binhan.casework.forms.actions import FormGrounds, attach_form, store_form  # noqa: E402 - as above
from binhan.casework.forms.imports.convert import load_form  # noqa: E402 - as above
from binhan.casework.households.actions import Entries, Whereabouts, dwelling_of, register  # noqa: E402 - as above
from binhan.casework.phones.actions.devices import NewPhone, register_device  # noqa: E402 - as above
from binhan.casework.visits.actions.rounds import TeamPlan, draft_round, move_round  # noqa: E402 - as above
from binhan.casework.visits.models import Round, Team  # noqa: E402 - as above
from binhan.commons.access.actions import grant_role  # noqa: E402 - as above
from binhan.commons.access.models import Grant  # noqa: E402 - as above
from binhan.commons.access.scope import ward_scope  # noqa: E402 - as above
from binhan.commons.people.actions import create_account  # noqa: E402 - as above
from binhan.commons.places.actions import WayDraft, create_area, create_way  # noqa: E402 - as above
from binhan.kernel.address import parse  # noqa: E402 - as above
from binhan.kernel.ids import new_id  # noqa: E402 - as above
from tests.support.questionnaires import thirty  # noqa: E402 - as above

PHONES, DOORS = 50, 20


def make_ground(ward: int) -> dict[str, Any]:
    """A round of fifty khu phố, each with its doors, its team, and a phone; and the form that it asks."""
    now = timezone.now()
    with ward_scope([ward], "bench"):
        areas, doors = [], []
        for n in range(PHONES):
            area = create_area(ward, "bench", f"KP Đo {n}")
            street = create_way(ward, "bench", WayDraft("street", f"Đường Đo {n}"))
            own = [dwelling_of(ward, parse(f"{d} Đường Đo {n}"), Whereabouts(street, area)) for d in range(1, DOORS + 1)]
            for d, door in enumerate(own):
                door.lat, door.lon = 11.09 + n * 0.001, 106.79 + d * 0.0001
            register(ward, "bench", Entries(own))
            areas.append(area)
            doors.append([str(d.id) for d in own])
        row = draft_round(Round(id=new_id(), ward_id=ward, name="Đợt đo", purpose="Đo", from_on=now.date(),
                                to_on=now.date() + timedelta(days=14), topics=[]), "bench", [a.id for a in areas], [],
                          [TeamPlan(a.name, [a.id], {"front": 1}, 1, {}) for a in areas])
    with ward_scope([ward], "bench"):  # committed first: planning must not hold the ward's journal for what went before it
        move_round(row.id, "plan", "bench", {})
        move_round(row.id, "open", "bench", {})
        form, _ = store_form(ward, "bench", load_form(thirty(), "x.xlsx"), FormGrounds("Đo", "state_duty", "x.xlsx"))
        attach_form(row.id, form.id, "bench")
        teams = {t.name: str(t.id) for t in Team.objects.filter(round=row)}
        phones = [_phone(ward, a.id, n, {"team": teams[a.name], "doors": doors[n]}) for n, a in enumerate(areas)]
    return {"ward": ward, "round": str(row.id), "form": str(form.id), "phones": phones,
            "from": (now - timedelta(minutes=9)).isoformat(), "until": now.isoformat(),
            "back": (now + timedelta(days=1)).isoformat()}


def _phone(ward: int, area: UUID, number: int, more: dict[str, Any]) -> dict[str, Any]:
    """A team member of that khu phố, and their phone."""
    account = create_account(f"bench-{number}-{new_id().hex[-6:]}", f"Đo {number}", new_id().hex)
    grant_role(ward, account, "team_member", "bench")
    Grant.objects.filter(account=account).update(area_id=area)
    device, token = register_device(ward, account, NewPhone(new_id(), "đo", 1))
    return {"device": str(device.id), "token": token, **more}


if __name__ == "__main__":
    print(json.dumps(make_ground(int(sys.argv[1]))))
