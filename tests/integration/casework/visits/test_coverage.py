"""Coverage over HTTP: all of it for who plans, their own for a team, no small count for anybody else."""
from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from binhan.casework.visits.models import Round, Team, Visit
from binhan.casework.visits.queries.doors import NOT_YET, standings
from binhan.casework.visits.rules.codes import OUTCOMES
from binhan.casework.visits.rules.coverage import PARTS, Door, count, part_of, weeks
from binhan.commons.access.scope import ward_scope
from binhan.commons.journal.models import Entry
from binhan.commons.places.models import Area
from binhan.kernel.ids import new_id
from tests.integration.casework.visits.ground import HOME, NEXT, call, client, khu_pho, open_round, send, visit

pytestmark = pytest.mark.django_db
Ground = tuple[Round, Area, Client, Client]


@pytest.fixture(autouse=True)
def _scope() -> Iterator[None]:
    with ward_scope([HOME], "test"):
        yield


@pytest.fixture
def ground() -> Ground:
    """Thirty doors in one khu phố, ten in another, some of them visited."""
    (one, doors), (two, others) = khu_pho("KP Thử 1", 30), khu_pho("KP Thử 2", 10, 1)
    planner = client("leadership")
    row = open_round(planner, one, two, priorities=[{"area": str(two.id), "reason": "nhiều nhà trọ"}])
    team = client("team_member", one.id)
    assert set(send(team, *[visit(row, d) for d in doors[:12]], *[visit(row, d, "refused") for d in doors[12:14]],
                    *[visit(row, doors[14], "not_home")] * 1, visit(row, doors[15], "not_home"),
                    visit(row, doors[15], "not_home"), visit(row, doors[16], "come_back"),
                    visit(row, doors[17], "moved"))) == {"stored"}
    assert set(send(client("team_member", two.id), *[visit(row, d) for d in others[:6]])) == {"stored"}
    return row, one, planner, team


def coverage(who: Client, row: Round) -> Any:
    return call(who, "get", f"/rounds/{row.id}/coverage")


def test_who_plans_sees_all_of_it(ground: Ground) -> None:
    row, _, planner, _ = ground
    seen = coverage(planner, row)
    assert {p: seen["all"][p] for p in PARTS} == {"reached": 18, "refused": 2, "come_back": 1, "not_home_1": 1,
                                                 "not_home_2": 1, "vacant": 1, "not_yet": 16}
    assert (seen["all"]["doors"], seen["all"]["approached"], seen["all"]["reached_share"]) == (40, 24, 0.45)
    assert [(k["name"], k["doors"], k["refused"]) for k in seen["khu_pho"]] == [("KP Thử 1", 30, 2), ("KP Thử 2", 10, 0)]
    assert [(p["reason"], p["reached"]) for p in seen["priority"]] == [("nhiều nhà trọ", 6)]
    assert [(w["approached"], w["reached"]) for w in seen["week"]] == [(24, 18)]
    today = timezone.localdate()
    assert seen["pace"] == {"per_day": 24.0, "needed_per_day": round(16 / 14, 1), "done_on": str(today + timedelta(days=1)),
                            "target_on": str(row.to_on)}
    assert seen["suppressed_below"] is None and len(seen["team"]) == len(seen["way"]) == 2


def test_a_team_sees_its_own_doors_only(ground: Ground) -> None:
    row, _, _, team = ground
    seen = coverage(team, row)
    assert (seen["all"]["doors"], seen["all"]["refused"]) == (30, 2)
    assert [k["name"] for k in seen["khu_pho"]] == ["KP Thử 1"]
    assert len(call(team, "get", f"/rounds/{row.id}/doors")["items"]) == 30


@pytest.mark.parametrize("role", ["petition_desk", "khu_pho_board"])
def test_others_see_no_small_count(ground: Ground, role: str) -> None:
    row, one, _, _ = ground
    seen = coverage(client(role, one.id if role == "khu_pho_board" else None), row)
    lines = [seen["all"], *seen["khu_pho"], *seen["way"], *seen["team"]]
    assert seen["suppressed_below"] == 5 and seen["priority"] is None
    assert seen["all"]["doors"] == (30 if role == "khu_pho_board" else 40)
    assert all(line[p] is None or line[p] == 0 or line[p] >= 5 for line in lines for p in PARTS)
    assert all(sum(line[p] is None for p in PARTS) != 1 for line in lines)
    assert seen["khu_pho"][0]["refused"] is None


def test_of_fewer_than_five_doors_nothing_is_told() -> None:
    (one, doors), (two, _) = khu_pho("KP Thử 1", 3), khu_pho("KP Thử 2", 40, 1)
    row = open_round(client("leadership"), one, two)
    small, large = coverage(client("petition_desk"), row)["khu_pho"]
    assert all(small[p] is None for p in (*PARTS, "doors", "approached", "reached_share"))
    assert large["doors"] == 40 and len(doors) == 3


def test_single_doors_are_for_the_team_and_the_leadership(ground: Ground) -> None:
    row, one, planner, _ = ground
    shown = call(planner, "get", f"/rounds/{row.id}/doors")["items"]
    assert len(shown) == 40 and sorted({d["state"] for d in shown}) == [
        "come_back", "not_home", "not_yet", "reached", "refused", "vacant"]
    assert Entry.objects.filter(verb="read", subject_kind="round_door_list").count() == 1
    for role in ("petition_desk", "khu_pho_board"):
        call(client(role), "get", f"/rounds/{row.id}/doors", status=403)
    for stranger in (client("desk_officer"), client("responder"), client("leadership", ward=NEXT)):
        call(stranger, "get", f"/rounds/{row.id}/doors", status=404)
        call(stranger, "get", f"/rounds/{row.id}/coverage", status=404)


def test_counting_takes_the_same_few_queries_however_many_doors(ground: Ground) -> None:
    row, _, planner, _ = ground
    with CaptureQueriesContext(connection) as taken:
        coverage(planner, row)
    assert len(taken) <= 16


def test_pages_of_doors_hold_each_once_though_others_are_visited_meanwhile(ground: Ground) -> None:
    row, _, planner, team = ground
    whole = call(planner, "get", f"/rounds/{row.id}/doors")
    assert whole["next"] is None and [d["place"] for d in whole["items"][:3]] == [1, 2, 3]
    seen, cursor = [], ""
    while True:
        page = call(planner, "get", f"/rounds/{row.id}/doors?limit=7&cursor={cursor}")
        seen += page["items"]
        assert len(page["items"]) <= 7
        if not (cursor := page["next"] or ""):
            break
    assert seen == whole["items"]
    assert call(planner, "get", f"/rounds/{row.id}/doors?limit=7&cursor=x", status=422)["code"] == "bad_cursor"
    assert len(call(team, "get", f"/rounds/{row.id}/doors?limit=1000")["items"]) == 30


def test_the_database_counts_doors_as_the_rules_do() -> None:
    (one, doors), rng = khu_pho("KP Thử 1", 60), random.Random(7)
    row = open_round(client("leadership"), one)
    team, now = Team.objects.get(round=row), timezone.now()
    Visit.objects.bulk_create(Visit(
        id=new_id(), ward_id=HOME, round=row, team=team, dwelling=d, outcome=outcome, digest=b"", received_at=now,
        come_back_at=now if outcome == "come_back" else None, started_at=at, ended_at=at)
        for d in doors for outcome, at in [(rng.choice(sorted(OUTCOMES)), now - timedelta(hours=rng.randrange(900)))
                                           for _ in range(rng.randrange(4))])
    told = standings(row)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM visits_standings(%s)", [row.id])
        counted = {key: rest for key, *rest in cursor.fetchall()}
    assert counted == {key: [s.state, s.absent, s.first_at, s.reached_at] for key, s in told.items()}
    wanted = [Door(one.name, (one.name, "Đường Thử KP Thử 1"), team.name, (), part_of(s.state, s.absent),
                   _day(s.first_at), _day(s.reached_at)) for d in doors for s in [told.get(d.id, NOT_YET)]]
    seen = coverage(client("leadership"), row)
    assert {p: seen["all"][p] for p in PARTS} == count(wanted)
    assert {w["from"]: (w["approached"], w["reached"]) for w in seen["week"]} == {
        str(monday): (c["approached"], c["reached"]) for monday, c in weeks(wanted).items()}


def _day(at: datetime | None) -> date | None:
    return timezone.localdate(at) if at else None
