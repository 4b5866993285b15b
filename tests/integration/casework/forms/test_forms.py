"""Questionnaires over HTTP: loaded by who plans, asked by a round, answered by its teams, taken out as a table."""
from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from binhan.casework.forms import api as forms_api
from binhan.casework.forms.actions import Filled, record_answers
from binhan.casework.forms.models import Answers, Form, RoundForm
from binhan.casework.forms.queries import form_doc, form_of_round
from binhan.casework.households.models import Dwelling
from binhan.casework.visits.models import Round, Team, Visit
from binhan.commons.access.scope import ward_scope
from binhan.commons.journal.models import Entry
from binhan.kernel.ids import new_id
from tests.integration.casework.visits.ground import HOME, NEXT, again, call, client, khu_pho, open_round, send, visit
from tests.support.questionnaires import filled, small, survey, workbook

pytestmark = pytest.mark.django_db
Ground = tuple[Round, list[Dwelling], Client, Client]
INNER = "<needs>yes</needs><what>job loan</what><member><age>7</age></member><member><age>9</age></member>"


@pytest.fixture(autouse=True)
def _scope() -> Iterator[None]:
    with ward_scope([HOME], "test"):
        yield


@pytest.fixture
def ground() -> Ground:
    area, doors = khu_pho("KP Thử 1", 6)
    planner = client("leadership")
    return open_round(planner, area), doors, planner, client("team_member", area.id)


def upload(who: Client, body: bytes, status: int = 201, name: str = "Phiếu.xlsx", **terms: Any) -> Any:
    answer = who.post("/api/forms", {"file": SimpleUploadedFile(name, body), "purpose": "Biết nhu cầu hỗ trợ",
                                     "legal_basis": "state_duty", **terms})
    again()
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def attach(planner: Client, row: Round, body: bytes) -> UUID:
    key = upload(planner, body)["id"]
    assert call(planner, "post", f"/rounds/{row.id}/form", {"form": key})["form"]["id"] == key
    return UUID(key)


def answered(row: Round, *rows: Filled) -> list[str]:
    teams = list(Team.objects.filter(round=row).values_list("id", flat=True))
    return [a.fault[0] if a.fault else a.status for a in record_answers(HOME, "a:test", rows, teams)]


def met(team: Client, row: Round, door: Dwelling, outcome: str = "met") -> UUID:
    given = visit(row, door, outcome)
    assert send(team, given) == ["stored"]
    return UUID(given["id"])


def test_a_form_is_loaded_once_and_a_version_is_never_overwritten(ground: Ground) -> None:
    _, _, planner, _ = ground
    checked = upload(planner, small(), 200, dry_run="true")
    assert (checked["questions"], checked["id"], Form.objects.count()) == (3, None, 0)
    made = upload(planner, small())
    assert (made["form_id"], made["version"], made["purpose"], made["source_name"]) == (
        "nhu_cau", "1", "Biết nhu cầu hỗ trợ", "Phiếu.xlsx")
    assert [q["path"] for q in made["asked"]] == ["needs", "what", "member/age"]
    assert upload(planner, small(), 200)["id"] == made["id"]
    other = survey(("text", "a", "A"))
    assert upload(planner, other, 409)["code"] == "version_taken"
    assert upload(planner, small("2"))["id"] != made["id"]
    assert [f["version"] for f in call(planner, "get", "/forms")["items"]] == ["2", "1"]
    assert call(planner, "get", f"/forms/{made['id']}")["xml"].startswith("<?xml")
    facts = Entry.objects.get(verb="load", subject_id=made["id"]).facts
    assert set(facts) == {"digest"}


def test_a_refused_form_names_every_row_and_nothing_is_stored(ground: Ground) -> None:
    _, _, planner, _ = ground
    said = upload(planner, survey(("image", "a", "A"), ("text", "b", "B", "B", "foo(1)"), ("text", "c", "C")), 422)
    assert said["code"] == "form_refused"
    assert [(r["sheet"], r["row"], r["code"]) for r in said["rows"]] == [
        ("survey", 2, "upload"), ("survey", 3, "expression")]
    assert "dòng 2" in said["detail"]
    assert "survey 3" in said["detail_en"]
    assert upload(planner, b"no workbook", 422)["code"] == "form_refused"
    assert upload(planner, small(), 422, purpose="  ")["code"] == "no_purpose"
    upload(planner, small(), 422, legal_basis="because")
    assert not Form.objects.exists()


def test_questions_about_belief_are_pointed_out(ground: Ground) -> None:
    _, _, planner, _ = ground
    made = upload(planner, survey(("text", "a", "Gia đình theo tôn giáo nào?")))
    assert [(n["row"], n["code"]) for n in made["notes"]] == [(2, "sensitive_belief")]


def test_only_who_plans_loads_attaches_and_exports(ground: Ground) -> None:
    row, _, planner, team = ground
    key = attach(planner, row, small())
    for who, sees_rounds in ((team, True), (client("khu_pho_board"), True), (client("petition_desk"), True),
                             (client("desk_officer"), False)):
        upload(who, small("3"), 403)
        for path in ("answers.xlsx", "answers.csv"):
            assert who.get(f"/api/rounds/{row.id}/{path}").status_code == (403 if sees_rounds else 404)
        again()
    call(team, "post", f"/rounds/{row.id}/form", {"form": None}, 403)
    assert call(team, "get", f"/forms/{key}")["id"] == str(key)
    call(client("desk_officer"), "get", f"/forms/{key}", status=404)
    call(client("desk_officer"), "get", "/forms", status=403)
    assert call(client("social_officer"), "get", f"/rounds/{row.id}/form")["form"]["id"] == str(key)


def test_another_wards_form_is_not_to_be_had(ground: Ground) -> None:
    row, _, planner, _ = ground
    with ward_scope([NEXT], "test"):
        theirs = client("leadership", ward=NEXT)
    again(NEXT)
    made = theirs.post("/api/forms", {"file": SimpleUploadedFile("x.xlsx", small()), "purpose": "x",
                                      "legal_basis": "consent"})
    key = made.json()["id"]
    again()
    call(planner, "get", f"/forms/{key}", status=404)
    call(planner, "post", f"/rounds/{row.id}/form", {"form": key}, 404)
    assert form_doc(UUID(key)) is None


def test_a_round_asks_one_form_at_a_time(ground: Ground) -> None:
    row, _, planner, _ = ground
    assert call(planner, "get", f"/rounds/{row.id}/form")["form"] is None
    first, second = attach(planner, row, small()), attach(planner, row, small("2"))
    assert form_of_round(row.id) == second
    doc = form_doc(second)
    assert doc is not None
    assert (doc["title"], doc["version"]) == ("Phiếu nhu cầu", "2")
    call(planner, "post", f"/rounds/{row.id}/form", {"form": str(second)})
    assert RoundForm.objects.filter(round=row).count() == 2
    call(planner, "post", f"/rounds/{row.id}/form", {"form": None})
    assert form_of_round(row.id) is None
    assert [r["until_at"] is None for r in call(planner, "get", f"/forms/{first}")["rounds"]] == [False]
    call(planner, "post", f"/rounds/{row.id}/form", {"form": str(new_id())}, 404)
    call(planner, "post", f"/rounds/{row.id}/close")
    call(planner, "post", f"/rounds/{row.id}/form", {"form": str(first)}, 409)
    assert Entry.objects.filter(verb="attach_form", subject_id=row.id).count() == 2


def test_answers_are_stored_once_however_often_they_are_sent(ground: Ground) -> None:
    row, doors, planner, team = ground
    key = attach(planner, row, small())
    door = met(team, row, doors[0])
    first = Filled(new_id(), door, key, "1", filled("nhu_cau", "1", INNER))
    assert answered(row, first, first) == ["stored", "same"]
    assert answered(row, first) == ["same"]
    changed = Filled(first.id, door, key, "1", filled("nhu_cau", "1", "<needs>no</needs>"))
    assert answered(row, changed) == ["id_reused"]
    assert answered(row, Filled(new_id(), door, key, "1", changed.xml)) == ["already_answered"]
    kept = Answers.objects.get()
    assert kept.values["member[2]/age"] == "9"
    assert kept.xml == first.xml
    facts = Entry.objects.get(verb="answer", subject_id=kept.id).facts
    assert facts == {"visit_id": str(door), "form_id": str(key)}


def test_one_bad_row_never_fails_its_neighbours(ground: Ground) -> None:
    row, doors, planner, team = ground
    key = attach(planner, row, small())
    unasked = UUID(upload(planner, small("9"))["id"])
    doors_met = [met(team, row, d) for d in doors[:5]]
    refused = met(team, row, doors[5], "refused")
    xml = filled("nhu_cau", "1", INNER)

    def one(visit_id: UUID, **other: Any) -> Filled:
        return Filled(**{"id": new_id(), "visit": visit_id, "form": key, "version": "1", "xml": xml, **other})
    assert answered(
        row, one(doors_met[0]), one(new_id()), one(doors_met[1], id=uuid4()), one(doors_met[1], form=new_id()),
        one(doors_met[1], form=unasked, version="9"), one(doors_met[1], version="2"), one(refused),
        one(doors_met[1], xml="<data"), one(doors_met[1], xml=filled("nhu_cau", "1", "<tin_nguong>x</tin_nguong>")),
        one(doors_met[1])) == [
        "stored", "no_visit", "not_v7", "no_form", "no_form", "another_version", "nobody_spoke", "broken_xml",
        "unknown_node", "stored"]
    assert Answers.objects.count() == 2


def test_answers_of_an_earlier_version_are_kept_with_it(ground: Ground) -> None:
    row, doors, planner, team = ground
    old = attach(planner, row, small())
    door = met(team, row, doors[0])
    new = attach(planner, row, small("2"))
    assert answered(row, Filled(new_id(), door, old, "1", filled("nhu_cau", "1", INNER))) == ["stored"]
    assert answered(row, Filled(new_id(), door, new, "2", filled("nhu_cau", "1", INNER))) == ["another_version"]
    assert Answers.objects.get().form_id == old


def test_only_the_team_of_the_visit_answers(ground: Ground) -> None:
    row, doors, planner, team = ground
    key = attach(planner, row, small())
    given = Filled(new_id(), met(team, row, doors[0]), key, "1", filled("nhu_cau", "1", INNER))
    assert [a.fault and a.fault[0] for a in record_answers(HOME, "a:x", [given], [])] == ["no_visit"]
    with ward_scope([NEXT], "test"):
        assert [a.fault and a.fault[0] for a in record_answers(NEXT, "a:x", [given], [new_id()])] == ["no_visit"]


def test_a_batch_costs_the_same_number_of_queries_whatever_its_size(ground: Ground) -> None:
    row, doors, planner, team = ground
    key = attach(planner, row, small())
    visits = [met(team, row, d) for d in doors[:4]]
    rows = [Filled(new_id(), v, key, "1", filled("nhu_cau", "1", INNER)) for v in visits]
    assert answered(row, rows[0]) == ["stored"]  # the form's shape is known from here on
    teams = list(Team.objects.filter(round=row).values_list("id", flat=True))
    with CaptureQueriesContext(connection, ) as few:
        record_answers(HOME, "a:x", rows[1:2], teams)
    with CaptureQueriesContext(connection) as many:
        record_answers(HOME, "a:x", rows[2:], teams)
    assert len(many) == len(few) <= 10


def test_answers_are_taken_out_as_a_table_that_names_nobody(ground: Ground) -> None:
    row, doors, planner, team = ground
    assert planner.get(f"/api/rounds/{row.id}/answers.csv").status_code == 404
    again()
    key = attach(planner, row, small())
    for door, inner in ((doors[0], INNER), (doors[1], "<needs>no</needs><what>=1+1</what><member><age>-3</age></member>")):
        assert answered(row, Filled(new_id(), met(team, row, door), key, "1", filled("nhu_cau", "1", inner))) == ["stored"]
    got = planner.get(f"/api/rounds/{row.id}/answers.csv")
    again()
    table = list(csv.reader(io.StringIO(got.content.decode("utf-8-sig"))))
    assert table[0] == ["id", "day", "area", "team", "needs", "what", "member[1]/age", "member[2]/age", "meta/instanceID"]
    assert [r[4:8] for r in table[1:]] == [["yes", "job loan", "7", "9"], ["no", "'=1+1", "-3", ""]]
    assert doors[0].address not in got.content.decode()
    book = load_workbook(io.BytesIO(planner.get(f"/api/rounds/{row.id}/answers.xlsx?form={key}").content))
    again()
    assert [c.value for c in book["Trả lời"][2]][4:8] == ["yes", "job loan", "7", "9"]
    assert ("member/age", "Tuổi", "int") in list(book["Câu hỏi"].values)
    exports = list(Entry.objects.filter(verb="export", subject_id=row.id).order_by("seq").values_list("facts", flat=True))
    assert [(e["format"], e["rows"]) for e in exports] == [("csv", 2), ("xlsx", 2)]
    assert planner.get(f"/api/rounds/{row.id}/answers.csv?form={new_id()}").status_code == 404


def test_erasing_a_visit_erases_its_answers(ground: Ground) -> None:
    row, doors, planner, team = ground
    key = attach(planner, row, small())
    door = met(team, row, doors[0])
    answered(row, Filled(new_id(), door, key, "1", filled("nhu_cau", "1", INNER)))
    Visit.objects.filter(id=door).delete()
    assert not Answers.objects.exists()


def test_the_api_takes_a_form_with_no_settings_sheet(ground: Ground) -> None:
    _, _, planner, _ = ground
    made = upload(planner, workbook(survey=(("type", "name", "label"), ("text", "a", "A"))), name="Phiếu đợt 12.xlsx")
    assert made["form_id"] == "phieu_dot_12"
    assert json.dumps(made["notes"]).count("no_version") == 1


def test_an_export_is_journalled_when_the_file_is_made(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    row, doors, planner, team = ground
    key = attach(planner, row, small())
    assert answered(row, Filled(new_id(), met(team, row, doors[0]), key, "1", filled("nhu_cau", "1", INNER))) == ["stored"]
    exports, making = Entry.objects.filter(verb="export", subject_id=row.id), forms_api._xlsx
    held: list[bool] = []
    monkeypatch.setattr(forms_api, "_xlsx", lambda table: held.append(exports.exists()) or making(table))
    assert planner.get(f"/api/rounds/{row.id}/answers.xlsx").status_code == 200
    again()
    assert held == [False] and exports.exists(), "the ward's SOS does not wait for a workbook"
