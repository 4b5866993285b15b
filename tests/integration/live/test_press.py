"""POST /live/press: stored when answered, one press one incident, bad input refused whole."""
from __future__ import annotations

import http.client
import json
from typing import Any
from uuid import uuid4

import pytest

from binhan.kernel.ids import new_id
from tests.support.burst import owner
from tests.support.stack import Stack

FIELDS = {"press_id", "incident_id", "ward_id", "ward_code", "ward_name", "track_token", "stored_at", "seen_at", "merged",
          "outside", "call", "message", "demo"}


def totals(stack: Stack) -> tuple[int, ...]:
    """Presses, incidents, facts, and journal rows that are not the clocks' own."""
    with owner(stack) as connection:
        found = connection.execute(
            "SELECT (SELECT count(*) FROM sos_press), (SELECT count(*) FROM sos_incident), (SELECT count(*) FROM sos_fact),"
            " (SELECT count(*) FROM journal_entry WHERE actor <> 'clock')").fetchone()
    assert found is not None
    return found


def test_the_answer_and_the_rows(stack: Stack) -> None:
    status, answer, body = stack.press(kind="fire", note="Khói <b>đen</b>", phone="0912345678")
    assert status == 201
    assert set(answer) >= FIELDS
    assert (answer["ward_id"], answer["ward_code"], answer["seen_at"]) == (25888, "25888", None)
    assert "Tân Uyên" in answer["ward_name"]
    assert "114" in answer["call"]
    with owner(stack) as connection:
        row = connection.execute("SELECT state, kind, note, phone, lat FROM sos_incident WHERE id = %s",
                                 [answer["incident_id"]]).fetchone()
        clock = connection.execute("SELECT count(*) FROM clocks_clock WHERE subject_id = %s",
                                   [answer["incident_id"]]).fetchone()
        facts = connection.execute("SELECT facts::text FROM journal_entry WHERE subject_id = %s AND verb = 'raise'",
                                   [answer["incident_id"]]).fetchall()
    assert row == ("received", "fire", "Khói <b>đen</b>", "+84912345678", body["lat"])
    assert clock == (1,)
    assert len(facts) == 1
    assert "Khói" not in facts[0][0]  # no personal text in the journal
    assert "84912345678" not in facts[0][0]


def test_repeated_it_answers_the_same(stack: Stack) -> None:
    _, first, body = stack.press()
    before = totals(stack)
    status, again = stack.call("POST", "/live/press", body)
    assert status == 200
    assert {k: v for k, v in again.items() if k != "seen_at"} == {k: v for k, v in first.items() if k != "seen_at"}
    assert totals(stack) == before


def test_reused_with_another_body_it_is_refused(stack: Stack) -> None:
    _, _, body = stack.press()
    before = totals(stack)
    status, answer = stack.call("POST", "/live/press", {**body, "note": "khác"})
    assert (status, answer["code"]) == (409, "press_id_reused")
    assert totals(stack) == before


def test_without_any_location(stack: Stack) -> None:
    status, answer, _ = stack.press(lat=None, lon=None, accuracy_m=None)
    assert status == 201
    assert answer["outside"] is False
    with owner(stack) as connection:
        assert connection.execute("SELECT location_source FROM sos_incident WHERE id = %s",
                                  [answer["incident_id"]]).fetchone() == ("none",)


def test_far_outside_it_is_kept_and_says_whom_to_call(stack: Stack) -> None:
    status, answer, _ = stack.press(lat=21.03, lon=105.85)
    assert (status, answer["outside"]) == (201, True)
    assert answer["call"][0] in answer["message"]["vi"]


def test_an_unknown_place_code_says_what_to_do(stack: Stack) -> None:
    before = totals(stack)
    for code in ("KHONG-CO", "a\u0000b"):
        status, answer, _ = stack.press(place_code=code)
        assert (status, answer["code"]) == (422, "unknown_place")
        assert "113" in answer["detail"]
    assert totals(stack) == before


def test_over_the_limit_a_device_joins_its_own_incident(stack: Stack) -> None:
    device = str(uuid4())
    answers = [stack.press(device_id=device)[:2] for _ in range(6)]
    assert {status for status, _ in answers} == {201}
    merged = [a for _, a in answers if a["merged"]]
    assert len(merged) == 3
    assert {a["incident_id"] for a in merged} <= {a["incident_id"] for _, a in answers if not a["merged"]}


@pytest.mark.parametrize("fields", [
    {"lat": 0, "lon": 0}, {"lat": 48.8, "lon": 2.3}, {"lat": 1e300}, {"lat": "11"}, {"at": "2020-01-01T00:00:00Z"},
    {"at": "2030-01-01T00:00:00Z"}, {"unknown": 1}, {"note": "x" * 3000}, {"press_id": str(uuid4())}, {"kind": "war"},
    {"silent": 1}, {"phone": "'; DROP TABLE sos_press; --"}, {"note": ["x"]}, {"lang": "<b>"},
])
def test_bad_fields_change_nothing(stack: Stack, fields: dict[str, Any]) -> None:
    before = totals(stack)
    status, answer, _ = stack.press(**fields)
    assert status == 422
    assert answer["detail"]
    assert answer["detail_en"]
    assert totals(stack) == before


@pytest.mark.parametrize(("raw", "status"), [
    (b"{", 400), (b"", 400), (b'{"press_id":NaN}', 400), (b'{"a":1,"a":2}', 400), (b"\xff", 400), (b"[]", 422),
    (b'"x"', 422), (b"x" * 70_000, 413), (b'{"note":"' + b"x" * 100_000 + b'"}', 413),
])
def test_broken_bodies_change_nothing(stack: Stack, raw: bytes, status: int) -> None:
    before = totals(stack)
    found, answer = stack.call("POST", "/live/press", raw=raw)
    assert (found, answer["status"]) == (status, status)
    assert totals(stack) == before


def test_ten_megabytes_are_sent_in_full_and_answered(stack: Stack) -> None:
    status, problem = stack.call("POST", "/live/press", raw=b'{"note":"' + b"x" * 10_000_000 + b'"}')
    assert (status, problem["code"]) == (413, "too_large")


def test_ten_megabytes_announced_and_not_sent_are_refused(stack: Stack) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=10)
    connection.putrequest("POST", "/live/press")
    connection.putheader("Content-Length", str(10 * 1024 * 1024))
    connection.endheaders()
    connection.send(b"{")  # the rest is never sent
    response = connection.getresponse()
    assert response.status == 413
    assert response.getheader("content-type") == "application/problem+json"
    assert json.loads(response.read())["limit_bytes"] == 65_536


def test_unknown_addresses_and_methods(stack: Stack) -> None:
    for method, path in (("GET", "/live/none"), ("POST", "/live/"), ("GET", "/live/press/a/b/c"), ("GET", "/live/desk")):
        assert stack.call(method, path)[0] == 404
    for method, path in (("GET", "/live/press"), ("DELETE", "/live/press"), ("OPTIONS", "/live/press"),
                         ("PUT", "/live/position"), ("POST", "/live/desk/events"), ("GET", "/live/press/a/facts")):
        status, answer = stack.call(method, path)
        assert (status, answer["code"]) == (405, "wrong_method")
    assert stack.call("HEAD", "/live/press") == (405, None)


def test_half_a_character_anywhere_is_refused(stack: Stack) -> None:
    _, press, body = stack.press()
    path, token = f"/live/press/{press['press_id']}/facts", press["track_token"]
    cancel = {"fact_id": str(new_id()), "kind": "cancel"}
    before = totals(stack)
    assert stack.call("POST", "/live/press", {**body, "press_id": str(new_id()), "\ud800": 1})[0] == 422
    assert stack.call("POST", path, {**cancel, "\ud800": 1}, token)[0] == 422
    assert stack.call("POST", path, {"facts": [cancel], "\ud800": 1}, token)[0] == 422
    assert stack.call("POST", path, {**cancel, "token": "\ud800"})[0] == 404
    assert stack.call("POST", "/live/position", {"key": "k", "fixes": [], "\ud800": 1})[0] == 422
    assert totals(stack) == before


def test_facts_reach_the_incident_once(stack: Stack) -> None:
    _, press, _ = stack.press()
    path, token = f"/live/press/{press['press_id']}/facts", press["track_token"]
    fix = {"fact_id": str(new_id()), "kind": "fix", "lat": 11.092, "lon": 106.8, "accuracy_m": 4}
    note = {"fact_id": str(new_id()), "kind": "note", "text": "Nhà có <img src=x>"}
    status, answer = stack.call("POST", path, {"facts": [fix, note]}, token)
    assert (status, answer["stored"]) == (200, 2)
    status, answer = stack.call("POST", path, {"facts": [fix, note]}, token)
    assert (status, answer["stored"]) == (200, 0)
    cancel = {"fact_id": str(new_id()), "kind": "cancel", "token": token}
    status, answer = stack.call("POST", path, cancel)
    assert (status, answer["status"]["state"]) == (200, "received")  # only a person closes
    assert answer["status"]["cancel_requested_at"]
    with owner(stack) as connection:
        assert connection.execute("SELECT lat, note FROM sos_incident WHERE id = %s",
                                  [press["incident_id"]]).fetchone() == (11.092, "Nhà có <img src=x>")


def test_facts_need_the_presss_own_token(stack: Stack) -> None:
    _, one, _ = stack.press()
    _, other, _ = stack.press()
    fact = {"fact_id": str(new_id()), "kind": "cancel"}
    before = totals(stack)
    path = f"/live/press/{one['press_id']}/facts"
    for token in (other["track_token"], "", "x", one["track_token"][:-1]):
        assert stack.call("POST", path, fact, token)[0] == 404
    assert stack.call("POST", path, {**fact, "token": 5})[0] == 404
    assert stack.call("POST", "/live/press/none/facts", fact, one["track_token"])[0] == 404
    assert stack.call("POST", path, {"facts": [fact, {**fact, "kind": "x"}]}, one["track_token"])[0] == 422
    assert totals(stack) == before


def test_the_snapshot_needs_the_token(stack: Stack) -> None:
    _, press, _ = stack.press()
    path = f"/live/press/{press['press_id']}"
    status, answer = stack.call("GET", f"{path}?token={press['track_token']}")
    assert (status, answer["incident_id"], answer["state"]) == (200, press["incident_id"], "received")
    assert stack.call("GET", path)[0] == 404
    assert stack.call("GET", f"{path}/events?token=x")[0] == 404
