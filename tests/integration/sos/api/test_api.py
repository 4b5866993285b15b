"""The API as outside programs drive it: refusals are problems, nothing leaks, pages neither miss nor double."""
from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client

from binhan.commons.access.scope import ward_scope
from binhan.commons.journal.models import Entry
from binhan.kernel.ids import new_id
from binhan.site.api import openapi
from binhan.sos.incidents.actions import open_incident
from binhan.sos.incidents.models import Fact, Incident
from binhan.sos.patrols.actions import UnitSheet, register_unit, start_shift
from tests.integration.commons.access.people import HOME, NEXT, caller, signed_in, staff

pytestmark = pytest.mark.django_db
JSON = "application/json"


def press(ward: int = HOME) -> UUID:
    """An open incident of the ward."""
    with ward_scope([ward], "test"):
        return open_incident({"press_id": str(new_id()), "ward_id": ward, "channel": "phone"}, "system")


def officer(login: str, ward: int = HOME) -> Client:
    """A desk officer's token."""
    return caller(staff(login, (ward, "desk_officer")), ward)


@pytest.mark.parametrize(("method", "path", "status"), [
    ("get", "/api/nothing", 404), ("get", "/api/", 404), ("put", "/api/incidents", 405), ("delete", "/api/me", 405),
    ("get", "/api/incidents?cursor=x", 422), ("get", "/api/incidents?cursor=%00", 422),
    ("get", "/api/incidents?cursor=9999-12-31T23:59:59-23:59_00000000-0000-0000-0000-000000000000", 422),
    ("get", "/api/incidents?cursor=0001-01-01T00:00:00%2B23:59_00000000-0000-0000-0000-000000000000", 422),
    ("get", "/api/assignments?state=nowhere", 422)])
def test_every_refusal_is_a_problem(method: str, path: str, status: int) -> None:
    answer = getattr(officer("api1"), method)(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["detail"] and answer.json()["detail_en"]
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("body", [b"{", b"[]", b"7", b"\xff\xfe", b"[" * 100_000, b'{"unknown": 1}',
                                  b'{"reason": "\\ud800"}', b" " * 1_100_000 + b"{}"],
                         ids=["cut", "list", "number", "not-utf8", "deep", "unknown", "surrogate", "long"])
def test_a_broken_body_is_a_problem_and_changes_nothing(body: bytes) -> None:
    client, incident = officer("api2"), press()
    answer = client.post(f"/api/incidents/{incident}/resolve", body, JSON)
    assert 400 <= answer.status_code < 500, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    with ward_scope([HOME], "test"):
        assert Incident.objects.get(id=incident).state == "received"


def test_text_is_kept_clean() -> None:
    client, incident = officer("api3"), press()
    body = '{"reason": "xong\\u0000 \\u202eroi"}'
    assert client.post(f"/api/incidents/{incident}/resolve", body, JSON).status_code == 200
    with ward_scope([HOME], "test"):
        assert Fact.objects.get(incident_id=incident, kind="reason").data["text"] == "xong roi"
    assert client.post("/api/tokens", {"name": "\u0000\u202e"}, JSON).status_code == 422


def test_a_message_id_that_is_taken_loses_no_words() -> None:
    client, other = officer("api4"), officer("api5", NEXT)
    here, there, message = press(), press(NEXT), str(new_id())
    said = {"id": message, "text": "Đang đến"}
    assert client.post(f"/api/incidents/{here}/messages", said, JSON).status_code == 200
    assert client.post(f"/api/incidents/{here}/messages", said, JSON).status_code == 200, "a retry"
    for who, incident, text in ((client, here, "khác"), (client, press(), "Đang đến"), (other, there, "Đang đến")):
        answer = who.post(f"/api/incidents/{incident}/messages", {"id": message, "text": text}, JSON)
        assert (answer.status_code, answer.json()["code"]) == (409, "id_taken")


def test_half_a_position_is_refused() -> None:
    body = {"id": str(new_id()), "ward": HOME, "lat": 11.0}
    assert officer("api6").post("/api/incidents", body, JSON).status_code == 422


def test_a_trackers_key_is_its_crews_alone() -> None:
    crew, mate = staff("api7", (HOME, "responder")), staff("api8", (HOME, "responder"))
    with ward_scope([HOME], "test"):
        unit = register_unit(HOME, "test", UnitSheet("Mẫu-khóa", "motorbike"))
        shift = start_shift(unit.id, crew.id, crew.actor)
    path = f"/api/unit-shifts/{shift.id}/end"
    assert caller(staff("api9", (HOME, "social_officer")), HOME).post(path).status_code == 404
    assert caller(mate, HOME).post(path).json()["tracker_key"] is None
    assert caller(crew, HOME).post(path).json()["ended_at"]


def test_the_office_page_shows_nothing_of_sos_to_casework() -> None:
    with ward_scope([HOME], "test"):
        register_unit(HOME, "test", UnitSheet("Mẫu-kín", "motorbike"))
    for login, role, sees in (("api10", "social_officer", False), ("api11", "desk_officer", True)):
        staff(login, (HOME, role))
        page = signed_in(login).get("/office/").content.decode()
        assert ("Mẫu-kín" in page, "vụ đang mở" in page) == (sees, sees)


def test_pages_neither_miss_nor_double_while_new_ones_come() -> None:
    client = officer("api12")
    there = {str(press()) for _ in range(12)}
    seen: list[str] = []
    cursor = ""
    while cursor is not None:
        page = client.get(f"/api/incidents?state=received&limit=5{cursor and '&cursor='}{cursor}").json()
        seen += [row["id"] for row in page["items"]]
        cursor = page["next_cursor"]
        assert cursor is None or "+" not in cursor, "it survives an address that is put together by hand"
        press()
    assert len(seen) == len(set(seen))
    assert there <= set(seen)


def test_opening_its_words_is_journalled() -> None:
    client, incident = officer("api13"), press()
    assert client.get(f"/api/incidents/{incident}/timeline").status_code == 200
    with ward_scope([HOME], "test"):
        assert Entry.objects.filter(ward_id=HOME, verb="read", subject_id=incident).count() == 1


def test_the_document_names_every_verb_and_how_it_refuses() -> None:
    paths = openapi()["paths"]
    verbs = {p: next(q for q in o["post"]["parameters"] if q["name"] == "verb")["schema"]["enum"]
             for p, o in paths.items() if p.endswith("/{verb}")}
    assert "acknowledge" in verbs["/api/incidents/{incident_id}/{verb}"]
    assert "pass_on" not in verbs["/api/assignments/{assignment_id}/{verb}"]
    assert all({"4XX", "5XX"} <= set(o["responses"]) for path in paths.values() for o in path.values())
    assert paths["/api/desk/stream-token"]["get"]["responses"]["200"]["content"]


def test_reading_the_queue_is_journalled_once_an_hour() -> None:
    client = officer("api-queue")
    press()
    for path in ("/api/incidents", "/api/desk/board", "/api/incidents?state=open"):
        assert client.get(path).status_code == 200
    with ward_scope([HOME], "test"):
        assert Entry.objects.filter(ward_id=HOME, verb="read", subject_kind="incident_list").count() == 1
