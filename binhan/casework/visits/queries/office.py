"""What the office's pages show of rounds beyond the API: the outlines under the map, doors with their labels, how even a
plan is, and whom a planner may name."""
from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from binhan.casework.visits.models import Round, Turf, TurfDoor
from binhan.commons.access.queries import grants_now
from binhan.commons.access.rules import TEAM
from binhan.commons.places.models import Area, Ward, Way
from binhan.kernel.geo import rings_of
from binhan.kernel.text import natural


def outlines_json(ward_id: int) -> dict[str, Any]:
    """The ward and its khu phố as outlines of [lat, lon], where they are known (2 queries)."""
    ward = Ward.objects.filter(ward_id=ward_id).first()
    areas = Area.objects.filter(ward_id=ward_id, boundary__isnull=False).exclude(kind=Area.Kind.TO).order_by("name")
    return {"ward_name": ward.full_name if ward else "", "outline": _outline(ward.boundary if ward else None),
            "areas": [{"name": a.name, "outline": _outline(a.boundary)} for a in areas]}


def _outline(geometry: Any) -> list[list[list[float]]]:
    return [[[round(lat, 6), round(lon, 6)] for lon, lat, *_ in ring] for ring in rings_of(geometry)] if geometry else []


def plan_summary(row: Round) -> dict[str, Any] | None:
    """How the doors are shared out now, by hand adjustments too: how many turfs and doors, how long, how even, and how many
    doors stand where nobody knows exactly (2 queries)."""
    turfs = list(Turf.objects.filter(round=row).annotate(count=Count("doors")).values_list("count", "minutes", "length_m"))
    if not turfs:
        return None
    counts, minutes = [c for c, _, _ in turfs], [m for _, m, _ in turfs]
    lost = TurfDoor.objects.filter(round=row).filter(Q(dwelling__lat=None) | Q(dwelling__lon=None)).count()
    return {"turfs": len(turfs), "doors": sum(counts), "length_m": sum(length for _, _, length in turfs),
            "minutes": sum(minutes), "fewest": min(counts), "most": max(counts), "shortest": min(minutes),
            "longest": max(minutes), "unlocated": lost}


def siblings(turf: Turf) -> list[dict[str, Any]]:
    """The other turfs of the round in the same khu phố: a door may go there (1 query)."""
    rows = Turf.objects.filter(round=turf.round_id, area=turf.area_id).exclude(id=turf.id).annotate(count=Count("doors"))
    return [{"id": str(t.id), "number": t.number, "doors": t.count} for t in rows.order_by("number")]


def door_counts(rounds: list[UUID]) -> dict[UUID, int]:
    """How many doors each round has (1 query)."""
    return dict(TurfDoor.objects.filter(round__in=rounds).values_list("round").annotate(n=Count("id")))


def choices(ward_id: int) -> dict[str, Any]:
    """What a planner chooses from: khu phố with their doors, their tổ, ways, team members (4 queries)."""
    areas = sorted(Area.objects.filter(ward_id=ward_id), key=lambda a: natural(a.name))
    members = grants_now(ward_id, TEAM).filter(account__is_active=True).order_by("account__display_name")
    ways = Way.objects.filter(ward_id=ward_id, active=True).select_related("parent").order_by("search_key", "id")
    return {"areas": [a for a in areas if a.kind != Area.Kind.TO],
            "groups": [(a, next((p.name for p in areas if p.id == a.parent_id), "")) for a in areas
                       if a.kind == Area.Kind.TO],
            "ways": [(w, w.parent.name if w.parent else "") for w in ways[:1500]],
            "members": list(dict(members.values_list("account_id", "account__display_name")).items())}
