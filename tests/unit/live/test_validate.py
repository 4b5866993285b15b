"""What a press and a fact may say: bad input is refused whole, naming the field."""
from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from binhan.kernel.errors import Problem
from binhan.kernel.ids import new_id
from binhan.live import validate
from binhan.live.http import parse_json

NOW = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
VERSION_4 = "0b0a1b66-8f29-4d5e-9d3f-5f2f6f1c7a11"  # of no time, as nobody may make them
BIDI, ZERO_WIDTH = "\u202e", "\u200b"


def press(**fields: Any) -> dict[str, Any]:
    """A good press with some fields changed."""
    return {"press_id": str(new_id()), "at": NOW.isoformat(), "lat": 11.09, "lon": 106.8, "accuracy_m": 12, **fields}


def refused(value: Any) -> dict[str, str]:
    """The fields at fault."""
    with pytest.raises(Problem) as caught:
        validate.press(value, NOW)
    assert caught.value.status == 422
    assert "113" in caught.value.vi or caught.value.extra.get("fields") == []
    return {f["field"]: f["error"] for f in caught.value.extra["fields"]}


def test_a_full_press_is_taken() -> None:
    given = press(kind="fire", silent=True, place_code="A1", phone="0912 345 678", note=" khói ", lang="en",
                  device_id=str(uuid4()), drill=False)
    good = validate.press(given, NOW)
    assert good["phone"] == "+84912345678"
    assert good["note"] == "khói"
    assert good["at"] == NOW


def test_the_smallest_press_is_taken() -> None:
    assert set(validate.press({"press_id": str(new_id()), "at": NOW.isoformat()}, NOW)) == {"press_id", "at"}


def test_null_counts_as_not_given() -> None:
    assert "lat" not in validate.press(press(lat=None, lon=None, note=None), NOW)


@pytest.mark.parametrize(("field", "value"), [
    ("press_id", 7), ("press_id", ""), ("press_id", VERSION_4), ("press_id", "0199c0de-0000-7000-0000-000000000000"),
    ("press_id", "x" * 36), ("at", "yesterday"), ("at", 1764000000), ("at", "2026-11-24T05:00:00"), ("at", True),
    ("at", "9999-12-31T23:59:59-23:59"), ("lat", "11.09"), ("lat", True), ("lat", 91), ("lat", [1]), ("lon", 181),
    ("lat", 10**400), ("lat", 1e308), ("accuracy_m", -1), ("accuracy_m", {}), ("kind", "war"), ("kind", 1), ("kind", []),
    ("silent", "yes"), ("silent", 1), ("place_code", 5), ("place_code", "x" * 61), ("phone", "abc"), ("phone", 912),
    ("phone", "0" * 39), ("note", 5), ("note", "x" * 2001), ("note", "x" * 100_000), ("note", "a\ud800b"),
    ("lang", "fr"), ("lang", []), ("device_id", "me"), ("drill", "no"), ("sender", "x"), ("ward_id", 25888),
])
def test_one_bad_field_is_named(field: str, value: Any) -> None:
    assert field in refused(press(**{field: value}))


@pytest.mark.parametrize("value", [None, [], "press", 5, [press()]])
def test_a_body_that_is_no_object_is_refused(value: Any) -> None:
    refused(value)


@pytest.mark.parametrize(("lat", "lon"), [(0, 0), (48.85, 2.35), (-11.09, 106.8), (11.09, -106.8), (39.9, 116.4),
                                         (11.55, 104.92), (20.03, 110.33)])
def test_places_outside_viet_nam_are_refused(lat: float, lon: float) -> None:
    assert set(refused(press(lat=lat, lon=lon))) == {"lat", "lon"}


@pytest.mark.parametrize(("lat", "lon"), [(21.03, 105.85), (8.6, 104.7), (16.5, 112.0), (9.5, 113.5), (23.38, 105.32)])
def test_all_of_viet_nam_is_taken(lat: float, lon: float) -> None:
    assert validate.press(press(lat=lat, lon=lon), NOW)["lat"] == lat


def test_half_a_coordinate_is_refused() -> None:
    given = press()
    del given["lon"]
    assert set(refused(given)) == {"lon"}


@pytest.mark.parametrize("days", [-366, -8, 2, 366])
def test_a_clock_that_is_far_off_is_told_the_servers_time(days: int) -> None:
    with pytest.raises(Problem) as caught:
        validate.press(press(at=(NOW + timedelta(days=days)).isoformat()), NOW)
    assert caught.value.extra["server_time"] == NOW.isoformat()


@pytest.mark.parametrize("hours", [-167, -1, 0, 23])
def test_a_press_that_waited_for_a_network_is_taken(hours: int) -> None:
    at = NOW + timedelta(hours=hours)
    assert validate.press(press(at=at.isoformat()), NOW)["at"] == at


def test_times_of_other_zones_are_the_same_moment() -> None:
    assert validate.press(press(at="2026-11-24T12:00:00+07:00"), NOW)["at"] == NOW
    assert validate.press(press(at="2026-11-24T05:00:00Z"), NOW)["at"] == NOW
    assert validate.press(press(at="2026-11-24t05:00:00z"), NOW)["at"] == NOW


def test_text_that_would_read_differently_is_cleaned() -> None:
    note = validate.press(press(note=f"gi{ZERO_WIDTH}úp{BIDI} tôi\x07\x00"), NOW)["note"]
    assert note == "giúp tôi"


@pytest.mark.parametrize("note", ["<script>alert(1)</script>", "'; DROP TABLE sos_incident; --", "${7*7}", "\\u0000"])
def test_markup_and_sql_are_only_text(note: str) -> None:
    assert validate.press(press(note=note), NOW)["note"] == note


def test_every_bad_field_is_named_at_once() -> None:
    assert set(refused(press(lat="x", note=5, extra=1))) == {"lat", "note", "extra"}


@pytest.mark.parametrize("body", [
    b"", b"{", b"nul", b"{'a':1}", b'{"lat":NaN}', b'{"lat":Infinity}', b'{"lat":-Infinity}', b'{"a":1,"a":2}',
    b'{"a":{"b":1,"b":1}}', b"\xff\xfe", b'{"a":"\xc3\x28"}', b"[" * 100_000, b"1" * 5000, b'{"a":1}x',
])
def test_broken_json_is_refused(body: bytes) -> None:
    with pytest.raises(Problem) as caught:
        parse_json(body)
    assert caught.value.status == 400
    assert "113" in caught.value.vi


def fact(kind: Any, **fields: Any) -> dict[str, Any]:
    """A fact with its id."""
    return {"fact_id": str(new_id()), "kind": kind, **fields}


@pytest.mark.parametrize(("given", "data"), [
    (fact("fix", lat=11.09, lon=106.8, accuracy_m=5), {"lat": 11.09, "lon": 106.8, "accuracy_m": 5.0}),
    (fact("note", text=" a "), {"text": "a"}), (fact("chat", text="b"), {"text": "b"}), (fact("cancel"), {}),
    (fact("duress"), {}), (fact("safe"), {}), (fact("battery", level=0.5), {"level": 0.5}),
    (fact("kind", value="fire"), {"kind": "fire"}), (fact("phone", phone="0912345678"), {"phone": "+84912345678"}),
])
def test_each_kind_of_fact_is_taken(given: dict[str, Any], data: dict[str, Any]) -> None:
    assert validate.facts(given, NOW)[0]["data"] == data
    assert len(validate.facts({"facts": [given, fact("cancel")]}, NOW)) == 2


@pytest.mark.parametrize("given", [
    5, [], {}, {"facts": []}, {"facts": [5]}, {"facts": [fact("cancel")] * 51}, {"facts": [fact("cancel")], "x": 1},
    fact("fix"), fact("fix", lat=0, lon=0), fact("fix", lat=11), fact("note"), fact("chat", text="x" * 1001),
    fact("battery", level=2), fact("battery", level=True), fact("kind", value="war"), fact("kind"),
    fact("phone", phone="x"),
    fact("explode"), fact(["fix"]), fact("cancel", text="x"), {"kind": "cancel"}, {**fact("cancel"), "fact_id": "1"},
    fact("cancel", at="2020-01-01T00:00:00Z"),
])
def test_bad_facts_are_refused(given: Any) -> None:
    with pytest.raises(Problem) as caught:
        validate.facts(given, NOW)
    assert caught.value.status == 422


def test_one_bad_fact_refuses_all_of_them() -> None:
    with pytest.raises(Problem) as caught:
        validate.facts({"facts": [fact("cancel"), fact("note", text=5)]}, NOW)
    assert caught.value.extra["fields"][0]["field"] == "facts.1.text"


def test_a_receipt_is_taken() -> None:
    one, stream = str(uuid4()), str(uuid4())
    assert validate.receipt({"ids": [one], "visible": False, "stream_id": stream}) == ([one], False, stream)
    assert validate.receipt({"ids": [], "visible": None, "stream_id": None}) == ([], True, None)


@pytest.mark.parametrize("given", [
    [], 5, {}, {"ids": None}, {"ids": "x"}, {"ids": ["x"]}, {"ids": [5]}, {"ids": [None]}, {"ids": [VERSION_4] * 501},
    {"ids": [], "visible": "yes"}, {"ids": [], "stream_id": 5}, {"ids": [], "stream_id": []}, {"ids": [], "x": 1},
    {"ids": [], "\ud800": 1},
])
def test_a_bad_receipt_is_refused(given: Any) -> None:
    with pytest.raises(Problem) as caught:
        validate.receipt(given)
    assert caught.value.status == 422
