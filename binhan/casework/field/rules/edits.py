"""Correcting a field of a door: whether a value may stand there, and what becomes of it beside what is there now."""
from __future__ import annotations

import math
from typing import Any

from binhan.casework.field.rules.codes import TEXT_MAX
from binhan.casework.households.rules import BEST_TIMES, DOOR_KINDS, OCCUPANTS_MAX
from binhan.kernel.geo import VIETNAM_BOX
from binhan.kernel.text import TextRefused, clean

Value = str | int | None | dict[str, float]
PLACES = 6  # digits of a coordinate: a tenth of a metre


class NoValue(ValueError):
    """This cannot stand in that field."""


def value_of(field: str, given: Any) -> Value:
    """The value as the register would hold it; NoValue when it cannot."""
    if field in TEXT_MAX:
        return _text(given, TEXT_MAX[field])
    if isinstance(given, str) and (field == "kind" and given in DOOR_KINDS
                                   or field == "best_time" and given in ("", *BEST_TIMES)):
        return given
    if field == "occupants" and (given is None or type(given) is int and 0 <= given <= OCCUPANTS_MAX):
        return given
    if field == "position":
        return _position(given)
    raise NoValue(field)


def _text(given: Any, longest: int) -> str:
    if not isinstance(given, str):
        raise NoValue("not a text")
    try:
        kept = clean(given, longest)
    except TextRefused as refused:
        raise NoValue(str(refused)) from None
    if given.strip() and not kept:
        raise NoValue("not a text")
    return kept


def _position(given: Any) -> dict[str, float] | None:
    if given is None:
        return None
    if not isinstance(given, dict) or set(given) != {"lat", "lon"}:
        raise NoValue("not a position")
    south, west, north, east = VIETNAM_BOX
    lat, lon = given["lat"], given["lon"]
    if not all(type(x) in (int, float) and math.isfinite(x) for x in (lat, lon)):
        raise NoValue("not a position")
    if not (south <= lat <= north and west <= lon <= east):
        raise NoValue("not in Viet Nam")
    return {"lat": round(float(lat), PLACES), "lon": round(float(lon), PLACES)}


def verdict(current: Value, base: Value, value: Value) -> str:
    """What becomes of a correction that was made looking at `base`: the register has moved on, or it has not."""
    if current == value:
        return "same"
    return "stored" if current == base else "conflict"


def both(field: str, a: Value, b: Value) -> str | None:
    """The two values in one text; None where that makes no sense."""
    if field not in TEXT_MAX or not a or not b:
        return None
    joined = f"{a}; {b}"
    return joined if len(joined) <= TEXT_MAX[field] else None
