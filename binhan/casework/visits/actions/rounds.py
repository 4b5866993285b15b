"""Drafting a round and moving it along its lifecycle; each is one transaction with its clock and journal row."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, NotRequired
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from typing_extensions import TypedDict

from binhan.casework.visits.actions.planning import TurfPlan, cut
from binhan.casework.visits.lifecycle import CLOSED, OPEN, ROUND, By, State
from binhan.casework.visits.models import Member, Priority, Round, RoundArea, Team
from binhan.casework.visits.queries.rounds import check_areas, check_members, check_topics
from binhan.commons.cases.actions import apply_move, chase_late, claim_late
from binhan.commons.cases.queries import is_replay, target_of
from binhan.commons.cases.rules import Step
from binhan.commons.clocks.actions import DueClock, start_clock
from binhan.commons.journal.actions import JournalRow, append, append_rows
from binhan.commons.places.models import Area
from binhan.commons.wire import Id
from binhan.kernel.errors import Problem, not_found
from binhan.kernel.ids import new_id
from binhan.kernel.workdays import VIETNAM

STAMPS = {"plan": "planned_at", "open": "opened_at", "close": "closed_at"}


@dataclass(frozen=True, slots=True)
class TeamPlan:
    """A team to be: the khu phố it walks, how many of each part, its groups, and who is named to it."""

    name: str
    areas: Sequence[UUID]
    composition: Mapping[str, int] = field(default_factory=dict)
    groups: int = 1
    members: Mapping[UUID, str] = field(default_factory=dict)


class MoveOutcome(TypedDict):
    """What a verb made besides the move: `plan` its turfs, `follow` the id of the round that comes next."""

    planned: NotRequired[TurfPlan]
    next: NotRequired[Id]


def draft_round(row: Round, actor: str, areas: Sequence[UUID], priorities: Sequence[Priority],
                teams: Sequence[TeamPlan]) -> Round:
    """A new round in draft. A khu phố that no team is given gets one of its own. The same id again is the same round.
    Raises a Problem: 409 for the id of another round, 422 for topics, khu phố, places or members not of this ward."""
    if (known := Round.objects.filter(id=row.id).first()) is not None:
        if (known.ward_id, known.name, known.from_on, known.to_on) == (row.ward_id, row.name, row.from_on, row.to_on):
            return known
        raise Problem(409, "id_reused", "Mã này đã dùng cho đợt khác. Hãy tạo mã mới.",
                      "This id belongs to another round. Make a new one.")
    check_topics(row)
    found = check_areas(row.ward_id, areas, priorities)
    with transaction.atomic():
        row.state, row.moved_by, row.moved_verb, row.moved_at = State.DRAFT, actor, "draft", timezone.now()
        row.save(force_insert=True)
        _teams(row, found, teams)
        for priority in priorities:
            priority.ward_id, priority.round = row.ward_id, row
        Priority.objects.bulk_create(priorities)
        start_clock(row.ward_id, "round", row.id, ROUND.clock_of(row.state), row.moved_at)
        append(JournalRow(row.ward_id, actor, "draft", "round", row.id, {"state": str(row.state), "areas": len(found)}))
    return row


def _teams(row: Round, areas: Mapping[UUID, Area], plans: Sequence[TeamPlan]) -> None:
    """The teams with their khu phố and members; a khu phố left over becomes a team's own."""
    given = [area for plan in plans for area in plan.areas]
    if len(set(given)) != len(given) or not set(given) <= set(areas):
        raise Problem(422, "bad_teams", "Mỗi khu phố của đợt chỉ thuộc một tổ. Hãy xem lại các tổ.",
                      "Each khu phố of the round belongs to one team.")
    check_members(row.ward_id, {account for plan in plans for account in plan.members})
    rest = [TeamPlan(f"Tổ 3 trong 1 – {area.name}", [key]) for key, area in areas.items() if key not in set(given)]
    for plan in (*plans, *rest):
        team = Team.objects.create(ward_id=row.ward_id, round=row, name=plan.name, groups=plan.groups,
                                   composition=dict(plan.composition))
        RoundArea.objects.bulk_create(
            [RoundArea(ward_id=row.ward_id, round=row, area_id=area, team=team) for area in plan.areas])
        Member.objects.bulk_create([Member(ward_id=row.ward_id, team=team, account_id=account, part=part)
                                    for account, part in plan.members.items()])


def lock_round(round_id: UUID) -> Round:
    """The round, locked for this transaction; 404 outside the caller's wards. Visits of it may come in meanwhile."""
    row = Round.objects.select_for_update(no_key=True).filter(id=round_id).first()
    if row is None:
        raise not_found("đợt này", "round")
    return row


def move_round(round_id: UUID, verb: str, actor: str, facts: Mapping[str, Any], by: By = By.PLANNER) -> MoveOutcome:
    """One verb of the lifecycle. Raises a Problem: 422 for missing needs, 403 for a wrong actor, 409 for a state that has
    moved on."""
    with transaction.atomic():
        row = lock_round(round_id)
        if is_replay(row, verb, actor) and verb != "plan":
            return {}  # a retry after a lost answer
        step = Step(verb, by, actor, timezone.now(), facts)
        target_of(ROUND, row, step)
        outcome: MoveOutcome = {}
        if verb == "plan":
            outcome = {"planned": cut(row)}
        elif verb == "follow":
            outcome = {"next": str(_successor(row, actor).id)}
        append_rows([_apply(row, step, outcome.get("planned") or outcome)])
    return outcome


def _apply(row: Round, step: Step, outcome: Mapping[str, Any]) -> JournalRow:
    """Stamp, reason and move; returns the journal row."""
    before, target = row.state, target_of(ROUND, row, step)
    if stamp := STAMPS.get(step.verb):
        setattr(row, stamp, step.at)
    row.reason = str(step.facts.get("reason") or "") or row.reason
    return apply_move(ROUND, row, step, outcome, begin=None if target == before else _begin(row, target, step.at))


def _begin(row: Round, target: str, at: datetime) -> datetime:
    """From when the clock of a state counts: open, from the last day; closed, the cadence counts from the first."""
    if target == OPEN:
        return max(at, datetime.combine(row.to_on, time(17), VIETNAM))
    return datetime.combine(row.from_on, time(8), VIETNAM) if target == CLOSED else at


def _successor(row: Round, actor: str) -> Round:
    """The next round as a draft: the same khu phố, priority areas, teams and topics, as long, from today on at the
    earliest."""
    length = row.to_on - row.from_on
    start = max(timezone.localdate(), row.to_on + timedelta(days=1))
    made = Round(id=new_id(), ward_id=row.ward_id, name=f"{row.name.split(' – từ ')[0]} – từ {start:%d/%m/%Y}",
                 purpose=row.purpose, from_on=start, to_on=start + length, max_doors=row.max_doors,
                 minutes_at_door=row.minutes_at_door, topics=row.topics, follows=row)
    teams = [TeamPlan(team.name, [a.area_id for a in team.areas.all()], team.composition, team.groups,
                      {m.account_id: m.part for m in team.members.all()})
             for team in row.teams.prefetch_related("areas", "members").order_by("id")]
    again = [Priority(area_id=p.area_id, way_id=p.way_id, reason=p.reason) for p in row.priorities.order_by("id")]
    return draft_round(made, actor, [area for team in teams for area in team.areas], again, teams)


def remind(due: DueClock) -> None:
    """A round has waited too long for its planner: journalled, shown as late, and looked at again after as long."""
    chase_late(ROUND, Round.objects.all(), due)


def follow(due: DueClock) -> None:
    """The cadence: the next round is drafted, for the planner to look at."""
    if (row := claim_late(ROUND, Round.objects.all(), due)) is not None:
        move_round(row.id, "follow", "clock", {}, By.CLOCK)
