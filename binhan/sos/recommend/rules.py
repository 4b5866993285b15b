"""Ranking units for an incident: travel time first, with every reason said.

Until roads are loaded the distance is the straight line times a detour factor, and the answer says so.
A fix is grey after 30 s and excluded after 60 s: a unit may have gone anywhere since.
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from binhan.kernel.geo import haversine_m
from binhan.kernel.words import Words

METHOD: Literal["straight_line"] = "straight_line"
DETOUR_FACTOR = 1.35  # road distance over straight line in a dense street net; replaced by real roads when loaded
STALE_AFTER_S = 30.0
EXCLUDED_AFTER_S = 60.0
SPEED_MPS = {"foot": 1.4, "bicycle": 4.2, "motorbike": 8.3, "car": 7.0, "boat": 4.0}
# Equipment or people that a kind of incident calls for, each worth this many seconds of travel.
WANTED = {"domestic_violence": "female_officer", "child": "female_officer", "medical": "medical_kit",
          "traffic": "medical_kit", "fire": "extinguisher", "rescue": "rescue_kit"}
WANTED_WORTH_S = 60.0
CAPABILITY_NAMES = {
    "female_officer": Words("có cán bộ nữ", "has a female officer"),
    "medical_kit": Words("có túi sơ cứu", "carries a medical kit"),
    "extinguisher": Words("có bình chữa cháy", "carries an extinguisher"),
    "rescue_kit": Words("có đồ cứu nạn", "has rescue gear"),
    "armed": Words("có công cụ hỗ trợ", "has protective gear"),
    "first_aid": Words("biết sơ cứu", "trained in first aid"),
}
KIND_NAMES = {
    "foot": Words("đi bộ", "on foot"), "bicycle": Words("xe đạp", "by bicycle"),
    "motorbike": Words("xe máy", "by motorbike"), "car": Words("ô tô", "by car"), "boat": Words("xuồng", "by boat"),
}
BUSY_NAMES = {"offered": Words("đang được mời việc khác", "being offered another task"),
              "accepted": Words("đã nhận việc khác", "has accepted another task"),
              "en_route": Words("đang đi việc khác", "on the way to another task"),
              "on_scene": Words("đang tại hiện trường khác", "at another scene")}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where help is needed, and of what kind. No position is allowed: then nobody can be ranked by time."""

    lat: float | None
    lon: float | None
    kind: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit as the recommender sees it. `task_state` is its active assignment, if any."""

    unit_id: UUID
    call_sign: str
    kind: str
    capabilities: tuple[str, ...]
    on_shift: bool
    lat: float | None
    lon: float | None
    age_s: float | None
    task_state: str | None
    on_this: bool = False


@dataclass(frozen=True, slots=True)
class Ranked:
    """One line of the recommendation. distance_m and eta_s are None where they cannot be known."""

    unit_id: UUID
    call_sign: str
    kind: str
    capabilities: tuple[str, ...]
    status: str  # free offered busy stale no_fix off here
    age_s: float | None
    distance_m: float | None
    eta_s: float | None
    excluded: bool
    reasons_vi: tuple[str, ...]
    reasons_en: tuple[str, ...]
    cost: float


def status_of(c: Candidate) -> tuple[str, bool]:
    """(status, excluded) of a unit: off shift, without a fresh fix, or already here means excluded."""
    if not c.on_shift:
        return "off", True
    if c.on_this:
        return "here", True
    if c.age_s is None or c.lat is None:
        return "no_fix", True
    if c.age_s > EXCLUDED_AFTER_S:
        return "stale", True
    if c.task_state == "offered":
        return "offered", False
    if c.task_state is not None:
        return "busy", False
    return ("stale" if c.age_s > STALE_AFTER_S else "free"), False


def rank(wanted: Wanted, candidates: Iterable[Candidate]) -> list[Ranked]:
    """All units, best first: usable before excluded, free before busy, then by travel time in seconds."""
    return sorted((_line(wanted, c) for c in candidates), key=lambda r: (r.excluded, r.cost, r.call_sign))


def travel(wanted: Wanted, c: Candidate) -> tuple[float | None, float | None]:
    """(distance in metres along the assumed road, seconds), or Nones without both positions."""
    if wanted.lat is None or wanted.lon is None or c.lat is None or c.lon is None:
        return None, None
    distance = haversine_m(wanted.lat, wanted.lon, c.lat, c.lon) * DETOUR_FACTOR
    return distance, distance / SPEED_MPS.get(c.kind, SPEED_MPS["motorbike"])


def _line(wanted: Wanted, c: Candidate) -> Ranked:
    status, excluded = status_of(c)
    distance, eta = travel(wanted, c)
    cost = eta if eta is not None else 1e6
    need = WANTED.get(wanted.kind)
    cost -= WANTED_WORTH_S if need and need in c.capabilities else 0.0
    cost += {"busy": 3600.0, "offered": 1800.0}.get(status, 0.0)
    vi, en = _reasons(wanted, c, status, distance, eta)
    return Ranked(c.unit_id, c.call_sign, c.kind, c.capabilities, status, c.age_s, distance, eta, excluded, vi, en, cost)


def _reasons(wanted: Wanted, c: Candidate, status: str, distance: float | None,
             eta: float | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    vi: list[str] = []
    en: list[str] = []

    def say(in_vi: str, in_en: str) -> None:
        vi.append(in_vi)
        en.append(in_en)

    kind_vi, kind_en = KIND_NAMES.get(c.kind, (c.kind, f"by {c.kind}"))
    if distance is not None and eta is not None:
        far = f"{distance / 1000:.1f} km".replace(".", ",") if distance >= 1000 else f"{distance:.0f} m"
        minutes = max(1, round(eta / 60))
        say(f"cách {far}, {kind_vi}, khoảng {minutes} phút",
            f"{far.replace(',', '.')} away {kind_en}, about {minutes} min")
    elif wanted.lat is None:
        say(f"{kind_vi}; chưa có vị trí người báo", f"{kind_en}; the reporter's position is not known yet")
    if status == "off":
        say("chưa vào ca", "not on shift")
    elif status == "here":
        say("đã được giao vụ này", "already on this incident")
    elif status == "no_fix":
        say("chưa có vị trí", "no position yet")
    elif c.age_s is not None and c.age_s > STALE_AFTER_S:
        out = c.age_s > EXCLUDED_AFTER_S
        say(f"vị trí cũ {c.age_s:.0f} giây" + (", không xếp hạng" if out else ""),
            f"position is {c.age_s:.0f} s old" + (", not ranked" if out else ""))
    if c.task_state in BUSY_NAMES and status in ("busy", "offered"):
        say(*BUSY_NAMES[c.task_state])
    need = WANTED.get(wanted.kind)
    if need and need in c.capabilities:
        say(*CAPABILITY_NAMES[need])
    return tuple(vi), tuple(en)
