"""Visits over HTTP: each row its own answer, sent again the same, refused when it is somebody else's or makes no sense."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from binhan.casework.households.models import Dwelling
from binhan.casework.visits.models import Round, Turf, Visit
from binhan.commons.access.scope import ward_scope
from binhan.commons.journal.models import Entry
from binhan.commons.places.models import Area
from binhan.kernel.ids import new_id
from tests.integration.casework.visits.ground import HOME, NEXT, again, call, client, khu_pho, open_round, send, visit

pytestmark = pytest.mark.django_db
Ground = tuple[Round, Area, list[Dwelling], Client]


@pytest.fixture(autouse=True)
def _scope() -> Iterator[None]:
    with ward_scope([HOME], "test"):
        yield


@pytest.fixture
def ground() -> Ground:
    area, doors = khu_pho("KP Thử 1", 12)
    return open_round(client("leadership"), area), area, doors, client("team_member", area.id)


def test_a_visit_is_stored_once_however_often_it_is_sent(ground: Ground) -> None:
    row, _, doors, team = ground
    first = visit(row, doors[0], topics=["fire_safety"], consents={"call_back": True}, notice_lang="vi",
                  notice_version="2026-01", note="hỏi về rác")
    assert send(team, first, first) == ["stored", "same"]
    assert send(team, first) == ["same"]
    assert send(team, {**first, "note": "khác"}) == ["id_reused"]
    kept = Visit.objects.get()
    assert (kept.note, kept.consents, kept.present) == ("hỏi về rác", {"call_back": True}, {"front": 1, "police": 1})
    assert Turf.objects.get(round=row).begun_at is not None
    facts = Entry.objects.get(verb="visit", subject_id=kept.id).facts
    assert set(facts) == {"round_id", "turf_id"}, "the journal outlives the record: it does not keep the outcome"


def test_one_bad_row_never_fails_its_neighbours(ground: Ground) -> None:
    row, _, doors, team = ground
    now = timezone.now()
    assert send(team,
                visit(row, doors[0]), {"id": "x"}, "not a visit", visit(row, doors[1], id=str(uuid4())),
                visit(row, doors[2], outcome="unfriendly"), visit(row, doors[3], "come_back", come_back_at=None),
                visit(row, doors[4], "refused", topics=["fire_safety"]), visit(row, doors[5], topics=["gossip"]),
                visit(row, doors[6], ended_at=str(now - timedelta(hours=1))), visit(row, doors[7], consents={"zalo": True}),
                visit(row, doors[8], started_at=str(now + timedelta(days=3)), ended_at=str(now + timedelta(days=3))),
                visit(row, doors[9], person=str(new_id())), visit(row, doors[10], "refused")) == [
        "stored", "invalid", "invalid", "not_v7", "invalid", "come_back_when", "nobody_spoke", "unknown_topic", "bad_times",
        "no_notice", "in_future", "invalid", "stored"]
    assert Visit.objects.count() == 2
    call(team, "post", "/visits", {"visits": []}, 422)
    call(team, "post", "/visits", {"visits": [visit(row, doors[0])] * 101}, 422)


def test_only_its_own_team_records_a_turfs_visits(ground: Ground) -> None:
    row, _, doors, _ = ground
    other, _ = khu_pho("KP Thử 2", 1, 1)
    assert send(client("team_member", other.id), visit(row, doors[0])) == ["not_yours"]
    for role in ("leadership", "social_officer", "khu_pho_board", "petition_desk", "desk_officer"):
        call(client(role), "post", "/visits", {"visits": [visit(row, doors[0])]}, 403)
    assert not Visit.objects.exists()


def test_another_wards_door_is_refused(ground: Ground) -> None:
    row, _, _, team = ground
    with ward_scope([NEXT], "test"):
        _, theirs = khu_pho("KP Xa", 1, 2, ward=NEXT)
    again()
    stranger = client("team_member", ward=NEXT)
    assert send(team, visit(row, theirs[0])) == ["not_yours"]
    assert send(stranger, visit(row, theirs[0])) == ["not_yours"]
    assert not Visit.objects.exists()


def test_an_id_of_another_ward_is_refused_and_its_neighbours_are_stored(ground: Ground) -> None:
    row, _, doors, team = ground
    with ward_scope([NEXT], "test"):
        area, theirs = khu_pho("KP Xa", 1, 2, ward=NEXT)
        again(NEXT)
        there = open_round(client("leadership", ward=NEXT), area, ward=NEXT)
    again(NEXT)
    taken = visit(there, theirs[0])
    assert send(client("team_member", ward=NEXT), taken) == ["stored"]
    assert send(team, visit(row, doors[0], id=taken["id"]), visit(row, doors[1])) == ["id_reused", "stored"]
    assert Visit.objects.get().dwelling_id == doors[1].id


def test_a_round_that_is_not_open_takes_no_visit_and_a_closed_one_takes_late_ones(ground: Ground) -> None:
    row, _, doors, team = ground
    Round.objects.filter(id=row.id).update(state="open")
    call(client("leadership"), "post", f"/rounds/{row.id}/close")
    assert send(team, visit(row, doors[0])) == ["stored"]
    from tests.integration.casework.visits.ground import round_body
    planner = client("leadership")
    area = Area.objects.get(name="KP Thử 1")
    key = call(planner, "post", "/rounds", round_body(area), 201)["id"]
    call(planner, "post", f"/rounds/{key}/plan")
    assert send(team, visit(Round.objects.get(id=key), doors[0])) == ["not_open"]


def test_a_phone_whose_clock_is_wrong_is_set_right(ground: Ground) -> None:
    row, _, doors, team = ground
    now = timezone.now()
    behind = timedelta(days=40)
    said = visit(row, doors[0], started_at=str(now - behind - timedelta(minutes=5)), ended_at=str(now - behind))
    assert send(team, said, sent_at=str(now - behind)) == ["stored"]
    kept = Visit.objects.get()
    assert abs(kept.ended_at - now) < timedelta(seconds=20) and kept.skew_s == pytest.approx(behind.total_seconds(), abs=20)
    assert send(team, said) == ["same"]


def test_a_note_about_belief_or_attitude_is_pointed_out_not_blocked(ground: Ground) -> None:
    row, _, doors, team = ground
    answer = call(team, "post", "/visits", {"visits": [visit(row, doors[0], note="Chủ nhà theo đạo, thái độ lạnh")]})
    assert answer["items"][0]["status"] == "stored"
    assert [w["kind"] for w in answer["items"][0]["warnings"]] == ["belief", "attitude"]


def test_doors_to_come_back_to_and_how_the_turf_stands(ground: Ground) -> None:
    row, _, doors, team = ground
    send(team, visit(row, doors[0]), visit(row, doors[1], "not_home"), visit(row, doors[1], "not_home"),
         visit(row, doors[2], "come_back"), visit(row, doors[3], "refused"), visit(row, doors[4], "not_home"))
    send(team, visit(row, doors[4]))
    back = call(team, "get", f"/rounds/{row.id}/revisits")["items"]
    assert [(b["dwelling"], b["state"], b["not_home"]) for b in back] == [
        (str(doors[2].id), "come_back", 0), (str(doors[1].id), "not_home", 2)]
    assert call(client("petition_desk"), "get", f"/rounds/{row.id}/revisits")["items"] == []
    turf = Turf.objects.get(round=row)
    states = {d["dwelling"]: d["state"] for d in call(team, "get", f"/turfs/{turf.id}")["doors"]}
    assert [states[str(d.id)] for d in doors[:6]] == ["reached", "not_home", "come_back", "refused", "reached", "not_yet"]


def test_a_full_batch_takes_few_queries(ground: Ground) -> None:
    row, _, doors, team = ground
    with CaptureQueriesContext(connection) as few:
        send(team, visit(row, doors[0]))
    with CaptureQueriesContext(connection) as many:
        assert set(send(team, *[visit(row, doors[n % 12]) for n in range(100)])) == {"stored"}
    assert len(many) <= len(few)


def test_the_database_itself_refuses(ground: Ground) -> None:
    row, _, doors, _ = ground
    now = timezone.now()
    team = row.teams.get()
    for wrong in ({"outcome": "liked"}, {"outcome": "come_back"}, {"outcome": "met", "come_back_at": now},
                  {"outcome": "met", "ended_at": now - timedelta(days=1)}, {"outcome": "refused", "topics": ["vneid"]},
                  {"outcome": "met", "consents": {"zalo": True}}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Visit(**{"id": new_id(), "ward_id": HOME, "round": row, "team": team, "dwelling": doors[0], "started_at": now,
                     "ended_at": now, "received_at": now, "digest": b"", **wrong}).save(force_insert=True)
