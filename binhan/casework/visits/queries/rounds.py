"""The doors that a round covers, as the register has them, and rounds with their teams and topics as screens show them."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import F
from typing_extensions import TypedDict

from binhan.casework.households.models import Dwelling
from binhan.casework.households.queries.doors import Reference
from binhan.casework.visits.lifecycle import ROUND, By
from binhan.casework.visits.models import Priority, Round, RoundArea, Team, Topic, TurfDoor
from binhan.casework.visits.rules.codes import ORDINARY, PRIORITY
from binhan.casework.visits.rules.located import Spot, Standing, spots
from binhan.commons.access.queries import grants_now
from binhan.commons.access.rules import TEAM
from binhan.commons.clocks.models import Clock
from binhan.commons.dated import holds
from binhan.commons.language import state_name
from binhan.commons.places.models import Area, Ward, Way
from binhan.commons.wire import Coded, Id, coded
from binhan.kernel.errors import Problem
from binhan.kernel.words import Words


@dataclass(frozen=True, slots=True)
class DoorsToPlan:
    """The doors to plan, in walking order of their ways: where each stands, its priority, its id as a UUID."""

    doors: list[Standing]
    spots: dict[str, Spot]
    priority: dict[str, int]
    ids: dict[str, UUID]
    unlocated: int


class RoundSummary(TypedDict):
    """A round as a list shows it."""

    id: Id
    ward_id: int
    name: str
    purpose: str
    from_on: date
    to_on: date
    state: str
    state_name: str
    topics: list[str]
    max_doors: int
    minutes_at_door: float
    planned_at: datetime | None
    opened_at: datetime | None
    closed_at: datetime | None
    reason: str
    follows: Id | None
    verbs: list[str]


class RoundTeam(TypedDict):
    """Who walks where: how many of each part, in how many groups, how many are named to it."""

    id: Id
    name: str
    composition: dict[str, int]
    groups: int
    areas: list[Reference]
    members: int


class PriorityPlace(TypedDict):
    """Where the round goes first – an area or a way – and why."""

    area: Id | None
    way: Id | None
    name: str
    reason: str


class RoundClock(TypedDict):
    """What the round's clock will do, when, and how often it has rung."""

    verb: str
    due_at: datetime
    rung: int


class RoundDetail(RoundSummary):
    """A round with its khu phố, priority places, teams, topics and clock."""

    teams: list[RoundTeam]
    priorities: list[PriorityPlace]
    topic_names: list[Coded]
    clock: RoundClock | None


class TopicLine(Coded):
    """What a team may inform about, and from when until when."""

    valid_from: date
    valid_to: date | None


def doors_to_plan(row: Round) -> DoorsToPlan:
    """Every active door of the round's khu phố that no begun turf of it has (5 queries)."""
    areas = dict(RoundArea.objects.filter(round=row).values_list("area_id", "area__name"))
    taken = TurfDoor.objects.filter(round=row, turf__begun_at__isnull=False).values("dwelling_id")
    rows = list(Dwelling.objects.filter(ward_id=row.ward_id, active=True, area_id__in=areas).exclude(id__in=taken)
                .annotate(street=F("way__parent_id"))
                .order_by(F("way__search_key").asc(nulls_last=True), "walk_key", "id"))
    firsts = {key for pair in Priority.objects.filter(round=row).values_list("area_id", "way_id") for key in pair if key}
    doors = [Standing(str(d.id), str(d.way_id or ""), areas[d.area_id],
                      (d.lat, d.lon) if d.lat is not None and d.lon is not None else None) for d in rows if d.area_id]
    ward = Ward.objects.filter(ward_id=row.ward_id).values_list("lat", "lon").first()
    middle = (float(ward[0]), float(ward[1])) if ward and ward[0] is not None else (0.0, 0.0)
    first = {str(d.id): PRIORITY if firsts & {d.area_id, d.group_id, d.way_id, d.street} else ORDINARY for d in rows}
    return DoorsToPlan(doors, spots(doors, middle), first, {str(d.id): d.id for d in rows},
                  sum(d.spot is None for d in doors))


def check_areas(ward_id: int, areas: Sequence[UUID], priorities: Iterable[Priority]) -> dict[UUID, Area]:
    """The khu phố named, if all of them and all priority places are this ward's; 422 otherwise (3 queries)."""
    whole = Area.objects.filter(ward_id=ward_id, id__in=areas).exclude(kind=Area.Kind.TO)
    found = {a.id: a for a in whole.order_by("name")}
    if not found or set(found) != set(areas):
        raise Problem(422, "unknown_area", "Có khu phố không thuộc phường này. Hãy chọn lại.",
                      "Some khu phố is not of this ward. Choose again.",
                      areas=sorted(str(a) for a in set(areas) - set(found)))
    wanted_areas = {p.area_id for p in priorities if p.area_id}
    wanted_ways = {p.way_id for p in priorities if p.way_id}
    if (Area.objects.filter(ward_id=ward_id, id__in=wanted_areas).count() != len(wanted_areas)
            or Way.objects.filter(ward_id=ward_id, id__in=wanted_ways).count() != len(wanted_ways)):
        raise Problem(422, "unknown_place", "Nơi ưu tiên phải là khu phố, tổ hoặc tuyến của phường này.",
                      "A priority place is a khu phố, a tổ or a way of this ward.")
    return found


def check_members(ward_id: int, accounts: set[UUID]) -> None:
    """422 for an account that is no team member of the ward: being named gives no rights (1 query)."""
    known = set(grants_now(ward_id, TEAM).filter(account__in=accounts).values_list("account_id", flat=True)
                ) if accounts else set()
    if strange := sorted(map(str, accounts - known)):
        raise Problem(422, "not_a_member", "Có tài khoản không phải thành viên tổ 3 trong 1 của phường.",
                      "Some account is no team member of this ward.", accounts=strange)


def topics_on(ward_id: int, day: date) -> list[Topic]:
    """What may be informed about on that day; the ward's own row of a code before the one for all (1 query)."""
    rows = Topic.objects.filter(holds(day), ward_id__in=(0, ward_id))
    return list({t.code: t for t in rows.order_by("ward_id", "valid_from")}.values())


def topic_json(topic: Topic) -> TopicLine:
    """A topic with its days."""
    return {**coded(topic.code, Words(topic.vi, topic.en)), "valid_from": topic.valid_from, "valid_to": topic.valid_to}


def check_topics(row: Round) -> None:
    """422 for a topic that is not in the list on the round's first day."""
    known = {t.code for t in topics_on(row.ward_id, row.from_on)}
    if strange := sorted(set(row.topics) - known):
        raise Problem(422, "unknown_topic", f"Nội dung tuyên truyền không có trong danh mục: {', '.join(strange)}.",
                      f"Not in the list of topics on that day: {', '.join(strange)}.", topics=sorted(known))


def round_json(row: Round, planner: bool) -> RoundSummary:
    """A round as a list shows it, with the verbs open to those who plan."""
    return {"id": str(row.id), "ward_id": row.ward_id, "name": row.name, "purpose": row.purpose, "from_on": row.from_on,
            "to_on": row.to_on, "state": row.state, "state_name": state_name(ROUND, row.state), "topics": row.topics,
            "max_doors": row.max_doors, "minutes_at_door": row.minutes_at_door, "planned_at": row.planned_at,
            "opened_at": row.opened_at, "closed_at": row.closed_at, "reason": row.reason,
            "follows": str(row.follows_id) if row.follows_id else None,
            "verbs": list(ROUND.verbs_from(row.state, By.PLANNER)) if planner else []}


def round_detail(row: Round, planner: bool) -> RoundDetail:
    """A round with its khu phố, priority areas, teams, topics and clock (5 queries)."""
    teams = Team.objects.filter(round=row).prefetch_related("areas__area", "members").order_by("name", "id")
    clock = Clock.objects.filter(subject_id=row.id).first()
    known = {t.code: t for t in topics_on(row.ward_id, row.from_on)}
    return {**round_json(row, planner),
            "teams": [{"id": str(t.id), "name": t.name, "composition": t.composition, "groups": t.groups,
                       "areas": [{"id": str(a.area_id), "name": a.area.name} for a in t.areas.all()],
                       "members": len(t.members.all())} for t in teams],
            "priorities": [{"area": str(p.area_id) if p.area_id else None, "way": str(p.way_id) if p.way_id else None,
                            "name": p.area.name if p.area else p.way.name if p.way else "", "reason": p.reason}
                           for p in Priority.objects.filter(round=row).select_related("area", "way").order_by("id")],
            "topic_names": [coded(c, Words(known[c].vi, known[c].en)) for c in row.topics if c in known],
            "clock": {"verb": clock.verb, "due_at": clock.due_at, "rung": clock.rung} if clock else None}
