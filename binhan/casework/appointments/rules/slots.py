"""When the next visit may be: the hours that the ward offers, on the days of the round, as far as there is room."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from binhan.kernel.words import Words
from binhan.kernel.workdays import VIETNAM

PARTS = {"morning": Words("Buổi sáng", "Morning"), "noon": Words("Buổi trưa", "Noon"),
         "afternoon": Words("Buổi chiều", "Afternoon"), "evening": Words("Buổi tối", "Evening")}
WEEKDAYS = (Words("Thứ Hai", "Monday"), Words("Thứ Ba", "Tuesday"), Words("Thứ Tư", "Wednesday"),
            Words("Thứ Năm", "Thursday"), Words("Thứ Sáu", "Friday"), Words("Thứ Bảy", "Saturday"),
            Words("Chủ nhật", "Sunday"))
HOUR = timedelta(hours=1)
LONGEST = timedelta(hours=12)
NOTE_MAX, REASON_MAX = 200, 500
DAYS_MAX = 35


@dataclass(frozen=True, slots=True)
class Hours:
    """A part of the day in which the ward's teams come, on some weekdays (1 Monday … 7 Sunday), from a day until a day;
    `per_hour`: how many visits a group of a team can promise for one hour."""

    part: str
    weekdays: str
    from_time: time
    to_time: time
    per_hour: int
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Slot:
    """A time that can be agreed; `room`: how many visits of one group fit into it."""

    part: str
    from_at: datetime
    to_at: datetime
    room: int


def slots_on(day: date, hours: Iterable[Hours], not_before: datetime) -> list[tuple[Slot, list[Slot]]]:
    """Each part of that day that can still be agreed, with its single hours."""
    found = []
    for row in sorted(hours, key=lambda h: h.from_time):
        if str(day.isoweekday()) not in row.weekdays or day < row.valid_from or (row.valid_to and day >= row.valid_to):
            continue
        begin, end = datetime.combine(day, row.from_time, VIETNAM), datetime.combine(day, row.to_time, VIETNAM)
        singles = [s for s in _singles(row, begin, end) if s.from_at >= not_before]
        if singles:
            whole = Slot(row.part, singles[0].from_at, end, row.per_hour * len(singles))
            found.append((whole, singles))
    return found


def _singles(row: Hours, begin: datetime, end: datetime) -> list[Slot]:
    count = max(int((end - begin) / HOUR), 1)
    return [Slot(row.part, begin + HOUR * n, min(begin + HOUR * (n + 1), end), row.per_hour) for n in range(count)]


def days_of(from_on: date, to_on: date, today: date) -> list[date]:
    """The days of the round that are still to come."""
    first = max(from_on, today)
    return [first + timedelta(days=n) for n in range(min((to_on - first).days + 1, DAYS_MAX))]


def has_room(slot: Slot, groups: int, taken: Sequence[tuple[datetime, datetime]]) -> bool:
    """True if one more visit fits: what is agreed inside the slot, or over all of it, is counted."""
    return sum(begin < slot.to_at and end > slot.from_at and end - begin <= slot.to_at - slot.from_at
               for begin, end in taken) < slot.room * groups


def when(from_at: datetime, to_at: datetime, lang: str = "vi") -> str:
    """A time as people say it: thứ Năm 26/11, 8:00–11:30."""
    begin, end = from_at.astimezone(VIETNAM), to_at.astimezone(VIETNAM)
    name = WEEKDAYS[begin.weekday()].said(lang)
    return f"{name} {begin.day}/{begin.month}, {begin.hour}:{begin:%M}–{end.hour}:{end:%M}"
