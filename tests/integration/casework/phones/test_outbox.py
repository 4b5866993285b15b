"""What a phone sends: in order, once, each item its own answer – cut off, repeated, forged, old, or from a wrong clock."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from binhan.casework.field.models import DoorFact
from binhan.casework.listening.models import Issue
from binhan.casework.phones.api import items as items_api
from binhan.casework.phones.models import Device, Receipt
from binhan.casework.phones.phone import PhoneItem
from binhan.casework.phones.queries import brought
from binhan.casework.visits.models import Visit
from binhan.commons.access.scope import ward_scope
from binhan.commons.clocks.models import Clock
from binhan.commons.clocks.tasks import sweep
from binhan.commons.context import clock_actions
from binhan.commons.journal.models import Entry
from binhan.kernel.ids import new_id
from tests.integration.casework.phones.phone import edit, heard, item, visit
from tests.integration.casework.phones.walk import Walk
from tests.integration.casework.visits.ground import HOME, NEXT, again, call, khu_pho, open_round

pytestmark = pytest.mark.django_db


def journal() -> list[tuple[str, str]]:
    return list(Entry.objects.filter(ward_id=HOME).order_by("seq").values_list("verb", "subject_kind"))


def test_a_days_work_in_its_order_and_again_nothing_changes(walk: Walk) -> None:
    door, phone = walk.doors[0], walk.phone
    first, second = visit(walk.round, door), visit(walk.round, walk.doors[1], "refused")
    said = heard(first, reply_by="phone")
    told = item("issue_verb", {"issue": said["id"], "verb": "answer_at_door", "answer": "Ngày mai có đoàn"})
    rows = [first, said, second, edit(door, "landmark", "", "cổng xanh"), told]
    assert phone.said(*rows) == ["stored"] * 5
    assert (Visit.objects.count(), Issue.objects.get().state) == (2, "answered_at_door")
    before = (journal(), Receipt.objects.count(), Issue.objects.get().moved_at)
    assert phone.said(*rows, first=1) == ["same"] * 5, "the answer was lost: the same numbers again"
    assert phone.said(*rows[3:], first=4) == ["same"] * 2
    assert phone.said(*rows) == ["same"] * 5, "kept by mistake and sent under new numbers"
    assert (journal(), Receipt.objects.count(), Issue.objects.get().moved_at) == before
    assert Device.objects.get(id=phone.id).received_to == 10


def test_the_journal_is_written_last_and_in_order(walk: Walk) -> None:
    first = visit(walk.round, walk.doors[0])
    start = len(journal())
    walk.phone.said(first, heard(first), edit(walk.doors[0], "occupants", None, 4))
    assert journal()[start:] == [("visit", "visit"), ("record", "issue"), ("correct", "dwelling")]


def test_a_gap_or_a_batch_that_is_not_whole_writes_nothing(walk: Walk) -> None:
    rows = [visit(walk.round, d) for d in walk.doors[:4]]
    phone = walk.phone
    assert phone.send(*rows[:2], first=2, status=409)["expected"] == 1
    whole = phone.body(rows)
    for broken in ({"items": whole["items"][:3]}, {"items": whole["items"][::-1]}, {"count": 5}, {"first": 0, "count": 4},
                   {"items": [*whole["items"][:3], whole["items"][2]]}, {"items": [], "count": 0}, {"items": ["x"] * 4},
                   {"items": [{**row, "n": str(row["n"])} for row in whole["items"]]},
                   {"items": [*whole["items"][:1], *whole["items"][2:]], "count": 3}):
        assert call(phone.who, "post", "/field/outbox", {**whole, **broken}, 422)["code"] == "damaged", broken
    assert not Visit.objects.exists() and Device.objects.get(id=phone.id).received_to == 0
    assert phone.said(*rows) == ["stored"] * 4
    many = [visit(walk.round, walk.doors[0]) for _ in range(101)]
    assert phone.send(*many, status=422)["code"] == "damaged"


def test_a_truncated_body_is_not_json_and_writes_nothing(walk: Walk) -> None:
    cut = b'{"device": "' + walk.phone.id.encode()
    answer = walk.phone.who.generic("POST", "/api/field/outbox", cut, "application/json")
    again()
    assert answer.status_code == 400 and Device.objects.get(id=walk.phone.id).received_to == 0


def test_one_bad_item_never_fails_its_neighbours(walk: Walk) -> None:
    doors, now = walk.doors, timezone.now().isoformat()
    good = visit(walk.round, doors[0])
    rows: list[dict[str, Any]] = [
        good, {"kind": "visit", "id": "x", "at": now, "body": {}}, {**visit(walk.round, doors[1]), "id": str(uuid4())},
        visit(walk.round, doors[2], "unfriendly"), item("poem", {"lines": 4}),
        {**visit(walk.round, doors[3]), "at": "today"},
        heard(visit(walk.round, doors[4])), edit(doors[5], "kind", "house", ["x"]), edit(doors[5], "occupants", None, -1),
        edit(doors[5], "position", None, {"lat": 48.1, "lon": 2.3}), edit(doors[5], "colour", "", "blue"),
        item("settle", {"conflict": str(new_id()), "keep": "a"}), {**visit(walk.round, doors[6]), "body": "x"},
        heard(good, words="\ud800"), heard(good, sentiment="bad"), visit(walk.round, doors[7], "vacant")]
    assert walk.phone.said(*rows) == [
        "stored", "refused:invalid", "refused:invalid", "refused:invalid", "refused:unknown_kind", "refused:invalid",
        "refused:no_visit", "refused:invalid", "refused:invalid", "refused:invalid", "refused:invalid", "refused:not_found",
        "refused:invalid", "refused:invalid", "refused:invalid", "stored"]
    assert Visit.objects.count() == 2 and Device.objects.get(id=walk.phone.id).received_to == len(rows)


def test_a_fault_of_ours_in_one_item_holds_nobody_up(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(sender: Any, rows: Any, bodies: Any) -> Any:
        DoorFact.objects.all().delete()
        raise KeyError("ours")
    first = edit(walk.doors[0], "landmark", "", "cổng xanh")
    told, after = item("issue_verb", {"issue": str(new_id()), "verb": "note"}), visit(walk.round, walk.doors[1])
    monkeypatch.setitem(brought.items(), "issue_verb", PhoneItem(kind="issue_verb", handle=broken))
    assert walk.phone.said(first, told, after) == ["stored", "wait:fault", "stored"]
    assert DoorFact.objects.count() == 1, "what the broken one did is undone"


def test_what_was_refused_or_waited_is_sent_again_with_a_new_number(walk: Walk) -> None:
    row = walk.round
    call(walk.office, "post", f"/rounds/{row.id}/close")
    second = open_round(walk.office, walk.area, name="Đợt sau")
    draft = call(walk.office, "post", "/rounds", {"name": "Chưa mở", "purpose": "x", "areas": [str(walk.area.id)],
                                                  "from_on": str(second.from_on), "to_on": str(second.to_on)}, 201)
    call(walk.office, "post", f"/rounds/{draft['id']}/plan")
    early = visit(row, walk.doors[0], round=draft["id"])
    hung = heard(early)
    told = item("issue_verb", {"issue": hung["id"], "verb": "answer_at_door", "answer": "Ngày mai có đoàn"})
    rows, waiting = (early, hung, told), ["wait:not_open", "wait:no_visit", "wait:not_found"]
    assert walk.phone.said(*rows) == waiting
    assert walk.phone.said(*rows, first=1) == waiting, "a replay is answered as before"
    assert walk.phone.said(told) == ["wait:not_found"], "by itself too"
    call(walk.office, "post", f"/rounds/{draft['id']}/open")
    assert walk.phone.said(*rows, first=1) == waiting, "and changes nothing"
    assert walk.phone.said(*rows) == ["stored"] * 3
    strange = item("issue_verb", {"issue": str(new_id()), "verb": "answer_at_door", "answer": "x"})
    assert walk.phone.said(strange) == ["refused:not_found"]


def test_the_same_id_with_other_contents_writes_nothing(walk: Walk) -> None:
    first, change = visit(walk.round, walk.doors[0]), edit(walk.doors[0], "landmark", "", "cổng xanh")
    assert walk.phone.said(first, change) == ["stored", "stored"]
    other = {**change, "body": {**change["body"], "value": "cổng đỏ"}}
    assert walk.phone.said({**first, "body": {**first["body"], "note": "khác"}}, other) == ["refused:id_reused"] * 2
    assert walk.phone.said(visit(walk.round, walk.doors[1]), first=1) == ["refused:number_used"], "a forged replay"
    walk.doors[0].refresh_from_db()
    assert walk.doors[0].landmark == "cổng xanh" and Visit.objects.count() == 1


def test_another_wards_door_and_another_teams_are_refused(walk: Walk) -> None:
    with ward_scope([NEXT], "test"):
        _, theirs = khu_pho("KP Bên", 1, ward=NEXT)
    again()
    _, other = khu_pho("KP Thử 2", 1, 1)
    rows = [row for door in (theirs[0], other[0]) for row in (visit(walk.round, door), edit(door, "landmark", "", "x"))]
    assert walk.phone.said(*rows) == ["refused:not_yours"] * 4
    assert not Visit.objects.exists() and not DoorFact.objects.exists()


def test_two_members_on_one_phone_each_have_their_own_count(walk: Walk) -> None:
    one, two = walk.phone, walk.another()
    first, second = visit(walk.round, walk.doors[0]), visit(walk.round, walk.doors[1])
    assert one.said(first) == two.said(second) == ["stored"]
    assert one.said(visit(walk.round, walk.doors[2])) == ["stored"]
    assert (one.sent, two.sent) == (2, 1)
    actors = set(Entry.objects.filter(verb="visit").values_list("subject_id", "actor"))
    assert len({actor for _, actor in actors}) == 2
    assert two.said(first) == ["same"], "the same visit from the other's copy is the same visit"


def test_a_wrong_clock_is_set_right(walk: Walk) -> None:
    behind = timedelta(days=40)
    at = (timezone.now() - behind).isoformat()
    row = {**visit(walk.round, walk.doors[0], started_at=at, ended_at=at), "at": at}
    change = {**edit(walk.doors[0], "best_time", "", "evening"), "at": at}
    assert walk.phone.said(row, change, sent_at=at) == ["stored", "stored"]
    for right in (Visit.objects.get().started_at, DoorFact.objects.get().at):
        assert abs(right - timezone.now()) < timedelta(minutes=2)


def test_a_phone_that_lay_in_a_drawer_for_a_month(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server has gone on to schema 2, which calls a visit's `note` by another name; the phone still sends schema 1."""
    def step(kind: str, body: dict[str, Any]) -> dict[str, Any]:
        return {("note" if kind == "visit" and k == "remark" else k): v for k, v in body.items()}

    def lifted(kind: str, body: Mapping[str, Any], schema: int) -> dict[str, Any]:
        return items_api_lift(kind, body, schema, {1: step}, 2)
    items_api_lift = items_api.lift
    monkeypatch.setattr(items_api, "SCHEMA", 2)
    monkeypatch.setattr(items_api, "lift", lifted)
    old = visit(walk.round, walk.doors[0], remark="hỏi về rác")
    assert walk.phone.said(old) == ["stored"] and Visit.objects.get().note == "hỏi về rác"
    assert walk.phone.said(old, first=1) == ["same"]


def test_an_app_that_is_newer_than_the_server_waits(walk: Walk) -> None:
    row = visit(walk.round, walk.doors[0])
    assert walk.phone.said(row, schema=2) == ["wait:server_older"]
    assert walk.phone.said(row) == ["stored"]


def test_what_is_not_kept_here_leaves_no_receipt_and_is_answered_again(walk: Walk) -> None:
    at = visit(walk.round, walk.doors[0])
    shown = heard(at, "domestic_violence", "")
    first = walk.phone.send(at, shown)[1]
    assert (first["status"], first["go_to"]["call"]) == ("stored", ["113"])
    again_ = walk.phone.send(at, shown, first=1)[1]
    assert (again_["status"], again_["go_to"]["call"]) == ("same", ["113"])
    assert not Receipt.objects.filter(item=shown["id"]).exists()
    sounds = heard(at, words="chồng đánh vợ")
    assert walk.phone.send(sounds)[0]["look_again"]["kind"] == "domestic_violence"
    assert walk.phone.send(sounds, first=3)[0]["look_again"]["kind"] == "domestic_violence"
    assert "violence" not in str(list(Receipt.objects.values_list("answer", flat=True)))


def test_words_that_do_not_belong_are_pointed_out_and_not_kept(walk: Walk) -> None:
    told = walk.phone.send(visit(walk.round, walk.doors[0], note="thái độ khó"),
                           edit(walk.doors[0], "access_note", "", "nhà này chống đối"))
    assert [t["warnings"][0]["kind"] for t in told] == ["attitude", "politics"]
    assert "warnings" not in str(list(Receipt.objects.values_list("answer", flat=True)))


def test_a_hundred_items_in_few_queries(walk: Walk) -> None:
    rows = []
    for door in walk.doors[:20]:
        at = visit(walk.round, door)
        rows += [at, heard(at), heard(at), heard(at), heard(at)]
    with CaptureQueriesContext(connection) as queries:
        assert walk.phone.said(*rows) == ["stored"] * 100
    clocks = sum("clocks_clock" in q["sql"] or "clock_policy" in q["sql"] or "clocks_day" in q["sql"] for q in queries)
    assert len(queries) - clocks <= 75, len(queries)


def test_a_kind_that_is_no_text_is_refused_alone(walk: Walk) -> None:
    first = visit(walk.round, walk.doors[0])
    strange = [item("issue", {"visit": first["id"], "kind": kind, "words": "x"}) for kind in ([], {}, None)]
    assert walk.phone.said(first, *strange) == ["stored", *["refused:invalid"] * 3]
    assert walk.phone.said(*strange, first=2) == ["refused:invalid"] * 3


def test_of_what_is_routed_out_later_no_answer_is_kept(walk: Walk) -> None:
    first = visit(walk.round, walk.doors[0])
    before, within = heard(first, words="Chồng tôi hay đánh"), heard(first, words="Chồng tôi hay đánh nữa")
    out = [item("issue_verb", {"issue": said["id"], "verb": "route_out", "kind": "domestic_violence"})
           for said in (before, within)]
    assert walk.phone.said(first, before) == ["stored"] * 2
    assert Receipt.objects.filter(item=before["id"]).exists()
    assert walk.phone.said(out[0], within, out[1]) == ["stored"] * 3
    assert not Receipt.objects.filter(item__in=[before["id"], within["id"]]).exists()
    assert walk.phone.said(first, before, first=1) == ["same"] * 2 and walk.phone.said(within) == ["same"]


def test_of_a_visit_that_was_declined_and_forgotten_no_answer_is_kept(walk: Walk) -> None:
    begin = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=2)
    agreed = item("appointment", {"round": str(walk.round.id), "dwelling": str(walk.doors[0].id),
                                  "from_at": begin.isoformat(), "to_at": (begin + timedelta(hours=1)).isoformat()})
    assert walk.phone.said(agreed) == ["stored"]
    call(walk.office, "post", f"/appointments/{agreed['id']}/decline")
    assert Receipt.objects.filter(item=agreed["id"]).exists()
    Clock.objects.filter(subject_id=agreed["id"]).update(due_at=timezone.now() - timedelta(minutes=1))
    sweep({}, clock_actions())
    again()
    assert not Receipt.objects.filter(item=agreed["id"]).exists()
    assert walk.phone.said(agreed) == ["same"], "the phone kept it by mistake"
