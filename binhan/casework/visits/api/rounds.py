"""/api/rounds: the rounds of a ward, one round, and one POST per verb of its lifecycle."""
from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router
from pydantic import Field, WithJsonSchema

from binhan.casework.visits.actions.rounds import MoveOutcome, TeamPlan, draft_round, move_round
from binhan.casework.visits.lifecycle import ROUND, By, State
from binhan.casework.visits.models import Priority, Round
from binhan.casework.visits.queries.reach import check_planner, round_for, sees_doors
from binhan.casework.visits.queries.rounds import (
    RoundDetail,
    RoundSummary,
    TopicLine,
    round_detail,
    round_json,
    topic_json,
    topics_on,
)
from binhan.casework.visits.queries.turfs import TurfLine, turfs_json
from binhan.casework.visits.rules.codes import DOORS_MAX, GROUPS_MAX, MINUTES, NAME_MAX, PURPOSE_MAX, REASON_MAX
from binhan.commons.access.api import Body, rights
from binhan.commons.access.queries import Rights, only_ward
from binhan.commons.access.rules import PLANNERS
from binhan.commons.keyset import Key, day, key_id, page_after
from binhan.commons.wire import Items, Page
from binhan.kernel.errors import Problem, forbidden, not_found
from binhan.kernel.ids import new_id

router = Router(tags=["rounds"])
VERBS = sorted({m.verb for m in ROUND.moves if m.by == By.PLANNER})
Verb = Annotated[str, WithJsonSchema({"type": "string", "enum": VERBS})]
Part = Literal["police", "government", "front", "youth", "women", "security", "khu_pho", "health", "other"]
PAGE_MAX = 100
LATEST_FIRST = (Key("from_on", day, down=True), Key("id", key_id, down=True))


class PriorityIn(Body):
    """Where to go first – an area (khu phố or tổ) or a way – and why."""

    area: UUID | None = None
    way: UUID | None = None
    reason: str = Field(min_length=1, max_length=REASON_MAX)


class MemberIn(Body):
    """An account named to the team."""

    account: UUID
    part: Part = "other"


class TeamIn(Body):
    """A team: which khu phố it walks, how many of each part, in how many groups, and who is named to it."""

    name: str = Field(min_length=1, max_length=NAME_MAX)
    areas: list[UUID] = Field(min_length=1, max_length=200)
    composition: dict[Part, int] = Field(default_factory=dict)
    groups: int = Field(default=1, ge=1, le=GROUPS_MAX)
    members: list[MemberIn] = Field(default_factory=list, max_length=200)


class RoundIn(Body):
    """A new round. `id` may be made by the client: the same id again is the same round."""

    id: UUID | None = None
    ward: int | None = None
    name: str = Field(min_length=1, max_length=NAME_MAX)
    purpose: str = Field(min_length=1, max_length=PURPOSE_MAX)
    from_on: date
    to_on: date
    areas: list[UUID] = Field(min_length=1, max_length=200)
    priorities: list[PriorityIn] = Field(default_factory=list, max_length=100)
    teams: list[TeamIn] = Field(default_factory=list, max_length=200)
    topics: list[str] = Field(default_factory=list, max_length=50)
    max_doors: int = Field(default=DOORS_MAX, ge=1, le=500)
    minutes_at_door: float = Field(default=MINUTES, ge=0, le=480)


class RoundVerbIn(Body):
    """The needs of a verb: pause, cancel and finish take a reason."""

    reason: str | None = Field(default=None, max_length=REASON_MAX)


class MovedRound(RoundDetail, MoveOutcome):
    """A round after a verb, with what the verb made besides."""


def _plans(mine: Rights, ward_id: int) -> bool:
    return mine.has(ward_id, *PLANNERS)


@router.get("/rounds", response=Page[RoundSummary])
def list_rounds(request: HttpRequest, ward: int | None = None, state: str = "", limit: int = 50, cursor: str = ""
                ) -> Page[RoundSummary]:
    """The rounds of a ward, the latest first. `state`: some of the states, separated by commas. Pages by `cursor`."""
    mine = rights(request)
    chosen = only_ward(mine, "casework", ward)
    if not mine.may("casework", chosen):
        raise forbidden("Vai trò của bạn không xem được các đợt.", "Your role does not open rounds.")
    wanted = set(filter(None, state.split(",")))
    if not wanted <= {str(s) for s in State}:
        raise Problem(422, "unknown_state", "Trạng thái không có.", "No such state.", states=list(map(str, State)))
    rows = Round.objects.filter(ward_id=chosen)
    rows = rows.filter(state__in=wanted) if wanted else rows
    page, more = page_after(rows, LATEST_FIRST, max(1, min(limit, PAGE_MAX)), cursor)
    return {"items": [round_json(r, _plans(mine, chosen)) for r in page], "next": more or None}


@router.get("/topics", response=Items[TopicLine])
def list_topics(request: HttpRequest, ward: int | None = None, on: date | None = None) -> Items[TopicLine]:
    """What a team may inform about on that day (today)."""
    chosen = only_ward(rights(request), "casework", ward)
    return {"items": [topic_json(t) for t in topics_on(chosen, on or timezone.localdate())]}


@router.post("/rounds", response={201: RoundDetail})
def create_round(request: HttpRequest, body: RoundIn) -> tuple[int, RoundDetail]:
    """Draft a round: purpose, days, khu phố, priority areas with reasons, teams, topics."""
    mine = rights(request)
    ward = only_ward(mine, "casework", body.ward)
    check_planner(mine, ward)
    if body.to_on < body.from_on:
        raise Problem(422, "bad_days", "Ngày kết thúc phải từ ngày bắt đầu trở đi.",
                      "A round ends on or after its first day.")
    if any((p.area is None) == (p.way is None) for p in body.priorities):
        raise Problem(422, "one_place", "Mỗi nơi ưu tiên là một khu vực hoặc một tuyến.", "Name an area or a way.")
    row = Round(id=body.id or new_id(), ward_id=ward, name=body.name, purpose=body.purpose, from_on=body.from_on,
                to_on=body.to_on, topics=list(dict.fromkeys(body.topics)), max_doors=body.max_doors,
                minutes_at_door=body.minutes_at_door)
    made = draft_round(row, mine.actor, body.areas,
                       [Priority(area_id=p.area, way_id=p.way, reason=p.reason) for p in body.priorities],
                       [TeamPlan(t.name, t.areas, {str(k): v for k, v in t.composition.items()}, t.groups,
                                 {m.account: m.part for m in t.members}) for t in body.teams])
    return 201, round_detail(made, True)


@router.get("/rounds/{round_id}", response=RoundDetail)
def get_round(request: HttpRequest, round_id: UUID) -> RoundDetail:
    """One round with its khu phố, priority areas, teams and clock."""
    mine = rights(request)
    row = round_for(mine, round_id)
    return round_detail(row, _plans(mine, row.ward_id))


@router.get("/rounds/{round_id}/turfs", response=Items[TurfLine])
def list_turfs(request: HttpRequest, round_id: UUID) -> Items[TurfLine]:
    """Its turfs in the order to be walked: all of them for who plans, their own for a team."""
    mine = rights(request)
    row = round_for(mine, round_id)
    return {"items": turfs_json(row, sees_doors(mine, row))}


@router.post("/rounds/{round_id}/{verb}", response=MovedRound)
def post_round_verb(request: HttpRequest, round_id: UUID, verb: Verb, body: RoundVerbIn | None = None) -> MovedRound:
    """One move: plan (again: what is begun stays), open, pause, resume, close, cancel, follow (draft the next), finish."""
    mine = rights(request)
    row = round_for(mine, round_id)
    if verb not in VERBS:
        raise not_found("thao tác này", "verb")
    check_planner(mine, row.ward_id)
    outcome = move_round(row.id, verb, mine.actor, (body or RoundVerbIn()).dict(exclude_none=True))
    row.refresh_from_db()
    return {**round_detail(row, True), **outcome}
