"""Adjusting turfs by hand: a door to another turf, another order of the walk."""
from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from binhan.casework.visits.actions.rounds import lock_round
from binhan.casework.visits.lifecycle import RUNNING
from binhan.casework.visits.models import Round, Turf, TurfDoor
from binhan.casework.visits.rules.located import cheapest_place
from binhan.casework.visits.rules.split import METRES_PER_MINUTE
from binhan.commons.journal.actions import JournalRow, append
from binhan.commons.roads.queries import walk_distances
from binhan.kernel.errors import Problem, not_found


def move_door(turf_id: UUID, dwelling_id: UUID, actor: str, place: int | None = None) -> Turf:
    """Take a door of the round into this turf, at `place` (1…) or where it lengthens the walk least. A turf left
    without doors is gone. Returns the turf as it is now. Raises a Problem: 404 for a turf or door that is not there, 409
    when the round has ended, 422 for another khu phố or a full turf."""
    with transaction.atomic():
        row, turf = _locked(turf_id)
        door = TurfDoor.objects.select_related("turf", "dwelling").filter(round=row, dwelling_id=dwelling_id).first()
        if door is None:
            raise not_found("căn này trong đợt", "door of this round")
        if door.turf.area_id != turf.area_id:
            raise Problem(422, "other_area", "Cụm đi bộ không vượt ranh giới khu phố. Hãy chọn cụm cùng khu phố.",
                          "A turf does not cross a khu phố line. Choose one in the same khu phố.")
        old, old_id, there = door.turf, door.turf_id, _doors(turf)
        if old_id != turf.id and len(there) >= row.max_doors:
            raise Problem(422, "turf_full", f"Cụm đã có {len(there)} căn, tối đa {row.max_doors}.",
                          f"The turf has {len(there)} doors; {row.max_doors} at most.")
        rest = [d for d in there if d.dwelling_id != dwelling_id]
        at = cheapest_place([_spot(d) for d in rest], _spot(door)) if place is None else min(max(place - 1, 0), len(rest))
        _write(row, turf, [*rest[:at], door, *rest[at:]])
        if old_id != turf.id and (left := _doors(old)):
            _write(row, old, left)
        elif old_id != turf.id:
            old.delete()
        append(JournalRow(row.ward_id, actor, "move_door", "turf", turf.id,
               {"round_id": str(row.id), "dwelling_id": str(dwelling_id), "from": str(old_id)}))
    return turf


def reorder(turf_id: UUID, dwellings: Sequence[UUID], actor: str) -> Turf:
    """Walk the same doors in another order. Returns the turf. Raises a Problem: 404 for no such turf, 409 when the round
    has ended or `dwellings` are not just its doors."""
    with transaction.atomic():
        row, turf = _locked(turf_id)
        doors = {d.dwelling_id: d for d in _doors(turf)}
        if len(dwellings) != len(doors) or set(dwellings) != set(doors):
            raise Problem(409, "doors_changed", "Danh sách không khớp với các căn của cụm. Hãy tải lại cụm rồi xếp lại.",
                          "The list is not the doors of this turf. Load it again.", doors=[str(d) for d in doors])
        _write(row, turf, [doors[d] for d in dwellings])
        append(JournalRow(row.ward_id, actor, "reorder", "turf", turf.id, {"round_id": str(row.id)}))
    return turf


def _locked(turf_id: UUID) -> tuple[Round, Turf]:
    """The turf's round, locked: everybody who adjusts or re-plans takes it first."""
    found = Turf.objects.filter(id=turf_id).values_list("round_id", flat=True).first()
    if found is None:
        raise not_found("cụm này", "turf")
    row = lock_round(found)
    if row.state not in RUNNING:
        raise Problem(409, "state_changed", "Đợt đã kết thúc nên không sửa cụm được.", "The round has ended.",
                      state=row.state)
    turf = Turf.objects.filter(id=turf_id).first()
    if turf is None:  # re-planned meanwhile
        raise not_found("cụm này", "turf")
    return row, turf


def _doors(turf: Turf) -> list[TurfDoor]:
    return list(TurfDoor.objects.filter(turf=turf).select_related("dwelling").order_by("place"))


def _spot(door: TurfDoor) -> tuple[float, float] | None:
    where = door.dwelling
    return (where.lat, where.lon) if where.lat is not None and where.lon is not None else None


def _write(row: Round, turf: Turf, doors: Sequence[TurfDoor]) -> None:
    """The doors of a turf in this order, and how long the walk is now."""
    for place, door in enumerate(doors, 1):
        door.place, door.turf = place, turf
    TurfDoor.objects.bulk_update(doors, ["place", "turf"])
    known = [spot for d in doors if (spot := _spot(d))]
    metres = walk_distances(row.ward_id, known)[0].between(known) if len(known) > 1 else None
    turf.length_m = round(float(metres.diagonal(1).sum()), 1) if metres is not None else 0.0
    turf.minutes = round(len(doors) * row.minutes_at_door + turf.length_m / METRES_PER_MINUTE, 1)
    turf.save(update_fields=["length_m", "minutes"])
