"""Working time in Viet Nam: deadlines in working hours and working days.

The calendar is passed in (dated policy, since the government decides Tết and its swaps every year). A period in
working days does not count the day it starts on (Civil Code 2015, article 147) and ends when the office closes on
its last day, so that the deadline is never later than the law's.
"""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
Hours = Sequence[tuple[time, time]]
OFFICE_HOURS: Hours = ((time(7, 30), time(11, 30)), (time(13, 0), time(17, 0)))
SATURDAY = 5
DAYS_LOOKED_AT = 3660  # ten years: a calendar without any working day is a mistake, not an endless loop


class Calendar(NamedTuple):
    """When offices work. `holidays`: days off of every kind, including working days given off; `swaps`: weekend days worked
    in exchange; `hours`: from when to when on a working day."""

    holidays: frozenset[date] = frozenset()
    swaps: frozenset[date] = frozenset()
    hours: Hours = OFFICE_HOURS


NO_HOLIDAYS = Calendar()  # Monday to Friday, office hours


def is_working_day(day: date, calendar: Calendar = NO_HOLIDAYS) -> bool:
    """May a working period run on this day? A swap makes a weekend day count; a holiday never does."""
    return day not in calendar.holidays and (day.weekday() < SATURDAY or day in calendar.swaps)


def add_working(start: datetime, amount: int, unit: str, calendar: Calendar = NO_HOLIDAYS) -> datetime:
    """The moment (UTC) when `amount` of `unit` ('wh' working hours, 'wd' working days) after `start` has passed."""
    if start.tzinfo is None:
        raise ValueError("start must be an aware time")
    if amount < 0:
        raise ValueError("a period cannot be negative")
    local = start.astimezone(VIETNAM)
    if unit == "wd":
        return _add_days(local, amount, calendar)
    if unit == "wh":
        return _add_hours(local, timedelta(hours=amount), calendar)
    raise ValueError(f"unit must be 'wh' or 'wd', not {unit!r}")


def _working_days(first: date, calendar: Calendar) -> Iterator[date]:
    for n in range(DAYS_LOOKED_AT):
        if is_working_day(day := first + timedelta(days=n), calendar):
            yield day
    raise ValueError("the calendar has no working day in ten years")


def _add_days(local: datetime, amount: int, calendar: Calendar) -> datetime:
    days = _working_days(local.date() + timedelta(days=1 if amount else 0), calendar)
    for _ in range(amount - 1):
        next(days)
    closes = datetime.combine(next(days), calendar.hours[-1][1], VIETNAM)
    return closes.astimezone(UTC)


def _add_hours(local: datetime, left: timedelta, calendar: Calendar) -> datetime:
    for day in _working_days(local.date(), calendar):
        for opens_at, closes_at in calendar.hours:
            opens = max(local, datetime.combine(day, opens_at, VIETNAM))
            closes = datetime.combine(day, closes_at, VIETNAM)
            if opens >= closes:
                continue
            if left <= closes - opens:
                return (opens + left).astimezone(UTC)
            left -= closes - opens
    raise AssertionError("unreachable: _working_days either yields or raises")


def working_days_between(start: datetime, end: datetime, calendar: Calendar = NO_HOLIDAYS) -> int:
    """How many working days of a period lie after the day of `start`, up to and with the day of `end`."""
    first, last = start.astimezone(VIETNAM).date(), end.astimezone(VIETNAM).date()
    return sum(is_working_day(first + timedelta(days=n), calendar) for n in range(1, (last - first).days + 1))


def working_time_between(start: datetime, end: datetime, calendar: Calendar = NO_HOLIDAYS) -> timedelta:
    """How long the office is open between two moments."""
    local, until = start.astimezone(VIETNAM), end.astimezone(VIETNAM)
    total = timedelta()
    for n in range((until.date() - local.date()).days + 1):
        if is_working_day(day := local.date() + timedelta(days=n), calendar):
            for opens, closes in calendar.hours:
                begins = max(local, datetime.combine(day, opens, VIETNAM))
                total += max(min(until, datetime.combine(day, closes, VIETNAM)) - begins, timedelta())
    return total


def add_working_time(start: datetime, left: timedelta, calendar: Calendar = NO_HOLIDAYS) -> datetime:
    """The moment (UTC) when the office has been open for `left` after `start`."""
    return _add_hours(start.astimezone(VIETNAM), left, calendar)
