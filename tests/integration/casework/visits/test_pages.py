"""The office pages of rounds: drafted, planned, adjusted, opened, looked at – by those who may; nothing half-written."""
from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from binhan.casework.visits.models import Member, Priority, Round, Team, Turf, TurfDoor
from binhan.commons.access.scope import ward_scope
from binhan.commons.journal.models import Entry
from binhan.commons.places.models import Area
from tests.integration.casework.visits.browser import browser, page, press
from tests.integration.casework.visits.ground import HOME, again, client, khu_pho, open_round, send, visit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _scope() -> Iterator[None]:
    with ward_scope([HOME], "test"):
        yield


def form(*areas: Area, **more: Any) -> dict[str, Any]:
    return {"ward": HOME, "name": "Đợt thử <b>", "purpose": "Nghe dân nói", "from_on": "2026-12-01", "to_on": "2026-12-18",
            "areas": [str(a.id) for a in areas], "topics": ["fire_safety"], "max_doors": "10", "minutes_at_door": "8",
            "c_police": "1", "c_front": "2", "groups": "2", "n_places": "2", "n_teams": "0", **more}


def given(text: str, key: str) -> Any:
    found = re.search(rf'<script id="{key}" type="application/json">(.*?)</script>', text, re.S)
    assert found, "no map"
    return json.loads(found[1])


def test_a_round_is_drafted_planned_adjusted_and_opened() -> None:
    who, (one, _), (two, _) = browser("leadership"), khu_pho("KP Thử 1", 24), khu_pho("KP Thử 2", 6, 1)
    assert "Lập đợt mới" in page(who, "rounds/")
    assert "KP Thử 2" in page(who, "rounds/new")
    shown = press(who, "rounds/new", **form(one, two, place_0=f"area:{two.id.hex}", why_0="nhiều nhà trọ"))
    row = Round.objects.get()
    assert "Đợt thử &lt;b&gt;" in shown and "nhiều nhà trọ" in shown and "Phòng cháy" in shown
    assert {t.name: (t.composition, t.groups) for t in Team.objects.all()} == {
        f"Tổ 3 trong 1 – KP Thử {n}": ({"police": 1, "front": 2}, 2) for n in (1, 2)}
    shown = press(who, f"rounds/{row.id}/do", verb="plan")
    assert "Đã chia 30 căn thành" in shown and "Căn chưa có vị trí" in shown and "Chia lại" in shown
    turfs = list(Turf.objects.filter(area=one).order_by("number"))
    first, other = turfs[0], turfs[1]
    doors = list(TurfDoor.objects.filter(turf=first).order_by("place").values_list("dwelling_id", flat=True))
    seen = page(who, f"turfs/{first.id}")
    assert [d["id"] for d in given(seen, "turf-doors")["doors"]] == [str(d) for d in doors]
    assert "/walk-list.pdf" in seen and given(seen, "turf-doors")["ground"]["outline"]
    press(who, f"turfs/{first.id}/do", verb="down", dwelling=doors[0])
    assert list(TurfDoor.objects.filter(turf=first).order_by("place").values_list("dwelling_id", flat=True))[:2] == [
        doors[1], doors[0]]
    press(who, f"turfs/{first.id}/do", verb="move", dwelling=doors[0], to=other.id)
    assert TurfDoor.objects.get(dwelling=doors[0]).turf_id == other.id
    assert "Đã mở đợt" in press(who, f"rounds/{row.id}/do", verb="open")
    row.refresh_from_db()
    assert row.state == "open"


def test_a_team_of_its_own_with_names() -> None:
    who, (one, _), (two, _) = browser("social_officer"), khu_pho("KP Thử 1", 3), khu_pho("KP Thử 2", 3, 1)
    member = browser("team_member").account  # type: ignore[attr-defined]
    added = press(who, "rounds/new", **form(one, add="n_teams", t0_name=""))
    assert "Tổ riêng" in added and not Round.objects.exists()
    press(who, "rounds/new", **form(one, n_teams="1", t0_name="Tổ lưu động", t0_areas=[str(two.id)], t0_youth="4",
                                    t0_groups="1", t0_members=[str(member.id)], **{f"t0_part_{member.id}": "youth"}))
    team = Team.objects.get(name="Tổ lưu động")
    assert (team.composition, team.areas.get().area_id, Member.objects.get().part) == ({"youth": 4}, two.id, "youth")
    assert Team.objects.count() == 2 and Member.objects.get().account_id == member.id


@pytest.mark.parametrize(("change", "words"), [
    ({"name": ""}, "Tên đợt: còn thiếu"), ({"to_on": "2026-11-01"}, "Ngày kết thúc"), ({"areas": []}, "Khu phố: còn thiếu"),
    ({"why_0": "vì thế"}, "Nơi ưu tiên"), ({"c_police": "nhiều"}, "Thành phần: chưa đúng"),
    ({"groups": "99"}, "Số nhóm: ngoài"),
    ({"topics": ["strange"]}, "không có trong danh mục"), ({"from_on": "hôm qua"}, "Từ ngày: chưa đúng"),
    ({"name": "x" * 200}, "Tên đợt: dài quá")])
def test_what_is_wrong_is_said_and_what_was_typed_stays(change: dict[str, Any], words: str) -> None:
    who, (one, _) = browser("leadership"), khu_pho("KP Thử 1", 3)
    shown = press(who, "rounds/new", 422, **{**form(one, purpose="Gõ dở <i>"), **change})
    assert words in shown and "Gõ dở &lt;i&gt;" in shown and "Chưa ghi gì" in shown
    assert not Round.objects.exists() and not Team.objects.exists() and not Priority.objects.exists()


def test_pressed_twice_it_is_one_round() -> None:
    who, (one, _) = browser("leadership"), khu_pho("KP Thử 1", 3)
    key = re.search(r'name="id" value="([^"]+)"', page(who, "rounds/new"))
    assert key
    for _ in range(2):
        press(who, "rounds/new", **form(one, id=key[1]))
    assert Round.objects.count() == 1


@pytest.mark.parametrize("role", ["desk_officer", "responder", "administrator", "auditor"])
def test_closed_to_other_purposes(role: str) -> None:
    (one, _), who = khu_pho("KP Thử 1", 3), browser(role)
    row = open_round(client("leadership"), one)
    turf = Turf.objects.get()
    for path, status in (("rounds/", 403), ("rounds/new", 403), (f"rounds/{row.id}", 404),
                         (f"rounds/{row.id}/coverage", 404), (f"turfs/{turf.id}", 404)):
        assert "Đợt thử" not in page(who, path, status)
    press(who, f"rounds/{row.id}/do", 404, verb="pause", reason="x")
    row.refresh_from_db()
    assert row.state == "open"


@pytest.mark.parametrize("role", ["petition_desk", "khu_pho_board"])
def test_others_read_and_plan_nothing(role: str) -> None:
    (one, doors), who = khu_pho("KP Thử 1", 30), browser(role)
    planner = client("leadership")
    row = open_round(planner, one)
    send(client("team_member", one.id), *[visit(row, d) for d in doors[:3]])
    shown = page(who, f"rounds/{row.id}")
    assert "Tạm dừng" not in shown and "chỉ tổ phụ trách" in shown
    seen = page(who, f"rounds/{row.id}/coverage")
    assert "round-doors" not in seen and "ẩn" in seen and "“ẩn”" in seen
    assert doors[0].address not in seen + shown
    press(who, f"rounds/{row.id}/do", 403, verb="close")
    page(who, "rounds/new", 403)
    press(who, "rounds/new", 403, **form(one))
    row.refresh_from_db()
    assert row.state == "open" and Round.objects.count() == 1


def test_a_refused_verb_keeps_the_reason_and_changes_nothing() -> None:
    (one, _), who = khu_pho("KP Thử 1", 3), browser("leadership")
    row = open_round(client("leadership"), one)
    assert "Còn thiếu: Lý do" in press(who, f"rounds/{row.id}/do", 422, verb="pause")
    assert "y" * 600 in press(who, f"rounds/{row.id}/do", 422, verb="pause", reason="y" * 600)
    press(who, f"rounds/{row.id}/do", 404, verb="explode")
    assert "bước" in press(who, f"rounds/{row.id}/do", 409, verb="open")
    row.refresh_from_db()
    assert row.state == "open"
    assert "Đã tạm dừng" in press(who, f"rounds/{row.id}/do", verb="pause", reason="mưa bão")
    assert "mưa bão" in page(who, f"rounds/{row.id}")


def test_a_door_cannot_be_sent_where_it_does_not_belong() -> None:
    (one, _), (two, _), who = khu_pho("KP Thử 1", 4), khu_pho("KP Thử 2", 4, 1), browser("leadership")
    open_round(client("leadership"), one, two)
    turf, far = Turf.objects.get(area=one), Turf.objects.get(area=two)
    door = TurfDoor.objects.filter(turf=turf).order_by("place").first()
    assert door is not None
    assert "ranh giới" in press(who, f"turfs/{turf.id}/do", 422, verb="move", dwelling=door.dwelling_id, to=far.id)
    assert "Hãy chọn một căn" in press(who, f"turfs/{turf.id}/do", 422, verb="up")
    assert "Hãy chọn một căn" in press(who, f"turfs/{turf.id}/do", 422, verb="move", dwelling=door.dwelling_id)
    press(who, f"turfs/{turf.id}/do", 404, verb="swap", dwelling=door.dwelling_id)
    assert TurfDoor.objects.get(dwelling=door.dwelling_id).turf_id == turf.id


def test_coverage_shows_the_doors_to_whom_they_concern() -> None:
    (one, doors), (two, _) = khu_pho("KP Thử 1", 20), khu_pho("KP Thử 2", 5, 1)
    row = open_round(client("leadership"), one, two)
    send(client("team_member", one.id), *[visit(row, d) for d in doors[:8]], visit(row, doors[9], "refused"))
    who = browser("leadership")
    seen = page(who, f"rounds/{row.id}/coverage")
    assert f'round="{row.id}"' in seen and given(seen, "round-doors")["doors"] == []  # the map asks for them in pieces
    answer = who.get(f"/api/rounds/{row.id}/doors?limit=1000").json()
    again()
    states = {d["dwelling"]: d["state"] for d in answer["items"]}
    assert len(states) == 25 and states[str(doors[0].id)] == "reached" and states[str(doors[9].id)] == "refused"
    assert "với nhịp này xong ngày" in seen and "36 %" in seen and "coverage.xlsx" in seen and "KP Thử 2" in seen
    assert Entry.objects.filter(subject_kind="round_door_list", actor=who.account.actor).exists()  # type: ignore[attr-defined]
    team = browser("team_member", one.id)
    assert "round-doors" in page(team, f"rounds/{row.id}/coverage")
    assert len(team.get(f"/api/rounds/{row.id}/doors?limit=1000").json()["items"]) == 20
    again()


def test_a_team_sees_its_own_turfs_only() -> None:
    (one, _), (two, _) = khu_pho("KP Thử 1", 4), khu_pho("KP Thử 2", 4, 1)
    open_round(client("leadership"), one, two)
    who = browser("team_member", one.id)
    page(who, f"turfs/{Turf.objects.get(area=one).id}")
    page(who, f"turfs/{Turf.objects.get(area=two).id}", 404)


def test_in_english() -> None:
    (one, _), who = khu_pho("KP Thử 1", 3), browser("leadership", lang="en")
    row = open_round(client("leadership"), one)
    shown = page(who, f"rounds/{row.id}")
    assert "Pause" in shown and "Fire safety" in shown and "Tạm dừng" not in shown
    assert "Target 100 %:" in page(who, f"rounds/{row.id}/coverage")
    assert "Name of the round: is missing" in press(who, "rounds/new", 422, **form(one, name=""))


def test_nobody_is_sent_to_sign_in() -> None:
    for path in ("rounds/", "issues/", "promises/", "conflicts/", "phones/", "ways/", "households/import"):
        assert Client().get(f"/office/{path}").status_code == 302
