"""Position messages of real trackers, read into one shape: Traccar Client and OsmAnd, OwnTracks, our own batch.

Sources: the OsmAnd protocol as Traccar reads it; OwnTracks' JSON for _type=location (acc in m, vel in km/h,
batt in %, tst in Unix seconds).
"""
from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from binhan.kernel.errors import Problem
from binhan.live.http import fields_problem
from binhan.live.validate import ACCURACY, LAT, LON, Wrong, a_number, a_time

KNOTS = 0.514444
FIXES_MAX = 500
Fix = dict[str, Any]


def _number(value: Any) -> float | None:
    """A finite number, from JSON or a query string; -1 and rubbish mean unknown."""
    try:
        found = float(value)
    except (TypeError, ValueError):
        return None
    return found if math.isfinite(found) and found != -1 else None


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


def no_device() -> Problem:
    """400: the message does not say which tracker sent it."""
    return Problem(400, "no_device", "Thiếu mã máy định vị (id). Hãy ghép lại máy từ trang tuần tra.",
                   "The tracker's id is missing. Pair it again from the patrol page.")


def _fix(key: str, at: datetime, lat: Any, lon: Any, source: str, now: datetime, **more: float | None) -> Fix:
    """One fix; without coordinates it only says that the tracker lives."""
    lat, lon = _number(lat), _number(lon)
    if at > now + timedelta(minutes=5):
        raise fields_problem({"timestamp": "lies in the future; set the phone's clock"})
    if (lat is None) != (lon is None) or (lat is not None and not (abs(lat) <= 90 and abs(lon or 0) <= 180)):
        raise fields_problem({"lat": "must be a coordinate", "lon": "must be a coordinate"})
    heading = more.get("heading")
    return {"key": key, "at": at.isoformat(), "lat": lat, "lon": lon, "source": source,
            "accuracy_m": more.get("accuracy_m"), "speed_mps": more.get("speed_mps"),
            "heading": None if heading is None else heading % 360, "battery": more.get("battery")}


def osmand_query(params: Mapping[str, str], now: datetime) -> list[Fix]:
    """OsmAnd's query string, by GET or as a form: id, lat, lon, timestamp, speed in knots, batt in %."""
    key = params.get("id") or params.get("deviceid") or ""
    if not key:
        raise no_device()
    lat, lon = params.get("lat"), params.get("lon")
    if location := params.get("location"):
        lat, _, lon = location.partition(",")
    speed, battery = _number(params.get("speed")), _number(params.get("batt"))
    return [_fix(key[:100], _at(params.get("timestamp"), now), lat, lon, "osmand", now,
                 accuracy_m=_number(params.get("accuracy")), heading=_number(params.get("bearing", params.get("heading"))),
                 speed_mps=None if speed is None else speed * KNOTS,
                 battery=None if battery is None else min(1.0, max(0.0, battery / 100)))]


def osmand_json(body: Mapping[str, Any], now: datetime) -> list[Fix]:
    """Traccar Client's JSON: {location: {coords, timestamp, battery}, device_id}; speed in m/s."""
    key = body.get("device_id")
    if not isinstance(key, str) or not key:
        raise no_device()
    location = body["location"]
    rows = location if isinstance(location, list) else [location]
    fixes: list[Fix] = []
    for row in rows[:FIXES_MAX]:
        coords = row.get("coords") if isinstance(row, dict) else None
        if not isinstance(coords, dict):
            raise fields_problem({"location.coords": "is required"})
        battery = row.get("battery") if isinstance(row.get("battery"), dict) else {}
        fixes.append(_fix(key[:100], _at(row.get("timestamp"), now), coords.get("latitude"), coords.get("longitude"),
                          "osmand", now, accuracy_m=_number(coords.get("accuracy")),
                          speed_mps=_number(coords.get("speed")), heading=_number(coords.get("heading")),
                          battery=_number(battery.get("level"))))
    return fixes


def owntracks(body: Mapping[str, Any], key: str, now: datetime) -> list[Fix]:
    """OwnTracks: only _type=location carries a fix; other types are taken and mean nothing here."""
    key = key or str(body.get("key") or body.get("tid") or "")
    if not key:
        raise no_device()
    if body.get("_type") != "location":
        return []
    speed, battery = _number(body.get("vel")), _number(body.get("batt"))
    return [_fix(key[:100], _at(body.get("tst"), now), body.get("lat"), body.get("lon"), "owntracks", now,
                 accuracy_m=_number(body.get("acc")), heading=_number(body.get("cog")),
                 speed_mps=None if speed is None else speed / 3.6,
                 battery=None if battery is None else min(1.0, max(0.0, battery / 100)))]


FIX_CHECKS = {"lat": LAT, "lon": LON, "accuracy_m": ACCURACY, "speed_mps": a_number(0, 200), "at": a_time,
              "heading": a_number(0, 360), "battery": a_number(0, 1)}


def own_batch(body: Mapping[str, Any], now: datetime) -> list[Fix]:
    """Our patrol page's batch {key, fixes: [{at, lat, lon, …}]}, all or none."""
    key, rows = body.get("key"), body.get("fixes")
    if not isinstance(key, str) or not key:
        raise no_device()
    if not isinstance(rows, list) or not 1 <= len(rows) <= FIXES_MAX:
        raise fields_problem({"fixes": f"must be a list of 1 to {FIXES_MAX}"})
    fixes = []
    for i, row in enumerate(rows):
        if not isinstance(row, dict):
            raise fields_problem({f"fixes.{i}": "must be an object"})
        good: dict[str, Any] = {}
        bad: dict[str, str] = {}
        for name, value in row.items():
            if name not in FIX_CHECKS:
                bad[f"fixes.{i}.{name[:40]}"] = "is not a known field"
            elif value is not None:
                try:
                    good[name] = FIX_CHECKS[name](value)
                except Wrong as wrong:
                    bad[f"fixes.{i}.{name}"] = str(wrong)
        bad.update({f"fixes.{i}.{n}": "is required" for n in ("lat", "lon", "at") if n not in good})
        if bad:
            raise fields_problem(bad)
        at = good.pop("at")
        fixes.append(_fix(key[:100], at, good.pop("lat"), good.pop("lon"), "app", now, **good))
    return fixes
