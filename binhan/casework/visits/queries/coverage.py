"""Coverage of a round for whoever asks: all of it for who plans, their own doors for a team, counts that give nobody away
for everybody else."""
from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F
from django.utils import timezone
from typing_extensions import TypedDict

from binhan.casework.households.queries.reach import reach
from binhan.casework.visits.models import Priority, Round, TurfDoor
from binhan.casework.visits.queries.doors import NOT_YET, Standing, standings
from binhan.casework.visits.queries.reach import sees_doors
from binhan.casework.visits.rules.coverage import PARTS, Door, by, count, pace, part_of, weeks
from binhan.casework.visits.rules.suppress import FEWEST, Sum, hidden
from binhan.commons.access.queries import Rights
from binhan.commons.keyset import BY_ID, Key, page_after, rows_after, whole
from binhan.commons.wire import Id, Page

Cells = dict[Hashable, int]


class CoverageLine(TypedDict):
    """Doors and what became of them, with the shares of all; null where a number would give somebody away."""

    doors: int | None
    approached: int | None
    reached: int | None
    refused: int | None
    come_back: int | None
    not_home_1: int | None
    not_home_2: int | None
    vacant: int | None
    not_yet: int | None
    approached_share: float | None
    reached_share: float | None


class NamedCoverage(CoverageLine):
    """The line of a khu phố or of a team."""

    name: str


class WayCoverage(NamedCoverage):
    """The line of a way inside its khu phố."""

    khu_pho: str


class PriorityCoverage(CoverageLine):
    """The line of a priority place, by its reason."""

    reason: str


# Doors first approached and first reached in the week that begins on that Monday.
WeekCoverage = TypedDict("WeekCoverage", {"from": date, "approached": int | None, "reached": int | None})


class CoveragePace(TypedDict):
    """Doors approached a day, how many a day are needed to end in time, and when it ends at this pace."""

    per_day: float
    needed_per_day: float | None
    done_on: date | None
    target_on: date


class Coverage(TypedDict):
    """How far a round has come. `suppressed_below`: numbers below it are not shown to the caller (null: all are)."""

    round: Id
    suppressed_below: int | None
    all: CoverageLine
    khu_pho: list[NamedCoverage]
    way: list[WayCoverage]
    team: list[NamedCoverage]
    priority: list[PriorityCoverage] | None
    week: list[WeekCoverage]
    pace: CoveragePace | None


class RoundDoor(TypedDict):
    """A door of the round on the map: where it is, its place in the walk of its turf, how it stands, how often nobody was
    home."""

    dwelling: Id
    turf: Id
    place: int
    address: str
    lat: float | None
    lon: float | None
    state: str
    not_home: int


@dataclass(frozen=True, slots=True)
class View:
    """The doors somebody may count, and whether small counts are kept from them."""

    doors: list[Door]
    small_hidden: bool


def view_for(rights: Rights, row: Round) -> View:
    """The doors of the round that the account may count, and how (up to 6 queries); see the module."""
    teams = sees_doors(rights, row)
    areas = reach(rights, row.ward_id).areas if teams is not None and not teams else None
    names = {key: p.reason for p in Priority.objects.filter(round=row) for key in (p.area_id, p.way_id) if key}
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM visits_counted(%s, %s::uuid[], %s::uuid[], %s)", [
            row.id, list(teams) if teams else None, None if areas is None else list(areas),
            timezone.get_current_timezone_name()])
        found = [Door(area, (area, way), team, tuple(sorted({names[p] for p in places if p in names})),
                      part_of(state, 2 if often else 1), approached_in, reached_in, doors)
                 for area, way, team, *places, state, often, approached_in, reached_in, doors in cursor.fetchall()]
    return View(found, teams is not None and not teams)


def _day(at: Any) -> date | None:
    return timezone.localdate(at) if at else None


def coverage_json(row: Round, view: View) -> Coverage:
    """Counts by khu phố, way, team, priority area and week; shares of all; pace and projected end."""
    doors = view.doors
    tables: dict[str, Mapping[Any, dict[str, int]]] = {
        "khu_pho": by(doors, lambda d: d.area), "way": by(doors, lambda d: d.way), "team": by(doors, lambda d: d.team)}
    overall, weekly = count(doors), weeks(doors)
    total = sum(overall.values())
    gone = _hidden(doors, tables, overall, weekly) if view.small_hidden else set()
    whole = _line(overall, "all", "", gone)
    speed = pace(total - overall["not_yet"], total, _day(row.opened_at), row.to_on, timezone.localdate())
    known = whole["approached"] is not None
    return {
        "round": str(row.id), "suppressed_below": FEWEST if view.small_hidden else None, "all": whole,
        "khu_pho": [{"name": name, **_line(c, "khu_pho", name, gone)} for name, c in tables["khu_pho"].items()],
        "way": [{"khu_pho": name[0], "name": name[1], **_line(c, "way", name, gone)} for name, c in tables["way"].items()],
        "team": [{"name": name, **_line(c, "team", name, gone)} for name, c in tables["team"].items()],
        "priority": None if view.small_hidden else _priorities(doors),
        "week": [_week(monday, c, gone) for monday, c in weekly.items()],
        "pace": {"per_day": speed.per_day, "needed_per_day": speed.needed_per_day, "done_on": speed.done_on,
                 "target_on": row.to_on} if known else None}


def _week(monday: date, counts: Mapping[str, int], gone: set[Hashable]) -> WeekCoverage:
    shown = {k: None if ("week", monday, k) in gone else n for k, n in counts.items()}
    return {"from": monday, "approached": shown["approached"], "reached": shown["reached"]}


def _priorities(doors: list[Door]) -> list[PriorityCoverage]:
    """Each priority place by its reason. They overlap the other tables, so only who may see single doors has them."""
    reasons = sorted({reason for d in doors for reason in d.priorities})
    return [{"reason": r, **_line(count(d for d in doors if r in d.priorities), "priority", r, set())} for r in reasons]


def _line(parts: dict[str, int], table: str, name: Any, gone: set[Hashable]) -> CoverageLine:
    """One line: doors, its parts, and the shares; what is hidden, or follows from what is hidden, is null."""
    doors = sum(parts.values())
    shown: dict[str, int | None] = {p: None if (table, name, p) in gone else n for p, n in parts.items()}
    left, met = shown["not_yet"], shown["reached"]
    approached = None if left is None else doors - left
    few = not any(n is not None for n in shown.values()) and doors < FEWEST
    return {"doors": None if few else doors, "approached": approached, "reached": met,
            "refused": shown["refused"], "come_back": shown["come_back"], "not_home_1": shown["not_home_1"],
            "not_home_2": shown["not_home_2"], "vacant": shown["vacant"], "not_yet": left,
            "approached_share": None if approached is None else round(approached / doors, 4) if doors else 0.0,
            "reached_share": None if met is None else round(met / doors, 4) if doors else 0.0}


def _hidden(doors: list[Door], tables: Mapping[str, Mapping[Any, dict[str, int]]], overall: dict[str, int],
            weekly: Mapping[date, dict[str, int]]) -> set[Hashable]:
    """All the cells of all the tables at once: what one table hides, no other may give away."""
    cells: Cells = {("all", "", p): n for p, n in overall.items()}
    cells |= {(t, name, p): n for t, groups in tables.items() for name, parts in groups.items() for p, n in parts.items()}
    cells |= {("week", monday, k): n for monday, c in weekly.items() for k, n in c.items()}
    cells["approached"] = sum(overall.values()) - overall["not_yet"]
    lines = {("all", ""): overall} | {(t, name): parts for t, groups in tables.items() for name, parts in groups.items()}
    few = [(*line, p) for line, parts in lines.items() if sum(parts.values()) < FEWEST for p in PARTS]
    return hidden(cells, list(_sums(doors, tables, weekly)), first=few)  # of fewer than five doors nothing at all


def _sums(doors: list[Door], tables: Mapping[str, Mapping[Any, dict[str, int]]],
          weekly: Mapping[date, dict[str, int]]) -> Iterator[Sum]:
    """What adds up to what: the parts of a line to its doors; lines to all; ways and khu phố to theirs; weeks to all."""
    lines = [("all", ""), *((t, name) for t, groups in tables.items() for name in groups)]
    yield from (Sum([(t, name, p) for p in PARTS]) for t, name in lines)
    inside: dict[tuple[str, Any], set[Any]] = {}
    for d in doors:
        inside.setdefault(("khu_pho", d.area), set()).add(("way", d.way))
        inside.setdefault(("team", d.team), set()).add(("khu_pho", d.area))
    for p in PARTS:
        yield from (Sum([(t, name, p) for name in tables[t]], ("all", "", p)) for t in tables)
        yield from (Sum([(*line, p) for line in sorted(parts, key=str)], (*whole, p)) for whole, parts in inside.items())
    yield Sum([("week", m, "reached") for m in weekly], ("all", "", "reached"))
    yield Sum([("week", m, "approached") for m in weekly], "approached")
    yield Sum(["approached", ("all", "", "not_yet")])


AS_WALKED = (Key("number", whole), Key("place", whole), BY_ID)


def doors_json(row: Round, teams: set[UUID] | None, limit: int | None = None, cursor: str = "") -> Page[RoundDoor]:
    """The doors with their colours in walking order, for those who may see single doors: `limit` of them, or all (2
    queries)."""
    doors = TurfDoor.objects.filter(round=row).annotate(number=F("turf__number")).select_related("dwelling")
    doors = doors if teams is None else doors.filter(turf__team__in=teams)
    if limit is None:
        page, more, told = list(rows_after(doors, AS_WALKED, None)), "", standings(row)
    else:
        page, more = page_after(doors, AS_WALKED, limit, cursor)
        told = standings(row, of=[d.dwelling_id for d in page])
    return {"items": [_round_door(d, told.get(d.dwelling_id, NOT_YET)) for d in page], "next": more or None}


def _round_door(d: TurfDoor, now: Standing) -> RoundDoor:
    return {"dwelling": str(d.dwelling_id), "turf": str(d.turf_id), "place": d.place, "address": d.dwelling.address,
            "lat": d.dwelling.lat, "lon": d.dwelling.lon, "state": now.state, "not_home": now.absent}


def exported_doors(row: Round, teams: set[UUID] | None) -> list[dict[str, Any]]:
    """Every door as an export has it, in walking order (2 queries)."""
    told = standings(row)
    doors = TurfDoor.objects.filter(round=row).order_by("turf__number", "place").select_related(
        "turf__area", "turf__team", "dwelling__way")
    doors = doors if teams is None else doors.filter(turf__team__in=teams)
    return [{"id": str(d.dwelling_id), "address": d.dwelling.address, "khu_pho": d.turf.area.name,
             "way": d.dwelling.way.name if d.dwelling.way else "", "team": d.turf.team.name, "turf": d.turf.number,
             "place": d.place, "priority": d.first, "state": (now := told.get(d.dwelling_id, NOT_YET)).state,
             "not_home": now.absent, "lat": d.dwelling.lat, "lon": d.dwelling.lon} for d in doors]
