"""Cutting a round into turfs from the register's doors, and storing them. Turfs already begun stay as they are."""
from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import current_process, get_context
from typing import Any

from django.db import connection
from typing_extensions import TypedDict

from binhan.casework.visits.models import Round, RoundArea, Turf, TurfDoor
from binhan.casework.visits.queries.rounds import DoorsToPlan, doors_to_plan
from binhan.casework.visits.rules.blocks import Block, Walk
from binhan.casework.visits.rules.doors import Door
from binhan.casework.visits.rules.located import share_out
from binhan.casework.visits.rules.turfs import SolveAll, balance, plan
from binhan.casework.visits.rules.turfs import Turf as Planned
from binhan.commons.roads.queries import walk_distances
from binhan.commons.statistics import refresh_statistics
from binhan.kernel.errors import Problem

ALONE = 800  # with fewer doors, starting processes takes longer than it saves
DOORS_MAX = 30_000
WORD_EVERY_S = 10.0


class TurfPlan(TypedDict):
    """What planning made: how many turfs (`kept`: begun before, left as they are) and doors, how long, how even; by which
    way walks were measured, and how many doors no road reaches."""

    turfs: int
    kept: int
    doors: int
    unlocated: int
    total_length_m: float
    balance: dict[str, float]
    distance: str
    unreachable: int
    seconds: float


def cut(row: Round) -> TurfPlan:
    """Plan the locked round anew; returns how many turfs and doors, how long, how even. The turfs themselves are locked
    only to be exchanged: teams go on sending while their round is planned again. A turf that is begun meanwhile stays,
    and the rest is planned once more."""
    began = time.perf_counter()
    made = _cut(row, began, waiting=False) or _cut(row, began, waiting=True)
    assert made is not None, "nobody begins a turf that is locked"
    return made


def _cut(row: Round, began: float, waiting: bool) -> TurfPlan | None:
    """One try; None when a turf was begun meanwhile. `waiting`: nobody begins one, all wait."""
    turfs_now = Turf.objects.filter(round=row)
    idle = _idle(row) if waiting else set(turfs_now.filter(begun_at=None).values_list("id", flat=True))
    kept = list(turfs_now.exclude(id__in=idle).order_by("number"))
    to_plan = doors_to_plan(row)
    _check_size(to_plan, bool(kept))
    doors = [Door(d.door_id, *to_plan.spots[d.door_id], row.minutes_at_door, d.group,
                  to_plan.priority[d.door_id]) for d in to_plan.doors]
    distances, unreachable = walk_distances(row.ward_id, [(d.lat, d.lon) for d in doors])
    with _processes(len(doors)) as solve_all:
        turfs = plan(doors, row.max_doors, distances, lambda solve, blocks: _awake(solve_all(solve, blocks)))
    if not waiting and _idle(row) != idle:
        return None
    Turf.objects.filter(id__in=idle).delete()
    _store(row, turfs, to_plan, max((t.number for t in kept), default=0))
    return {"turfs": len(turfs) + len(kept), "kept": len(kept), "doors": len(doors), "unlocated": to_plan.unlocated,
            "total_length_m": round(sum(t.length_m for t in turfs), 1), "balance": balance(turfs),
            "distance": distances.kind, "unreachable": unreachable, "seconds": round(time.perf_counter() - began, 2)}


def _idle(row: Round) -> set[Any]:
    """The turfs that nobody has begun, locked."""
    idle = Turf.objects.select_for_update().filter(round=row, begun_at=None).order_by("id")
    return set(idle.values_list("id", flat=True))


def _check_size(to_plan: DoorsToPlan, kept: bool) -> None:
    if not to_plan.doors and not kept:
        raise Problem(422, "no_doors", "Sổ hộ không có căn nào ở các khu phố này. Hãy nhập sổ hộ trước.",
                      "The register has no door in these khu phố. Import it first.")
    if len(to_plan.doors) > DOORS_MAX:
        raise Problem(422, "too_many_doors", f"Đợt này có {len(to_plan.doors)} căn, tối đa {DOORS_MAX}. Hãy chia thành"
                      " nhiều đợt.", f"More than {DOORS_MAX} doors. Make several rounds.")


def _awake(blocks: Iterable[list[Walk]]) -> Iterator[list[Walk]]:
    """The blocks as they come. Now and then the database is asked something: it would take a long silence for a program
    that died, and end the transaction."""
    spoke = time.monotonic()
    for block in blocks:
        if time.monotonic() - spoke > WORD_EVERY_S:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            spoke = time.monotonic()
        yield block


def _store(row: Round, turfs: Sequence[Planned], to_plan: DoorsToPlan, offset: int) -> None:
    """Store the turfs with their teams, groups and doors; they are numbered from `offset` + 1 on."""
    teams = {a.area.name: a for a in RoundArea.objects.filter(round=row).select_related("area", "team")}
    of_team: dict[Any, list[Planned]] = {}
    for turf in turfs:
        of_team.setdefault(teams[turf.group].team_id, []).append(turf)
    groups: dict[int, int] = {}  # turf → the team's group that walks it
    for own in of_team.values():
        shares = share_out([turf.minutes for turf in own], teams[own[0].group].team.groups)
        groups |= {turf.turf: group for turf, group in zip(own, shares, strict=True)}
    rows = {t.turf: Turf(ward_id=row.ward_id, round=row, team_id=teams[t.group].team_id, area_id=teams[t.group].area_id,
                         number=offset + t.turf, group=groups[t.turf], priority=t.priority, length_m=t.length_m,
                         minutes=t.minutes) for t in turfs}
    Turf.objects.bulk_create(rows.values(), batch_size=500)
    TurfDoor.objects.bulk_create(
        (TurfDoor(ward_id=row.ward_id, round=row, turf=rows[t.turf], dwelling_id=to_plan.ids[door], place=place,
                  first=t.priority == 1) for t in turfs for place, door in enumerate(t.doors, 1)), batch_size=2000)
    refresh_statistics((Turf, len(turfs)), (TurfDoor, sum(len(t.doors) for t in turfs)))


@contextmanager
def _processes(doors: int) -> Iterator[SolveAll]:
    """The map that solves the blocks: as many processes as this one may use, if that pays and it may have any. They
    give way to everything else: nobody is in such a hurry as an SOS."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if doors <= ALONE or cores < 2 or current_process().daemon:
        yield map
        return
    with ProcessPoolExecutor(cores, get_context("spawn"), initializer=os.nice, initargs=(10,)) as pool:
        def in_order(solve: Callable[[Block], list[Walk]], blocks: Iterable[Block]) -> Iterable[list[Walk]]:
            return pool.map(solve, blocks)
        yield in_order
