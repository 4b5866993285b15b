"""Trackers' messages: every form that Traccar Client, OsmAnd and OwnTracks send is read into one shape."""
from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from binhan.kernel.errors import Problem
from binhan.live import payloads

NOW = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
OWN = json.loads((Path(__file__).parents[2] / "fixtures" / "trackers.json").read_text(encoding="utf-8"))


def by_get(request: str) -> list[payloads.Fix]:
    """The fixes of a GET."""
    return payloads.read(dict(parse_qsl(urlsplit(request).query)), b"", "", NOW)[0]


def by_post(body: Any, user: str = "") -> list[payloads.Fix]:
    """The fixes of a POST."""
    return payloads.read({}, json.dumps(body).encode(), user, NOW)[0]


def status_of(act: Any) -> int:
    """The status of the refusal."""
    with pytest.raises(Problem) as caught:
        act()
    return caught.value.status


def check(fix: payloads.Fix, expected: dict[str, Any]) -> None:
    """What the sibling fixture says of a message."""
    assert (fix["key"], fix["lat"], fix["lon"]) == ("B1", 11.09, 106.8)
    at = datetime.fromisoformat(fix["at"])
    assert at == (datetime.fromtimestamp(expected["at"], UTC) if "at" in expected else NOW)
    for name in ("speed_mps", "heading", "battery", "accuracy_m"):
        if name in expected:
            assert fix[name] == (None if expected[name] is None else pytest.approx(expected[name])), name


@pytest.mark.parametrize("case", OWN["gets"], ids=lambda c: c["request"][:60])
def test_our_own_gets(case: dict[str, Any]) -> None:
    check(by_get(case["request"])[0], case)
    form = payloads.read({}, case["request"].partition("?")[2].encode(), "", NOW)[0]  # the same as a form by POST
    check(form[0], case)


@pytest.mark.parametrize("case", OWN["jsons"], ids=lambda c: "owntracks" if "_type" in c["body"] else "traccar client")
def test_our_own_jsons(case: dict[str, Any]) -> None:
    check(by_post(case["body"])[0], case)


def test_traccars_own_test_payloads(shared: Path) -> None:
    given = json.loads((shared / "protocols" / "osmand_traccar_payloads.json").read_text(encoding="utf-8"))
    for case in given["query_gets"]:
        if "rejected" in case["expect"]:
            assert status_of(lambda case=case: by_get(case["request"])) == 400
            continue
        fix = by_get(case["request"])[0]
        assert (fix["lat"] is not None) == case["expect"].startswith("position"), case
        if "no timestamp" in case["expect"]:
            assert fix["at"] == NOW.isoformat()
        if "ms epoch" in case["expect"]:
            assert fix["at"].startswith("2015-09-12T14:38:06.579")
        if "Y-m-d" in case["expect"]:
            assert fix["at"] == "2014-06-04T09:10:11+00:00"
        if "knots" in case["expect"]:
            assert fix["speed_mps"] == pytest.approx(40 * 1852 / 3600, rel=1e-4)
        if case["expect"].endswith("batt"):
            assert fix["battery"] == pytest.approx(0.87)
    for body in given["json_posts"]:
        fix = by_post(body)[0]
        assert fix["key"] == body["device_id"]
        assert fix["lat"] == body["location"]["coords"]["latitude"]
        assert fix["heading"] == (None if body["location"]["coords"]["heading"] < 0 else pytest.approx(63))


def test_owntracks_key_from_basic_first() -> None:
    body = {"_type": "location", "tid": "x", "lat": 11, "lon": 106, "tst": 1764000000}
    assert by_post(body, "unit-7")[0]["key"] == "unit-7"
    assert payloads.basic_user("Basic dW5pdC03OnB3") == "unit-7"
    assert payloads.basic_user("Basic !!!") == payloads.basic_user("Bearer x") == ""


@pytest.mark.parametrize("kind", ["transition", "waypoint", "lwt", "status", "card"])
def test_owntracks_other_types_mean_nothing_here(kind: str) -> None:
    assert payloads.read({"id": "B1"}, json.dumps({"_type": kind}).encode(), "", NOW) == ([], True)


@pytest.mark.parametrize("request_", ["/?lat=1&lon=2", "/?id=&lat=1&lon=2", "/", "/?id=a%00b&lat=1&lon=2",
                                      "/?id=" + "x" * 101])
def test_no_device_is_400(request_: str) -> None:
    assert status_of(lambda: by_get(request_)) == 400


@pytest.mark.parametrize("query", ["lat=NaN&lon=106", "lat=11&lon=inf", "lat=91&lon=106", "lat=11&lon=181", "lat=x&lon=106",
                                   "lat=11", "lat=0&lon=0", "location=11", "lat=11&lon=106&timestamp=soon",
                                   "lat=11&lon=106&timestamp=99999999999999999"])
def test_a_get_with_a_broken_place_or_time_is_refused(query: str) -> None:
    assert status_of(lambda: by_get("/?id=B1&" + query)) == 422


def test_the_future_is_refused() -> None:
    soon, later = NOW + timedelta(minutes=4), NOW + timedelta(minutes=6)
    assert by_get(f"/?id=B1&lat=11&lon=106&timestamp={soon.timestamp():.0f}")
    assert status_of(lambda: by_get(f"/?id=B1&lat=11&lon=106&timestamp={later.timestamp():.0f}")) == 422


FIX = {"at": NOW.isoformat(), "lat": 11.09, "lon": 106.8}


def test_our_batch() -> None:
    fixes = by_post({"key": "k", "fixes": [FIX, {**FIX, "speed_mps": 3, "heading": 360, "battery": 1}]})
    assert [f["heading"] for f in fixes] == [None, 0]
    assert fixes[0]["source"] == "app"


@pytest.mark.parametrize("body", [
    [], {"key": "k"}, {"key": "k", "fixes": []}, {"key": "k", "fixes": [5]}, {"key": "k", "fixes": [FIX] * 501},
    {"key": "k", "fixes": [FIX], "x": 1}, {"key": "k", "fixes": [{**FIX, "lat": True}]},
    {"key": "k", "fixes": [{**FIX, "x": 1}]},
    {"key": "k", "fixes": [FIX, {"lat": 11, "lon": 106}]}, {"key": "k", "fixes": [{**FIX, "lat": 0, "lon": 0}]},
    {"key": "k", "fixes": [{**FIX, "speed_mps": 900}]}, {"key": "k", "fixes": [{**FIX, "lat": 48.8, "lon": 2.3}]},
    {"key": "k", "fixes": [{**FIX, "at": (NOW - timedelta(days=366)).isoformat()}]}, {"device_id": "B1", "location": []},
    {"device_id": "B1", "location": [5]}, {"device_id": "B1", "location": {"coords": {"latitude": True, "longitude": 106}}},
])
def test_bad_batches_are_refused_whole(body: Any) -> None:
    assert status_of(lambda: by_post(body)) == 422


@pytest.mark.parametrize("body", [{}, {"fixes": [FIX]}, {"key": 5, "fixes": [FIX]}, {"location": {"coords": {}}},
                                  {"_type": "location", "lat": 1, "lon": 2}, {"key": "\ud800", "fixes": [FIX]}])
def test_a_batch_without_a_device_is_400(body: Any) -> None:
    assert status_of(lambda: by_post(body)) == 400
