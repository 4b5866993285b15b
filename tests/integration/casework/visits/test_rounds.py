"""Rounds over HTTP: who plans, what is refused, what re-planning keeps, adjusting by hand, and the clocks."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from binhan.casework.visits.actions import planning
from binhan.casework.visits.lifecycle import ROUND
from binhan.casework.visits.models import Round, Turf, TurfDoor
from binhan.casework.visits.rules.turfs import plan
from binhan.commons.access.scope import ward_scope
from binhan.commons.clocks.models import Clock
from binhan.commons.clocks.tasks import sweep
from binhan.commons.context import clock_actions
from binhan.commons.journal.models import Entry
from binhan.kernel.cursors import as_cursor
from binhan.kernel.ids import new_id
from tests.integration.casework.visits.ground import HOME, NEXT, again, call, client, khu_pho, open_round, round_body

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _scope() -> Iterator[None]:
    with ward_scope([HOME], "test"):
        yield


def test_a_round_is_drafted_planned_and_walked_priority_first() -> None:
    planner = client("leadership")
    (one, doors), (two, _) = khu_pho("KP Thử 1", 25), khu_pho("KP Thử 2", 9, 1)
    body = round_body(one, two, max_doors=10, priorities=[{"area": str(two.id), "reason": "nhiều nhà trọ"}])
    made = call(planner, "post", "/rounds", body, 201)
    assert made["state"] == "draft"
    assert [t["name"] for t in made["teams"]] == ["Tổ 3 trong 1 – KP Thử 1", "Tổ 3 trong 1 – KP Thử 2"]
    assert made["clock"]["verb"] == "remind"
    planned = call(planner, "post", f"/rounds/{made['id']}/plan")["planned"]
    assert (planned["turfs"], planned["doors"], planned["kept"]) == (4, 34, 0)
    turfs = call(planner, "get", f"/rounds/{made['id']}/turfs")["items"]
    assert [t["area"]["name"] for t in turfs] == ["KP Thử 2", "KP Thử 1", "KP Thử 1", "KP Thử 1"]
    assert [t["priority"] for t in turfs] == [1, 2, 2, 2]
    walk = call(planner, "get", f"/turfs/{turfs[1]['id']}")["doors"]
    numbers = [int(d["number"]) for d in walk]
    assert numbers in (sorted(numbers), sorted(numbers, reverse=True))
    assert "people" not in walk[0] and {str(d.id) for d in doors} >= {d["dwelling"] for d in walk}
    verbs = Entry.objects.filter(ward_id=HOME, subject_id=made["id"]).order_by("seq").values_list("verb", flat=True)
    assert list(verbs) == ["draft", "plan"]


def test_the_same_id_is_the_same_round() -> None:
    planner, (area, _) = client("leadership"), khu_pho("KP Thử 1", 2)
    body = round_body(area, id=str(new_id()))
    assert call(planner, "post", "/rounds", body, 201)["id"] == call(planner, "post", "/rounds", body, 201)["id"]
    assert call(planner, "post", "/rounds", {**body, "name": "Đợt khác"}, 409)["code"] == "id_reused"
    assert Round.objects.count() == 1


@pytest.mark.parametrize("role", ["team_member", "khu_pho_board", "petition_desk", "desk_officer", "responder"])
def test_others_plan_nothing(role: str) -> None:
    area, _ = khu_pho("KP Thử 1", 2)
    key = call(client("leadership"), "post", "/rounds", round_body(area), 201)["id"]
    who = client(role)
    call(who, "post", "/rounds", round_body(area), 403)
    assert call(who, "post", f"/rounds/{key}/plan", status=404 if role in ("desk_officer", "responder") else 403)


def test_what_is_refused() -> None:
    planner, (area, _) = client("leadership"), khu_pho("KP Thử 1", 2)
    today = timezone.localdate()
    for body, code in (
            (round_body(area, to_on=str(today - timedelta(days=1))), "bad_days"),
            (round_body(area, areas=[str(new_id())]), "unknown_area"),
            (round_body(area, topics=["gossip"]), "unknown_topic"),
            (round_body(area, priorities=[{"reason": "vì thế"}]), "one_place"),
            (round_body(area, priorities=[{"area": str(new_id()), "reason": "vì thế"}]), "unknown_place"),
            (round_body(area, teams=[{"name": "A", "areas": [str(area.id)]}, {"name": "B", "areas": [str(area.id)]}]),
             "bad_teams"),
            (round_body(area, teams=[{"name": "A", "areas": [str(area.id)], "members": [{"account": str(new_id())}]}]),
             "not_a_member")):
        assert call(planner, "post", "/rounds", body, 422)["code"] == code
    empty, _ = khu_pho("KP Thử trống", 0)
    key = call(planner, "post", "/rounds", round_body(empty), 201)["id"]
    assert call(planner, "post", f"/rounds/{key}/plan", status=422)["code"] == "no_doors"
    assert call(planner, "post", f"/rounds/{key}/open", status=409)["state"] == "draft"
    assert call(planner, "post", f"/rounds/{key}/cancel", status=422)["missing"] == ["reason"]
    assert Round.objects.count() == 1


def test_a_cursor_of_somebody_elses_is_refused() -> None:
    for cursor in ("broken", as_cursor("x", new_id()), as_cursor(-1, new_id())):
        assert call(client("leadership"), "get", f"/rounds?cursor={cursor}", status=422)["code"] == "bad_cursor"


def test_another_wards_round_is_not_there() -> None:
    area, _ = khu_pho("KP Thử 1", 2)
    row = open_round(client("leadership"), area)
    stranger = client("leadership", ward=NEXT)
    for path in (f"/rounds/{row.id}", f"/rounds/{row.id}/turfs", f"/turfs/{Turf.objects.get().id}"):
        call(stranger, "get", path, status=404)


def test_planning_again_keeps_what_is_begun_and_takes_in_new_doors() -> None:
    planner = client("leadership")
    area, _ = khu_pho("KP Thử 1", 30)
    row = open_round(planner, area, max_doors=10)
    begun = Turf.objects.filter(round=row).order_by("number")[1]
    Turf.objects.filter(id=begun.id).update(begun_at=timezone.now())
    before = list(begun.doors.order_by("place").values_list("dwelling_id", flat=True))
    from tests.integration.casework.households.ground import door
    new = door("99 Đường Thử Mới", inside=area)
    said = call(planner, "post", f"/rounds/{row.id}/plan")["planned"]
    assert (said["kept"], said["turfs"], said["doors"], said["unlocated"]) == (1, 4, 21, 1)
    assert list(begun.doors.order_by("place").values_list("dwelling_id", flat=True)) == before
    assert TurfDoor.objects.filter(round=row).count() == 31 and TurfDoor.objects.get(dwelling=new).turf_id != begun.id


def test_a_door_is_moved_and_a_walk_reordered_by_hand() -> None:
    planner = client("social_officer")
    (one, _), (two, others) = khu_pho("KP Thử 1", 20), khu_pho("KP Thử 2", 3, 1)
    row = open_round(planner, one, two, max_doors=10)
    first, second = Turf.objects.filter(round=row, area=one).order_by("number")
    door = first.doors.order_by("place").first()
    assert door is not None
    moved = {"dwelling": str(door.dwelling_id), "place": 2}
    assert call(planner, "post", f"/turfs/{second.id}/move-door", moved, 422)["code"] == "turf_full"
    Round.objects.filter(id=row.id).update(max_doors=11)
    shown = call(planner, "post", f"/turfs/{second.id}/move-door", moved)["doors"]
    assert len(shown) == 11 and shown[1]["dwelling"] == str(door.dwelling_id)
    assert list(first.doors.order_by("place").values_list("place", flat=True)) == list(range(1, 10))
    far = {"dwelling": str(others[0].id)}
    assert call(planner, "post", f"/turfs/{second.id}/move-door", far, 422)["code"] == "other_area"
    backwards = [d["dwelling"] for d in shown][::-1]
    assert [d["dwelling"] for d in call(planner, "post", f"/turfs/{second.id}/reorder", {"dwellings": backwards})["doors"]
            ] == backwards
    call(planner, "post", f"/turfs/{second.id}/reorder", {"dwellings": backwards[1:]}, 409)
    call(client("team_member", two.id), "post", f"/turfs/{second.id}/reorder", {"dwellings": backwards}, 404)
    call(client("team_member", one.id), "post", f"/turfs/{second.id}/reorder", {"dwellings": backwards})


def test_a_turf_left_empty_is_gone() -> None:
    planner, (area, _) = client("leadership"), khu_pho("KP Thử 1", 3)
    row = open_round(planner, area, max_doors=2)
    small = min(Turf.objects.filter(round=row), key=lambda t: t.doors.count())
    other = Turf.objects.filter(round=row).exclude(id=small.id).get()
    Round.objects.filter(id=row.id).update(max_doors=3)
    for door in small.doors.all():
        call(planner, "post", f"/turfs/{other.id}/move-door", {"dwelling": str(door.dwelling_id)})
    assert list(Turf.objects.filter(round=row)) == [other] and other.doors.count() == 3


def test_the_database_refuses_a_door_twice() -> None:
    area, doors = khu_pho("KP Thử 1", 4)
    row = open_round(client("leadership"), area, max_doors=2)
    turf = Turf.objects.filter(round=row).first()
    with pytest.raises(IntegrityError), transaction.atomic():
        TurfDoor.objects.create(ward_id=HOME, round=row, turf=turf, dwelling=doors[0], place=99)


def test_a_team_sees_its_own_turfs_only() -> None:
    (one, _), (two, _) = khu_pho("KP Thử 1", 5), khu_pho("KP Thử 2", 5, 1)
    planner, named, local = client("leadership"), client("team_member"), client("team_member", one.id)
    row = open_round(planner, one, two, teams=[{
        "name": "Tổ A", "areas": [str(two.id)], "composition": {"police": 1, "front": 2}, "groups": 2,
        "members": [{"account": str(named.account.id), "part": "front"}]}])  # type: ignore[attr-defined]
    shown = {who: [t["area"]["name"] for t in call(who, "get", f"/rounds/{row.id}/turfs")["items"]]
             for who in (planner, named, local, client("khu_pho_board", one.id))}
    assert list(shown.values()) == [["KP Thử 1", "KP Thử 2"], ["KP Thử 1", "KP Thử 2"], ["KP Thử 1"], []]


def test_every_waiting_state_is_watched_and_the_cadence_drafts_the_next_round() -> None:
    planner, (area, _) = client("leadership"), khu_pho("KP Thử 1", 4)
    row = open_round(planner, area, priorities=[{"area": str(area.id), "reason": "nhà trọ"}])
    clock = Clock.objects.get(subject_id=row.id)
    assert clock.policy == "round.close_within" and timezone.localdate(clock.due_at) > row.to_on
    Clock.objects.filter(id=clock.id).update(due_at=timezone.now())
    sweep({}, clock_actions())
    again()
    assert Clock.objects.get(subject_id=row.id).rung == 2
    call(planner, "post", f"/rounds/{row.id}/close")
    clock = Clock.objects.get(subject_id=row.id)
    assert clock.policy == "round.repeat_within"
    assert timezone.localdate(clock.due_at) == row.from_on + timedelta(days=30)
    Clock.objects.filter(id=clock.id).update(due_at=timezone.now())
    sweep({}, clock_actions())
    again()
    row.refresh_from_db()
    after = Round.objects.get(follows=row)
    assert (row.state, after.state, after.from_on) == ("done", "draft", row.to_on + timedelta(days=1))
    assert after.priorities.get().reason == "nhà trọ" and after.teams.get().areas.get().area_id == area.id
    assert not Clock.objects.filter(subject_id=row.id).exists()
    assert Clock.objects.get(subject_id=after.id).policy == ROUND.clocks[0].policy


def test_a_round_is_paused_resumed_and_cancelled_with_a_reason() -> None:
    planner, (area, _) = client("leadership"), khu_pho("KP Thử 1", 4)
    row = open_round(planner, area)
    assert call(planner, "post", f"/rounds/{row.id}/pause", {"reason": "bão"})["state"] == "paused"
    assert call(planner, "post", f"/rounds/{row.id}/pause", {"reason": "bão"})["state"] == "paused"
    assert call(planner, "post", f"/rounds/{row.id}/resume")["state"] == "open"
    gone = call(planner, "post", f"/rounds/{row.id}/cancel", {"reason": "hoãn"})
    assert (gone["state"], gone["verbs"], gone["clock"]) == ("cancelled", [], None)
    assert [r["state"] for r in call(planner, "get", "/rounds?state=cancelled")["items"]] == ["cancelled"]
    assert call(planner, "get", "/rounds?state=draft")["items"] == []
    call(planner, "get", "/rounds?state=lost", status=422)


def test_a_turf_that_is_begun_while_the_round_is_planned_again_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    planner, (area, doors) = client("leadership"), khu_pho("KP Thử 1", 30)
    row = open_round(planner, area, max_doors=10)
    first = Turf.objects.filter(round=row).order_by("number").first()
    assert first is not None
    walked = set(TurfDoor.objects.filter(turf=first).values_list("dwelling_id", flat=True))
    tries = []

    def plan_slowly(*args: Any) -> Any:
        """The first visit of that turf arrives while the round is being planned."""
        if not tries:
            Turf.objects.filter(id=first.id).update(begun_at=timezone.now())
        tries.append(len(args[0]))
        return plan(*args)
    monkeypatch.setattr(planning, "plan", plan_slowly)
    said = call(planner, "post", f"/rounds/{row.id}/plan")["planned"]
    assert tries == [30, 20]
    assert (said["kept"], said["doors"], said["turfs"]) == (1, 20, 3)
    assert set(TurfDoor.objects.filter(turf=first).values_list("dwelling_id", flat=True)) == walked
    assert sorted(TurfDoor.objects.filter(round=row).values_list("dwelling_id", flat=True)) == sorted(d.id for d in doors)
