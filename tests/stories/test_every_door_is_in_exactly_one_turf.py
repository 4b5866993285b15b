"""A round over three khu phố, planned, walked a little, adjusted by hand and planned again after the register grew: at
every moment each door of the register is in exactly one turf, and no turf crosses a khu phố line."""
from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import timezone

from binhan.casework.households.models import Dwelling
from binhan.casework.visits.models import Round, Turf, TurfDoor
from binhan.commons.access.scope import ward_scope
from tests.integration.casework.households.ground import door
from tests.integration.casework.visits.ground import HOME, call, client, khu_pho, open_round

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _scope() -> Iterator[None]:
    with ward_scope([HOME], "test"):
        yield


def whole(row: Round) -> bool:
    """Each door once, places 1, 2, 3… in each turf, no line crossed, no turf too large."""
    doors = list(TurfDoor.objects.filter(round=row).select_related("turf", "dwelling").order_by("turf", "place"))
    places: dict[object, list[int]] = {}
    for d in doors:
        places.setdefault(d.turf_id, []).append(d.place)
    register = Dwelling.objects.filter(active=True).order_by("id").values_list("id", flat=True)
    return (sorted(d.dwelling_id for d in doors) == list(register)
            and all(p == list(range(1, len(p) + 1)) and len(p) <= row.max_doors for p in places.values())
            and all(d.turf.area_id == d.dwelling.area_id for d in doors)
            and set(places) == set(Turf.objects.filter(round=row).values_list("id", flat=True)))


def test_every_door_is_in_exactly_one_turf() -> None:
    planner = client("leadership")
    areas = [khu_pho(f"KP Thử {n}", count, n, located=n != 3)[0] for n, count in ((1, 70), (2, 33), (3, 20))]
    row = open_round(planner, *areas, max_doors=16)
    assert whole(row)

    first, second = Turf.objects.filter(round=row, area=areas[0]).order_by("number")[:2]
    Turf.objects.filter(id=first.id).update(begun_at=timezone.now())
    moving = first.doors.order_by("-place")[0]
    call(planner, "post", f"/turfs/{second.id}/move-door", {"dwelling": str(moving.dwelling_id)})
    assert whole(row)

    door("200 Đường Thử Mới", inside=areas[0])
    door("1 Đường Thử Mới", inside=areas[2])
    call(planner, "post", f"/rounds/{row.id}/plan")
    assert whole(row)
    assert 1 <= first.doors.count() < 16  # what was begun is not refilled
