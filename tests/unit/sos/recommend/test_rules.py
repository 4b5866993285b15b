"""Which unit comes first, which is greyed or left out, and what is said of each."""
from __future__ import annotations

import dataclasses
import time
from uuid import uuid4

import pytest

from binhan.sos.recommend.rules import Candidate, Ranked, Wanted, rank

SCENE = Wanted(11.09, 106.80, "unknown")


def unit(call_sign: str = "T1", north_m: float = 500, **more: object) -> Candidate:
    """A free motorbike so many metres north of the scene, with a fix that is three seconds old."""
    plain = Candidate(uuid4(), call_sign, "motorbike", (), True, 11.09 + north_m / 111_195, 106.80, 3.0, None)
    return dataclasses.replace(plain, **more)  # type: ignore[arg-type]


def said(row: Ranked) -> str:
    return " | ".join((*row.reasons_vi, *row.reasons_en))


@pytest.mark.parametrize(("age_s", "status", "excluded"), [
    (0.0, "free", False), (30.0, "free", False), (30.1, "stale", False), (60.0, "stale", False), (60.1, "stale", True),
    (None, "no_fix", True)])
def test_a_fix_greys_after_thirty_seconds_and_falls_out_after_sixty(age_s: float | None, status: str,
                                                                    excluded: bool) -> None:
    (row,) = rank(SCENE, [unit(age_s=age_s)])
    assert (row.status, row.excluded) == (status, excluded)


def test_travel_time_decides_not_distance() -> None:
    rows = rank(SCENE, [unit("xa", 2000), unit("bộ", 900, kind="foot"), unit("gần", 700)])
    assert [r.call_sign for r in rows] == ["gần", "xa", "bộ"]
    assert rows[0].distance_m == pytest.approx(700 * 1.35, rel=0.01)


@pytest.mark.parametrize("state", ["offered", "accepted", "en_route", "on_scene"])
def test_who_has_another_task_comes_after_who_is_free_and_it_says_so(state: str) -> None:
    free, busy = rank(SCENE, [unit("bận", 100, task_state=state), unit("rảnh", 9000)])
    assert (free.call_sign, busy.call_sign) == ("rảnh", "bận")
    assert busy.status == ("offered" if state == "offered" else "busy") and not busy.excluded
    assert "khác" in said(busy) and "another" in said(busy)


def test_what_the_incident_calls_for_is_worth_a_minute() -> None:
    at = dataclasses.replace(SCENE, kind="medical")
    rows = rank(at, [unit("gần", 500), unit("túi", 600, capabilities=("medical_kit",))])
    assert rows[0].call_sign == "túi" and "có túi sơ cứu" in said(rows[0]) and "carries a medical kit" in said(rows[0])


@pytest.mark.parametrize("candidate", [
    unit(), unit(age_s=45.0), unit(age_s=90.0), unit(age_s=None, lat=None, lon=None), unit(on_shift=False),
    unit(on_this=True, task_state="accepted"), unit(task_state="busy"), unit(kind="foot"), unit(kind="tractor")])
def test_every_unit_has_a_reason_in_both_languages(candidate: Candidate) -> None:
    for scene in (SCENE, Wanted(None, None, "fire")):
        (row,) = rank(scene, [candidate])
        assert row.reasons_vi and len(row.reasons_vi) == len(row.reasons_en)


def test_the_english_is_english() -> None:
    assert "away on foot," in said(rank(SCENE, [unit(kind="foot")])[0])
    assert "away by motorbike," in said(rank(SCENE, [unit()])[0])


def test_five_hundred_units_take_a_few_milliseconds() -> None:
    units = [unit(f"T{n}", n * 7, capabilities=("medical_kit",)) for n in range(500)]
    began = time.process_time()
    rank(SCENE, units)
    assert time.process_time() - began < 0.05
