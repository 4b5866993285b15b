"""Position messages of real trackers, read into one shape: Traccar Client and OsmAnd, OwnTracks, our own batch.

Sources: the OsmAnd protocol as Traccar reads it; OwnTracks' JSON for _type=location (acc in m, vel in km/h,
batt in %, tst in Unix seconds).
"""
from __future__ import annotations

import base64
import binascii
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from binhan.kernel.errors import Problem
from binhan.kernel.geo import in_vietnam
from binhan.live.http import fields_problem, parse_json
from binhan.live.validate import ACCURACY, LAT, LON, PAST, a_number, a_time, take

KNOTS = 0.514444
FIXES_MAX = 500
Fix = dict[str, Any]


class RawFix(NamedTuple):
    """Where a tracker says it was and when: the coordinates as it wrote them, the measurements in our units."""

    at: datetime
    lat: Any
    lon: Any
    accuracy_m: float | None = None
    speed_mps: float | None = None
    heading: float | None = None
    battery: float | None = None


def _number(value: Any) -> float | None:
    """A measurement, from JSON or a query string; what is negative (trackers write -1) or no number is unknown."""
    try:
        found = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return found if math.isfinite(found) and found >= 0 else None


def _at(value: str | int | float | None, now: datetime) -> datetime:
    """A tracker's time: Unix seconds or milliseconds, RFC 3339, or 'Y-m-d H:M:S' in UTC; none means now."""
    if value in (None, ""):
        return now
    text = str(value).strip().replace(" ", "+", 1) if re.fullmatch(r"\S+ \d\d:\d\d", str(value)) else str(value).strip()
    try:
        if re.fullmatch(r"\d{1,17}(\.\d+)?", text):
            seconds = float(text)
            return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC)
        at = datetime.fromisoformat(text)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        raise fields_problem({"timestamp": "is not a time"}) from None


def _coordinate(value: Any, limit: float) -> float | None:
    """Degrees; none given is None, anything that is not a place on earth is refused."""
    if value is None or value == "":
        return None
    try:
        found = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        found = math.nan
    if not abs(found) <= limit:
        raise fields_problem({"lat": "must be a coordinate", "lon": "must be a coordinate"})
    return found


def no_device() -> Problem:
    """400: the message does not say which tracker sent it."""
    return Problem(400, "no_device", "Thiếu mã máy định vị (id). Hãy ghép lại máy từ trang tuần tra.",
                   "The tracker's id is missing. Pair it again from the patrol page.")


def _key(given: Any) -> str:
    """The tracker's key, as its unit has it; 400 without one."""
    if not isinstance(given, str) or not given or len(given) > 100 or not given.isprintable():
        raise no_device()
    return given


def _fix(key: str, source: str, raw: RawFix, now: datetime) -> Fix:
    """One fix; without coordinates it only says that the tracker lives."""
    lat, lon = _coordinate(raw.lat, 90), _coordinate(raw.lon, 180)
    if raw.at > now + timedelta(minutes=5):
        raise fields_problem({"timestamp": "lies in the future; set the phone's clock"})
    if (lat is None) != (lon is None):
        raise fields_problem({"lat": "is required with lon", "lon": "is required with lat"})
    if lat == 0 and lon == 0:
        raise fields_problem({"lat": "0, 0 is a receiver without a fix, not a place"})
    return {"key": key, "at": raw.at.isoformat(), "lat": lat, "lon": lon, "source": source,
            "accuracy_m": raw.accuracy_m, "speed_mps": raw.speed_mps,
            "heading": None if raw.heading is None else raw.heading % 360, "battery": raw.battery}


def osmand_query(params: Mapping[str, str], now: datetime) -> list[Fix]:
    """OsmAnd's query string, by GET or as a form: id, lat, lon, timestamp, speed in knots, batt in %."""
    key = _key(params.get("id") or params.get("deviceid"))
    lat, lon = params.get("lat"), params.get("lon")
    if location := params.get("location"):
        lat, _, lon = location.partition(",")
    speed, battery = _number(params.get("speed")), _number(params.get("batt"))
    raw = RawFix(_at(params.get("timestamp"), now), lat, lon, accuracy_m=_number(params.get("accuracy")),
                 heading=_number(params.get("bearing", params.get("heading"))),
                 speed_mps=None if speed is None else speed * KNOTS,
                 battery=None if battery is None else min(1.0, max(0.0, battery / 100)))
    return [_fix(key, "osmand", raw, now)]


def osmand_json(body: Mapping[str, Any], now: datetime) -> list[Fix]:
    """Traccar Client's JSON: {location: {coords, timestamp, battery}, device_id}; speed in m/s."""
    key = _key(body.get("device_id"))
    location = body["location"]
    rows = location if isinstance(location, list) else [location]
    if not 1 <= len(rows) <= FIXES_MAX:
        raise fields_problem({"location": f"must be 1 to {FIXES_MAX} fixes"})
    fixes: list[Fix] = []
    for row in rows:
        coords = row.get("coords") if isinstance(row, dict) else None
        if not isinstance(coords, dict):
            raise fields_problem({"location.coords": "is required"})
        battery = row.get("battery") if isinstance(row.get("battery"), dict) else {}
        raw = RawFix(_at(row.get("timestamp"), now), coords.get("latitude"), coords.get("longitude"),
                     accuracy_m=_number(coords.get("accuracy")), speed_mps=_number(coords.get("speed")),
                     heading=_number(coords.get("heading")), battery=_number(battery.get("level")))
        fixes.append(_fix(key, "osmand", raw, now))
    return fixes


def owntracks(body: Mapping[str, Any], key: str, now: datetime) -> list[Fix]:
    """OwnTracks: only _type=location carries a fix; other types are taken and mean nothing here."""
    key = _key(key or body.get("key") or body.get("tid"))
    if body.get("_type") != "location":
        return []
    speed, battery = _number(body.get("vel")), _number(body.get("batt"))
    raw = RawFix(_at(body.get("tst"), now), body.get("lat"), body.get("lon"), accuracy_m=_number(body.get("acc")),
                 heading=_number(body.get("cog")), speed_mps=None if speed is None else speed / 3.6,
                 battery=None if battery is None else min(1.0, max(0.0, battery / 100)))
    return [_fix(key, "owntracks", raw, now)]


FIX_CHECKS = {"lat": LAT, "lon": LON, "accuracy_m": ACCURACY, "speed_mps": a_number(0, 200), "at": a_time,
              "heading": a_number(0, 360), "battery": a_number(0, 1)}


def own_batch(body: Mapping[str, Any], now: datetime) -> list[Fix]:
    """Our patrol page's batch {key, fixes: [{at, lat, lon, …}]}, all or none."""
    key, rows = _key(body.get("key")), body.get("fixes")
    if set(body) - {"key", "fixes"}:
        raise fields_problem({k[:60]: "is not a known field" for k in set(body) - {"key", "fixes"}})
    if not isinstance(rows, list) or not 1 <= len(rows) <= FIXES_MAX:
        raise fields_problem({"fixes": f"must be a list of 1 to {FIXES_MAX}"})
    return [_own_fix(key, row, f"fixes.{i}", now) for i, row in enumerate(rows)]


def _own_fix(key: str, row: Any, where: str, now: datetime) -> Fix:
    good, bad = take(row, FIX_CHECKS, ("lat", "lon", "at"))
    # Our own page can leave a bad fix out; a tracker that is refused would send the same one for ever.
    if "lat" in good and "lon" in good and not in_vietnam(good["lat"], good["lon"]):
        bad["lat"] = bad["lon"] = "is outside Viet Nam"
    if "at" in good and good["at"] < now - PAST:
        bad["at"] = f"is older than {PAST.days} days"
    if bad:
        raise fields_problem({f"{where}.{name}": why for name, why in bad.items()})
    return _fix(key, "app", RawFix(**good), now)


def read(params: Mapping[str, str], raw: bytes, basic_user: str, now: datetime) -> tuple[list[Fix], bool]:
    """(fixes, whether OwnTracks sent them) of one message, whatever its sender speaks."""
    start = raw.lstrip()[:1]
    if not start:
        return osmand_query(params, now), False
    if start not in (b"{", b"["):
        form: dict[str, str] = {}
        for name, value in parse_qsl(raw.decode("latin-1"), keep_blank_values=True):
            form.setdefault(name, value)
        return osmand_query({**form, **params}, now), False
    body = parse_json(raw)
    if not isinstance(body, dict):
        raise fields_problem({"body": "must be a JSON object"})
    if "_type" in body:
        return owntracks(body, params.get("id", "") or basic_user, now), True
    return (osmand_json(body, now) if "location" in body else own_batch(body, now)), False


def basic_user(authorization: str) -> str:
    """The user name of HTTP Basic authentication: OwnTracks sends its tracker key there."""
    if not authorization.startswith("Basic "):
        return ""
    try:
        return base64.b64decode(authorization[6:]).decode("utf-8").partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""
