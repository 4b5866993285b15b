"""What was heard, over HTTP: stored once, moved by whom it concerns, chased by its clock, not kept when it must not be."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from binhan.casework.households.models import Dwelling
from binhan.casework.listening.models import Issue
from binhan.casework.visits.models import Round, Visit
from binhan.commons.access.scope import ward_scope
from binhan.commons.clocks.models import Clock
from binhan.commons.clocks.tasks import sweep
from binhan.commons.context import clock_actions
from binhan.commons.journal.models import Entry
from binhan.kernel.ids import new_id
from tests.integration.casework.visits.ground import HOME, NEXT, again, call, client, khu_pho, open_round, send, visit

pytestmark = pytest.mark.django_db
Ground = tuple[str, Client, Client]


@pytest.fixture(autouse=True)
def _scope() -> Iterator[None]:
    with ward_scope([HOME], "test"):
        yield


@pytest.fixture
def ground() -> Ground:
    """A visit, its team, and the office."""
    area, doors = khu_pho("KP Thử 1", 3)
    office = client("leadership")
    row, team = open_round(office, area), client("team_member", area.id)
    said = visit(row, doors[0])
    assert send(team, said) == ["stored"]
    return said["id"], team, office


def heard(visit_id: str, kind: str = "report", words: str = "Hẻm ngập khi mưa", **fields: Any) -> dict[str, Any]:
    return {"id": str(new_id()), "visit": visit_id, "kind": kind, **({"words": words} if words else {}), **fields}


def tell(who: Client, *issues: Any) -> list[dict[str, Any]]:
    answer = call(who, "post", "/issues", {"issues": list(issues)})
    assert answer["results"] == answer["items"], "the old name for one version"
    results: list[dict[str, Any]] = answer["items"]
    return results


def test_it_is_stored_once_with_a_clock_and_no_word_in_the_journal(ground: Ground) -> None:
    visit_id, team, _ = ground
    one = heard(visit_id, reply_by="phone", urgency="urgent", place="trước nhà 12")
    assert [r["status"] for r in tell(team, one, one)] == ["stored", "same"]
    assert [r.get("code") for r in tell(team, {**one, "words": "khác"})] == ["id_reused"]
    issue = Issue.objects.get()
    assert (issue.state, issue.words, issue.place) == ("received", "Hẻm ngập khi mưa", "trước nhà 12")
    assert issue.reply_due_at and issue.reply_due_at > timezone.now()
    assert Clock.objects.get(subject_id=issue.id).policy == "issue.assign_within"
    assert [(e.verb, set(e.facts)) for e in Entry.objects.filter(subject_id=issue.id)] == [("record", {"kind", "state"})]


def test_answered_at_the_door_or_praised_nothing_waits(ground: Ground) -> None:
    visit_id, team, office = ground
    one, praise = heard(visit_id, answer="Ngày 20 có đoàn nạo vét"), heard(visit_id, "praise", "Cảm ơn tổ")
    assert [r["state"] for r in tell(team, one, praise)] == ["answered_at_door", "received"]
    assert call(team, "post", f"/issues/{praise['id']}/note")["state"] == "noted"
    assert not Clock.objects.filter(subject_id__in=[one["id"], praise["id"]]).exists()
    waiting = heard(visit_id)
    tell(team, waiting)
    assert call(team, "post", f"/issues/{waiting['id']}/note", status=422)["code"] == "needs_answer"


def test_from_the_door_to_the_resident(ground: Ground) -> None:
    visit_id, team, office = ground
    one = heard(visit_id, reply_by="visit")
    tell(team, one)
    path = f"/issues/{one['id']}"
    assert "assign" in call(office, "get", path)["verbs"] and "assign" not in call(team, "get", path)["verbs"]
    call(team, "post", f"{path}/assign", {"unit": "economy"}, 403)
    assert call(office, "post", f"{path}/assign", status=422)["missing"] == ["unit"]
    assert call(office, "post", f"{path}/assign", {"unit": "mediation"}, 422)["code"] == "no_mediation"
    assert call(office, "post", f"{path}/assign", {"unit": "economy"})["unit_name"].startswith("Phòng Kinh tế")
    assert Clock.objects.get(subject_id=one["id"]).policy == "issue.answer_within"
    assert call(client("petition_desk"), "post", f"{path}/answer", {"answer": "Đã nạo vét"})["state"] == "answered"
    assert call(office, "post", f"{path}/answer", {"answer": "khác"}, 409)["state"] == "answered"
    assert call(team, "post", f"{path}/tell", {"channel": "visit"})["state"] == "told"
    assert call(team, "post", f"{path}/tell", {"channel": "visit"})["state"] == "told"
    assert not Clock.objects.filter(subject_id=one["id"]).exists()
    journal = str(list(Entry.objects.filter(subject_id=one["id"]).values_list("facts", flat=True)))
    assert "nạo vét" not in journal and "ngập" not in journal


def test_passed_on_waits_for_a_receipt_and_can_be_taken_back(ground: Ground) -> None:
    visit_id, team, office = ground
    one = heard(visit_id)
    tell(team, one)
    path = f"/issues/{one['id']}"
    assert call(office, "post", f"{path}/pass_on", {"agency": "electricity", "reason": "cột điện"})["state"] == "passed_on"
    assert Clock.objects.get(subject_id=one["id"]).policy == "issue.confirm_within"
    call(office, "post", f"{path}/take_back", {"unit": "economy", "reason": "trả lại"})
    call(office, "post", f"{path}/pass_on", {"agency": "city", "reason": "vượt quyền"})
    assert call(office, "post", f"{path}/confirm", {"receipt": "BN-12"})["state"] == "handed_over"


@pytest.mark.parametrize("kind", ["complaint", "denunciation", "crime", "domestic_violence", "child_abuse"])
def test_what_has_its_own_law_is_shown_the_way_and_leaves_no_trace(ground: Ground, kind: str) -> None:
    visit_id, team, _ = ground
    assert tell(team, heard(visit_id, kind, "Ông A…"))[0]["code"] == "not_here"
    one = heard(visit_id, kind, "")
    answer = tell(team, one)[0]
    assert (answer["status"], answer["state"]) == ("stored", "routed_out") and answer["go_to"]["vi"]
    assert tell(team, one)[0]["status"] == "same"
    issue = Issue.objects.get(id=one["id"])
    assert (issue.visit_id, issue.words, bytes(issue.digest)) == (None, "", b"")
    assert timezone.localtime(issue.heard_at).hour == 0


def test_what_turns_out_to_be_a_denunciation_is_erased(ground: Ground) -> None:
    visit_id, team, office = ground
    one = heard(visit_id, words="Tôi muốn tố cáo cán bộ X", place="UBND", reply_by="phone")
    assert tell(team, one)[0]["look_again"]["kind"] == "denunciation"
    call(office, "post", f"/issues/{one['id']}/assign", {"unit": "police"})
    call(office, "post", f"/issues/{one['id']}/route_out", {"kind": "report"}, 422)
    gone = call(office, "post", f"/issues/{one['id']}/route_out", {"kind": "denunciation"})
    assert (gone["state"], gone["words"], gone["dwelling"], gone["unit"]) == ("routed_out", "", None, "")
    assert tell(team, one)[0]["status"] == "same", "the phone may send it again: it is not stored again"
    call(team, "get", f"/issues/{one['id']}", status=404)
    assert not Clock.objects.filter(subject_id=one["id"]).exists()


def test_bad_rows_and_strangers(ground: Ground) -> None:
    visit_id, team, _ = ground
    good = heard(visit_id)
    assert [r.get("code", r["status"]) for r in tell(
        team, good, heard(str(new_id())), heard(visit_id, words=""), heard(visit_id, kind="gossip"), "x",
        heard(visit_id, sentiment="bad"))] == ["stored", "no_visit", "no_words", "invalid", "invalid", "invalid"]
    other, _ = khu_pho("KP Thử 2", 1, 1)
    assert tell(client("team_member", other.id), heard(visit_id))[0]["code"] == "no_visit"
    assert tell(client("team_member", ward=NEXT), heard(visit_id))[0]["code"] == "no_visit"
    for stranger in (client("team_member", other.id), client("khu_pho_board", other.id), client("leadership", ward=NEXT),
                     client("desk_officer"), client("responder")):
        call(stranger, "get", f"/issues/{good['id']}", status=404)
    call(client("leadership"), "post", "/issues", {"issues": [heard(visit_id)]}, 403)


def test_a_name_comes_in_the_asked_language(ground: Ground) -> None:
    visit_id, team, office = ground
    tell(team, one := heard(visit_id))
    call(office, "post", f"/issues/{one['id']}/assign", {"unit": "police"})
    names = ("kind_name", "unit_name", "state_name")
    told = [call(office, "get", f"/issues/{one['id']}"), call(office, "get", "/listening/codes")]
    assert [told[0][name] for name in names] == ["phản ánh", "Công an phường", "đang giải quyết"]
    assert {"code": "police", "name": "Công an phường", "vi": "Công an phường", "en": "Ward police"} in told[1]["units"]
    office.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    told = [call(office, "get", f"/issues/{one['id']}"), call(office, "get", "/listening/codes")]
    assert [told[0][name] for name in names] == ["report", "Ward police", "with its unit"]
    assert {"code": "police", "name": "Ward police", "vi": "Công an phường", "en": "Ward police"} in told[1]["units"]
    assert {(row["code"], row["name"], row["go_to"]["desk"]) for row in told[1]["routed"]} >= {("crime", "crime", "police")}


def test_a_confidential_word_is_for_its_team_and_the_office(ground: Ground) -> None:
    visit_id, team, office = ground
    tell(team, heard(visit_id, confidential=True), heard(visit_id, words="Thiếu thùng rác"))
    area = Visit.objects.get().dwelling.area_id
    assert [len(call(who, "get", "/issues")["items"]) for who in (team, office, client("khu_pho_board", area))] == [2, 2, 1]


def test_its_clock_chases_and_comes_again(ground: Ground) -> None:
    visit_id, team, _ = ground
    one = heard(visit_id)
    tell(team, one)
    for level in (1, 2):
        Clock.objects.filter(subject_id=one["id"]).update(due_at=timezone.now() - timedelta(minutes=1))
        sweep({}, clock_actions())
        again()
        assert Issue.objects.get().level == level
        assert Clock.objects.get(subject_id=one["id"]).due_at > timezone.now()
    assert Entry.objects.filter(subject_id=one["id"], verb="chase").count() == 2


def test_the_database_itself_refuses(ground: Ground) -> None:
    found = Visit.objects.get()
    good = {"ward_id": HOME, "visit": found, "kind": "report", "words": "x", "heard_at": timezone.now(), "digest": b"",
            "received_at": timezone.now(), "moved_at": timezone.now(), "moved_by": "test", "moved_verb": "record"}
    for wrong in ({"kind": "rumour"}, {"kind": "denunciation"}, {"kind": "crime", "visit": None}, {"visit": None},
                  {"state": "told"}, {"unit": "mediation"}, {"reply_by": "phone"}, {"unit": "kgb"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Issue(id=new_id(), **{**good, **wrong}).save(force_insert=True)
    Issue(id=new_id(), **{**good, "kind": "conflict", "unit": "mediation"}).save(force_insert=True)


def test_codes_show_where_to_go_without_a_network(ground: Ground) -> None:
    codes = call(ground[1], "get", "/listening/codes")
    assert {r["code"]: r["go_to"]["call"] for r in codes["routed"]}["child_abuse"] == ["111", "113"]
    assert Round.objects.exists() and Dwelling.objects.exists()
