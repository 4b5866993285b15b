"""A small round that is walked in the sample ward: two khu phố of made-up doors, cut into turfs, so that a team's phone has
something to carry at once. Loading again changes nothing; a ward that has a register or rounds of its own gets none."""
from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from binhan.casework.households.models import Dwelling
from binhan.casework.visits.actions.rounds import TeamPlan, draft_round, move_round
from binhan.casework.visits.lifecycle import RUNNING
from binhan.casework.visits.models import Priority, Round
from binhan.commons.access.scope import ward_scope
from binhan.commons.places.models import Area
from binhan.demo import households as demo_households
from binhan.kernel.ids import new_id

HOUSEHOLDS, AREAS, DAYS = 250, 2, 21  # about 240 doors
NAME = "Đợt Mẫu – gặp gỡ, lắng nghe"
PARTS = {"police": 1, "front": 1, "khu_pho": 1}


def load(ward_id: int, actor: str = "system") -> None:
    """The doors and the open round, where the ward has none yet."""
    with ward_scope([ward_id], actor):
        if not Dwelling.objects.filter(ward_id=ward_id).exists():
            demo_households.load(ward_id, HOUSEHOLDS, areas=AREAS)
        if not Round.objects.filter(ward_id=ward_id).exclude(name=NAME, state="cancelled").exists():
            _round(ward_id, actor)


def _round(ward_id: int, actor: str) -> None:
    doors = Dwelling.objects.filter(ward_id=ward_id, active=True, is_demo=True)
    areas = list(Area.objects.filter(id__in=doors.values("area")).order_by("name")[:AREAS])
    first = Area.objects.filter(parent__in=areas, kind="to").order_by("parent__name", "name").first()
    if not areas or doors.filter(area__in=areas).count() > 4 * HOUSEHOLDS:
        return  # a large register: its planner will draft a round
    today = timezone.localdate()
    row = Round(id=new_id(), ward_id=ward_id, name=NAME, purpose="Dữ liệu mẫu: đi từng nhà, lắng nghe, tuyên truyền",
                from_on=today, to_on=today + timedelta(days=DAYS), topics=["fire_safety"])
    places = [Priority(area=first, reason="Mẫu: nhiều nhà trọ")] if first else []
    draft_round(row, actor, [a.id for a in areas], places,
                [TeamPlan(f"Tổ 3 trong 1 – {a.name}", [a.id], PARTS, 2) for a in areas])
    move_round(row.id, "plan", actor, {})
    move_round(row.id, "open", actor, {})


def unload(ward_id: int, actor: str = "system") -> None:
    """Nobody walks it any more. Its doors go with the register (`binhan demo unload`)."""
    with ward_scope([ward_id], actor):
        for key in Round.objects.filter(ward_id=ward_id, name=NAME, state__in=RUNNING).values_list("id", flat=True):
            move_round(key, "cancel", actor, {"reason": "gỡ dữ liệu mẫu"})
