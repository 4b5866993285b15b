"""What a message from outside may say. Pure: each function takes parsed JSON and answers clean values or refuses."""
from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import phonenumbers

from binhan.kernel.errors import Problem
from binhan.kernel.geo import in_vietnam
from binhan.kernel.ids import is_v7
from binhan.kernel.kinds import BY_CODE
from binhan.kernel.text import TextRefused, clean
from binhan.live.http import fields_problem

PAST, FUTURE = timedelta(days=7), timedelta(days=1)
NOTE_MAX, CHAT_MAX = 2000, 1000
FACTS_MAX, IDS_MAX = 50, 500


class BadValue(ValueError):
    """A field's value cannot be taken; the message says why."""


def a_uuid7(value: Any) -> str:
    """A UUIDv7 in its canonical spelling."""
    if not isinstance(value, str) or len(value) != 36:
        raise BadValue("must be a UUIDv7")
    try:
        found = UUID(value)
    except ValueError:
        raise BadValue("must be a UUIDv7") from None
    if not is_v7(found):
        raise BadValue("must be a UUID of version 7")
    return str(found)


def a_uuid(value: Any) -> str:
    """Any UUID."""
    try:
        return str(UUID(value)) if isinstance(value, str) and len(value) == 36 else _refuse("must be a UUID")
    except ValueError:
        raise BadValue("must be a UUID") from None


def _refuse(why: str) -> str:
    raise BadValue(why)


def a_time(value: Any) -> datetime:
    """An RFC 3339 time with its offset."""
    if not isinstance(value, str) or len(value) > 40:
        raise BadValue("must be an RFC 3339 time")
    try:
        at = datetime.fromisoformat(value.upper())  # RFC 3339 allows "t" and "z"
    except ValueError:
        raise BadValue("must be an RFC 3339 time") from None
    if at.tzinfo is None:
        raise BadValue("must say its offset from UTC")
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise BadValue("is out of range") from None


def a_number(low: float, high: float) -> Callable[[Any], float]:
    """A finite number within bounds; true and "1" are not numbers."""
    def check(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise BadValue("must be a number")
        if isinstance(value, int) and abs(value) > 10**15:
            raise BadValue(f"must lie between {low:g} and {high:g}")
        if not math.isfinite(value) or not low <= value <= high:
            raise BadValue(f"must lie between {low:g} and {high:g}")
        return float(value)
    return check


def a_bool(value: Any) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise BadValue("must be true or false")
    return value


def a_text(limit: int) -> Callable[[Any], str]:
    """Text without control or bidi characters."""
    def check(value: Any) -> str:
        if not isinstance(value, str):
            raise BadValue("must be text")
        if len(value) > limit * 2:
            raise BadValue(f"may have {limit} characters at most")
        try:
            return clean(value, limit)
        except TextRefused as refused:
            raise BadValue(f"is {refused}") from None
    return check


def a_kind(value: Any) -> str:
    """A code of kernel.kinds."""
    if not isinstance(value, str) or value not in BY_CODE:
        raise BadValue("must be one of " + ", ".join(BY_CODE))
    return value


def a_lang(value: Any) -> str:
    """vi or en."""
    if value not in ("vi", "en"):
        raise BadValue("must be vi or en")
    return str(value)


def a_phone(value: Any) -> str:
    """A dialable number, kept as E.164; numbers without country code are Vietnamese."""
    text = a_text(40)(value)
    try:
        number = phonenumbers.parse(text, "VN")
    except phonenumbers.NumberParseException:
        raise BadValue("is not a telephone number") from None
    if not phonenumbers.is_possible_number(number):
        raise BadValue("is not a telephone number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


Checks = Mapping[str, Callable[[Any], Any]]
LAT, LON, ACCURACY = a_number(-90, 90), a_number(-180, 180), a_number(0, 1e7)
PRESS: Checks = {
    "press_id": a_uuid7, "at": a_time, "lat": LAT, "lon": LON, "accuracy_m": ACCURACY, "kind": a_kind,
    "silent": a_bool, "place_code": a_text(60), "phone": a_phone, "note": a_text(NOTE_MAX), "lang": a_lang,
    "device_id": a_uuid, "drill": a_bool,
}
FACTS: dict[str, Checks] = {
    "fix": {"lat": LAT, "lon": LON, "accuracy_m": ACCURACY}, "note": {"text": a_text(NOTE_MAX)},
    "chat": {"text": a_text(CHAT_MAX)}, "cancel": {}, "duress": {}, "safe": {}, "battery": {"level": a_number(0, 1)},
    "kind": {"kind": a_kind}, "phone": {"phone": a_phone},
}
NEEDS = {"fix": ("lat", "lon"), "note": ("text",), "chat": ("text",), "battery": ("level",), "kind": ("kind",),
         "phone": ("phone",)}


def take(value: Any, checks: Checks, needs: tuple[str, ...]) -> tuple[dict[str, Any], dict[str, str]]:
    """(clean values, errors by field) of one object. null counts as not given."""
    if not isinstance(value, dict):
        raise Problem(422, "invalid", "Nội dung phải là một đối tượng JSON.", "The body must be a JSON object.", fields=[])
    good: dict[str, Any] = {}
    bad: dict[str, str] = {}
    for key, item in value.items():
        if key not in checks:
            bad[key[:60]] = "is not a known field"
        elif item is not None:
            try:
                good[key] = checks[key](item)
            except BadValue as wrong:
                bad[key] = str(wrong)
    for key in needs:
        if key not in good and key not in bad:
            bad[key] = "is required"
    if ("lat" in good) != ("lon" in good) and not {"lat", "lon"} & set(bad):
        bad["lat" if "lon" in good else "lon"] = "is required together with the other coordinate"
    return good, bad


def check_position(good: dict[str, Any], bad: dict[str, str]) -> None:
    """A coordinate must lie in Viet Nam or its seas; (0, 0) is a broken GPS, not a place."""
    if "lat" in good and "lon" in good and not in_vietnam(good["lat"], good["lon"]):
        bad["lat"] = bad["lon"] = "is outside Viet Nam; leave the position out and press again"


def check_time(at: datetime, now: datetime, bad: dict[str, str]) -> None:
    """A press may have waited days without a network, but not come from the future or a dead clock."""
    if at > now + FUTURE or at < now - PAST:
        bad["at"] = "is too far from the server's time; send again with server_time"


def press(value: Any, now: datetime) -> dict[str, Any]:
    """A clean press, or 422 naming each field at fault and the server's time."""
    good, bad = take(value, PRESS, ("press_id", "at"))
    check_position(good, bad)
    if "at" in good:
        check_time(good["at"], now, bad)
    if bad:
        problem = fields_problem(bad)
        problem.extra["server_time"] = now.isoformat()
        raise problem
    if "place_code" in good and not good["place_code"]:
        del good["place_code"]
    return good


def an_id_list(value: Any) -> list[str]:
    """At most 500 UUIDs."""
    if not isinstance(value, list) or len(value) > IDS_MAX:
        raise BadValue(f"must be a list of {IDS_MAX} ids at most")
    return [a_uuid(one) for one in value]


def receipt(value: Any) -> tuple[list[str], bool, str | None]:
    """(incident ids, whether they are on a visible screen, the desk's stream) of what a desk has painted."""
    good, bad = take(value, {"ids": an_id_list, "visible": a_bool, "stream_id": a_uuid}, ("ids",))
    if bad:
        raise fields_problem(bad)
    return good["ids"], good.get("visible", True), good.get("stream_id")


def older(params: Mapping[str, str]) -> str | None:
    """The chat line before which somebody wants to read; None for the latest."""
    good, bad = take({"before": params.get("before") or None}, {"before": a_uuid}, ())
    if bad:
        raise fields_problem(bad)
    return good.get("before")


def facts(value: Any, now: datetime) -> list[dict[str, Any]]:
    """Clean facts [{fact_id, kind, at, data}], all or none."""
    rows = value.get("facts") if isinstance(value, dict) and "facts" in value else [value]
    if isinstance(value, dict) and "facts" in value and set(value) - {"facts", "token"}:
        raise fields_problem({k[:60]: "is not a known field" for k in set(value) - {"facts", "token"}})
    if not isinstance(rows, list) or not 1 <= len(rows) <= FACTS_MAX:
        raise fields_problem({"facts": f"must be a list of 1 to {FACTS_MAX}"})
    return [_fact(row, now, f"facts.{i}." if len(rows) > 1 else "") for i, row in enumerate(rows)]


def _fact(row: Any, now: datetime, where: str) -> dict[str, Any]:
    kind = row.get("kind") if isinstance(row, dict) else None
    # A fact of kind "kind" names the new kind in `value`, since `kind` already says what fact it is.
    if not isinstance(kind, str) or kind not in FACTS:
        raise fields_problem({f"{where}kind": "must be one of " + ", ".join(FACTS)})
    row = {k: v for k, v in row.items() if k not in ("kind", "token")}
    if kind == "kind" and "value" in row:
        row["kind"] = row.pop("value")
    good, bad = take(row, {"fact_id": a_uuid7, "at": a_time, **FACTS[kind]}, ("fact_id", *NEEDS.get(kind, ())))
    check_position(good, bad)
    if "at" in good:
        check_time(good["at"], now, bad)
    if bad:
        raise fields_problem({f"{where}{k}": v for k, v in bad.items()})
    fact_id, at = good.pop("fact_id"), good.pop("at", now)
    return {"fact_id": fact_id, "kind": kind, "at": at.isoformat(), "data": good}
