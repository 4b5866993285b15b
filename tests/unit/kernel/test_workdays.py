"""Deadlines in working time around Tết 2026 and 2027, with the holidays that the public library lists."""
from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from binhan.kernel.workdays import VIETNAM, Calendar, add_working, is_working_day

PUBLIC = holidays.country_holidays("VN", years=range(2025, 2029))
CALENDAR = Calendar(frozenset(PUBLIC), frozenset(PUBLIC.weekend_workdays))


def vn(year: int, month: int, day: int, hour: int = 8, minute: int = 0) -> datetime:
    """A time on the wall in Viet Nam."""
    return datetime(year, month, day, hour, minute, tzinfo=VIETNAM)


def due(start: datetime, amount: int, unit: str) -> datetime:
    """The deadline on that calendar, as a wall in Viet Nam shows it."""
    return add_working(start, amount, unit, CALENDAR).astimezone(VIETNAM)


def test_the_calendar_is_the_one_these_tests_were_written_for() -> None:
    known = {date(2026, 2, 16), date(2026, 2, 20), date(2026, 8, 31), date(2027, 2, 4), date(2027, 2, 10)}
    assert known <= CALENDAR.holidays
    assert date(2026, 8, 22) in CALENDAR.swaps


@pytest.mark.parametrize(("start", "days", "end"), [
    (vn(2026, 1, 5), 1, vn(2026, 1, 6, 17)),              # Monday → Tuesday
    (vn(2026, 1, 5), 0, vn(2026, 1, 5, 17)),              # the same day
    (vn(2026, 2, 17), 0, vn(2026, 2, 23, 17)),            # the same day, but it is Tết
    (vn(2026, 1, 9, 16, 59), 1, vn(2026, 1, 12, 17)),     # Friday → Monday
    (vn(2026, 2, 13, 9), 1, vn(2026, 2, 23, 17)),         # Friday before Tết 2026 → Monday after it
    (vn(2026, 2, 9, 9), 10, vn(2026, 3, 2, 17)),          # ten days to answer, Tết within
    (vn(2026, 2, 18, 9), 3, vn(2026, 2, 25, 17)),         # handed in during Tết
    (vn(2027, 2, 3, 9), 1, vn(2027, 2, 11, 17)),          # Wednesday before Tết 2027 → Thursday after it
    (vn(2027, 2, 3, 9), 5, vn(2027, 2, 17, 17)),
    (vn(2026, 8, 21, 9), 1, vn(2026, 8, 22, 17)),         # the Saturday worked in exchange for 31/08
    (vn(2026, 8, 28, 9), 1, vn(2026, 9, 3, 17)),          # 31/08 off in exchange, then National Day
    (vn(2026, 4, 24, 9), 2, vn(2026, 4, 29, 17)),         # Hùng Kings' day fell on Sunday: Monday off
    (vn(2026, 12, 31, 9), 1, vn(2027, 1, 4, 17))])
def test_working_days(start: datetime, days: int, end: datetime) -> None:
    assert due(start, days, "wd") == end


@pytest.mark.parametrize(("start", "hours", "end"), [
    (vn(2026, 1, 5, 7, 30), 4, vn(2026, 1, 5, 11, 30)),
    (vn(2026, 1, 5, 11, 0), 1, vn(2026, 1, 5, 13, 30)),   # over the midday break
    (vn(2026, 1, 5, 12, 0), 1, vn(2026, 1, 5, 14, 0)),    # begun in the break
    (vn(2026, 1, 5, 5, 0), 8, vn(2026, 1, 5, 17, 0)),     # before the office opens
    (vn(2026, 1, 5, 16, 30), 1, vn(2026, 1, 6, 8, 0)),
    (vn(2026, 1, 9, 20, 0), 1, vn(2026, 1, 12, 8, 30)),   # Friday night → Monday
    (vn(2026, 2, 13, 16, 0), 2, vn(2026, 2, 23, 8, 30)),  # over Tết 2026
    (vn(2027, 2, 3, 15, 0), 24, vn(2027, 2, 15, 15, 0))])
def test_working_hours(start: datetime, hours: int, end: datetime) -> None:
    assert due(start, hours, "wh") == end


def test_the_start_may_come_in_any_zone_and_the_answer_is_utc() -> None:
    start = datetime(2026, 1, 5, 18, 0, tzinfo=UTC)  # already 01:00 on Tuesday in Viet Nam
    found = add_working(start, 1, "wd")
    assert found == vn(2026, 1, 7, 17)
    assert found.tzinfo is UTC


def test_a_wards_own_hours() -> None:
    evening = ((time(18), time(21)),)
    assert add_working(vn(2026, 1, 5, 12), 4, "wh", Calendar(hours=evening)) == vn(2026, 1, 6, 19)


def test_a_swap_never_opens_a_holiday() -> None:
    day = date(2026, 2, 21)  # the Saturday after Tết
    assert not is_working_day(day)
    assert is_working_day(day, Calendar(swaps=frozenset({day})))
    assert not is_working_day(day, Calendar(frozenset({day}), frozenset({day})))


@given(st.datetimes(datetime(2025, 12, 1), datetime(2027, 6, 1)), st.integers(1, 60), st.sampled_from(["wh", "wd"]))
def test_deadlines_lie_in_working_time_and_grow_with_the_amount(wall: datetime, amount: int, unit: str) -> None:
    start = wall.replace(tzinfo=VIETNAM)
    end, later = due(start, amount, unit), due(start, amount + 1, unit)
    assert is_working_day(end.date(), CALENDAR)
    assert end < later
    assert unit == "wd" or time(7, 30) <= end.time() <= time(17)
    if amount:
        assert end > start


def count_days(start: date, end: date) -> int:
    """Working days after `start` up to `end`, counted one by one."""
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(is_working_day(day, CALENDAR) for day in days)


@given(st.datetimes(datetime(2025, 12, 1), datetime(2027, 6, 1)), st.integers(1, 60))
def test_so_many_working_days_lie_between(wall: datetime, amount: int) -> None:
    start = wall.replace(tzinfo=VIETNAM)
    assert count_days(start.date(), due(start, amount, "wd").date()) == amount


def test_what_cannot_be_a_period_is_refused() -> None:
    for wrong in [(datetime(2026, 1, 5), 1, "wd"), (vn(2026, 1, 5), -1, "wd"), (vn(2026, 1, 5), 1, "s")]:
        with pytest.raises(ValueError, match=r"aware|negative|unit"):
            add_working(*wrong)
    always = frozenset(date(2026, 1, 1) + timedelta(days=n) for n in range(4000))
    with pytest.raises(ValueError, match="no working day"):
        add_working(vn(2026, 1, 5), 1, "wd", Calendar(always))
