"""/live/position: every tracker that people have, stored when answered; a stray one is accepted and kept nowhere."""
from __future__ import annotations

import json
import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.burst import owner
from tests.support.stack import Stack


@pytest.fixture(scope="module")
def unit(stack: Stack) -> tuple[str, str]:
    """(id, tracker key) of a unit on shift that the demo does not move."""
    with owner(stack) as connection:
        row = connection.execute(
            "INSERT INTO patrol_unit (id, ward_id, call_sign, kind, capabilities, tracker_key, active) VALUES"
            " (gen_random_uuid(), 25888, 'THU-1', 'motorbike', '{}', 'thu-1-key', true) RETURNING id").fetchone()
        assert row is not None
        connection.execute("INSERT INTO patrol_shift (id, ward_id, unit_id, crew, started_at) VALUES"
                           " (gen_random_uuid(), 25888, %s, '{}', now() - interval '1 hour')", [row[0]])
    return str(row[0]), "thu-1-key"


def latest(stack: Stack, unit_id: str) -> Any:
    """The unit's latest fix and how many its track holds."""
    with owner(stack) as connection:
        return connection.execute("SELECT p.lat, p.at, p.source, (SELECT count(*) FROM patrol_track t WHERE"
                                  " t.unit_id = p.unit_id) FROM patrol_position p WHERE unit_id = %s", [unit_id]).fetchone()


def test_every_way_of_sending(stack: Stack, unit: tuple[str, str]) -> None:
    unit_id, key = unit
    at = int(time.time()) - 100
    iso = lambda seconds: datetime.fromtimestamp(at + seconds, UTC).isoformat()
    basic = {"Authorization": "Basic dGh1LTEta2V5OnB3"}
    ways: list[tuple[str, str, Any, dict[str, str]]] = [
        ("GET", f"?id={key}&lat=11.01&lon=106.8&timestamp={at}", None, {}),
        ("POST", f"?id={key}&lat=11.02&lon=106.8&timestamp={at + 1}", None, {}),
        ("POST", "", f"id={key}&lat=11.03&lon=106.8&timestamp={at + 2}".encode(), {}),
        ("POST", "", {"device_id": key, "location": {"timestamp": iso(3), "coords": {
            "latitude": 11.04, "longitude": 106.8}}}, {}),
        ("POST", "", {"_type": "location", "lat": 11.05, "lon": 106.8, "tst": at + 4}, basic),
        ("POST", f"?id={key}", {"_type": "location", "lat": 11.06, "lon": 106.8, "tst": at + 5}, {}),
        ("POST", "", {"key": key, "fixes": [{"at": iso(6), "lat": 11.07, "lon": 106.8}]}, {})]
    for n, (method, query, body, headers) in enumerate(ways, 1):
        raw = body if isinstance(body, bytes) else None
        status, answer = stack.call(method, "/live/position" + query, None if raw else body, raw=raw, headers=headers)
        assert status == 200, (method, query, body)
        if isinstance(body, dict) and "_type" in body:
            assert answer == []
        found = latest(stack, unit_id)
        assert found[0] == pytest.approx(11 + n / 100), ways[n - 1]
        assert found[3] == n


def test_an_older_fix_goes_to_the_track_only(stack: Stack, unit: tuple[str, str]) -> None:
    now = datetime.now(UTC)
    for minutes, lat in ((0, 11.09), (10, 11.5)):
        at = (now - timedelta(minutes=minutes)).isoformat()
        body = {"key": unit[1], "fixes": [{"at": at, "lat": lat, "lon": 106.8}]}
        status, answer = stack.call("POST", "/live/position", body)
        assert (status, answer["stored"]) == (200, 1)
    found = latest(stack, unit[0])
    assert found[0] == 11.09
    assert stack.call("POST", "/live/position", body)[0] == 200
    assert latest(stack, unit[0]) == found  # the same fix sent twice is one


def test_a_stray_tracker(stack: Stack) -> None:
    status, answer = stack.call("GET", "/live/position?id=ai-day&lat=11&lon=106.8")
    assert (status, answer["stored"]) == (202, 0)


def test_no_fix_is_no_error_and_no_device_is(stack: Stack, unit: tuple[str, str]) -> None:
    before = latest(stack, unit[0])
    assert stack.call("GET", f"/live/position?id={unit[1]}&batt=50")[0] == 200
    assert stack.call("GET", "/live/position?lat=11&lon=106.8")[0] == 400
    for bad in ("lat=NaN&lon=1", "lat=0&lon=0", "lat=11&lon=106.8&timestamp=4102444800", "lat=99&lon=0"):
        assert stack.call("GET", f"/live/position?id={unit[1]}&{bad}")[0] == 422
    for raw, status in ((b"{", 400), (b"[]", 422),
                        (b'{"key":"thu-1-key","fixes":[{"at":"2026-01-01T00:00:00Z","lat":NaN,"lon":1}]}', 400)):
        assert stack.call("POST", "/live/position", raw=raw)[0] == status
    assert stack.call("POST", "/live/position", raw=b"{" + b" " * 300_000)[0] == 413
    assert latest(stack, unit[0]) == before


def test_traccars_payloads_from_trackers_that_nobody_paired(stack: Stack, shared: Path) -> None:
    given = json.loads((shared / "protocols" / "osmand_traccar_payloads.json").read_text(encoding="utf-8"))
    for case in given["query_gets"]:
        status, answer = stack.call("GET", "/live/position" + case["request"][1:])
        assert status == (400 if "rejected" in case["expect"] else 202), (case, answer)
    for body in given["json_posts"]:
        assert stack.call("POST", "/live/position", body)[0] == 202


def test_traccars_payloads_from_a_paired_tracker(stack: Stack, unit: tuple[str, str], shared: Path) -> None:
    given = json.loads((shared / "protocols" / "osmand_traccar_payloads.json").read_text(encoding="utf-8"))

    def known(at: float) -> Any:
        with owner(stack) as connection:
            return connection.execute("SELECT lat, lon, speed_mps, heading, accuracy_m, battery FROM patrol_track WHERE"
                                      " unit_id = %s AND at = to_timestamp(%s)", [unit[0], at]).fetchone()
    for case in given["query_gets"]:
        query = re.sub(r"\b((?:device)?id)=\d+", rf"\1={unit[1]}", case["request"][1:])
        status, answer = stack.call("GET", "/live/position" + query)
        assert status == (400 if "rejected" in case["expect"] else 200), (case, answer)
        if status == 200:
            assert answer["stored"] == ("no gps fix" not in case["expect"])
    assert known(1442068686.579)[:2] == (42.06288, -88.23412)
    assert known(1504763810)[2:4] == (pytest.approx(40 * 0.514444), pytest.approx(7.19889788244))
    for body in given["json_posts"]:
        assert stack.call("POST", "/live/position", {**body, "device_id": unit[1]})[1]["stored"] == 1
    assert known(1626854794.444) == (-6.1148096, 106.6837015, 18.67, 63, 3.8, 0.79)
    assert known(1746763890.579) == (37.785834, -122.406417, None, None, 5, None)  # -1 is how it says "not known"
