"""Which hours are on offer, and when they are full; how slowly guesses go."""
from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from binhan.casework.appointments.lifecycle import APPOINTMENT, DECLINED, LIVE, By
from binhan.casework.appointments.rules.guess import KEPT_MAX, Throttle, client_of
from binhan.casework.appointments.rules.slots import Hours, days_of, has_room, slots_on, when
from binhan.casework.appointments.rules.words import WORDS
from binhan.kernel.workdays import VIETNAM

MONDAY = date(2026, 11, 30)
MORNING = Hours("morning", "12345", time(8), time(11), 2, date(2026, 1, 1), None)
EVENING = Hours("evening", "1", time(18), time(19, 30), 1, date(2026, 1, 1), date(2026, 12, 7))


def at(hour: int, minute: int = 0, day: date = MONDAY) -> datetime:
    return datetime.combine(day, time(hour, minute), VIETNAM)


def test_parts_of_a_day_with_their_hours() -> None:
    (morning, hours), (evening, late) = slots_on(MONDAY, [EVENING, MORNING], at(0))
    assert (morning.part, morning.from_at, morning.to_at, morning.room) == ("morning", at(8), at(11), 6)
    assert [(h.from_at.hour, h.to_at.hour, h.room) for h in hours] == [(8, 9, 2), (9, 10, 2), (10, 11, 2)]
    assert (evening.part, evening.to_at, [h.to_at for h in late]) == ("evening", at(19, 30), [at(19)])


def test_what_has_begun_is_not_on_offer_any_more() -> None:
    (morning, hours), _ = slots_on(MONDAY, [MORNING, EVENING], at(8, 1))
    assert (morning.from_at, morning.room, len(hours)) == (at(9), 4, 2)
    assert slots_on(MONDAY, [MORNING], at(10, 1)) == []


@pytest.mark.parametrize("day", [MONDAY + timedelta(days=5), MONDAY + timedelta(days=6)])
def test_not_on_other_weekdays(day: date) -> None:
    assert slots_on(day, [MORNING], at(0)) == []


def test_rows_hold_from_a_day_until_a_day() -> None:
    assert slots_on(date(2026, 12, 7), [EVENING], at(0)) == []
    assert slots_on(date(2025, 12, 29), [MORNING], at(0, day=date(2025, 12, 1))) == []


def test_days_of_a_round_still_to_come() -> None:
    assert days_of(MONDAY, MONDAY + timedelta(days=2), MONDAY + timedelta(days=1)) == [
        MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)]
    assert days_of(MONDAY, MONDAY, MONDAY + timedelta(days=1)) == []
    assert len(days_of(MONDAY, MONDAY + timedelta(days=400), MONDAY)) == 35


def test_room_counts_what_is_agreed_inside() -> None:
    (morning, hours), = slots_on(MONDAY, [MORNING], at(0))
    two = [(at(8), at(9))] * 2
    assert not has_room(hours[0], 1, two) and has_room(hours[0], 2, two) and has_room(hours[1], 1, two)
    assert has_room(morning, 1, [*two, (at(8), at(11))]) and not has_room(morning, 1, [*two, *[(at(8), at(11))] * 4])
    assert has_room(hours[0], 1, [(at(8), at(11))] * 2), "who said “any time” can be come to at another"


def test_a_time_in_words() -> None:
    assert when(at(8), at(11)) == "Thứ Hai 30/11, 8:00–11:00"
    assert when(at(8), at(11), "en") == "Monday 30/11, 8:00–11:00"


def test_guesses_run_out_and_come_back() -> None:
    slow = Throttle()
    for second in range(3):
        assert slow.wait_s("198.51.100.7", second, 3, 60) == 0
        slow.miss("198.51.100.7", second, 60)
    assert slow.wait_s("198.51.100.7", 10, 3, 60) == 51
    assert slow.wait_s("198.51.100.8", 10, 3, 60) == 0
    assert slow.wait_s("198.51.100.7", 60.5, 3, 60) == 0


def test_one_client_of_ipv6_is_one_client() -> None:
    assert client_of("2001:db8:1:2::9") == client_of("2001:db8:1:2:ffff::1") != client_of("2001:db8:1:3::9")
    assert client_of("::ffff:192.0.2.1") == client_of("192.0.2.1")
    assert client_of("fe80::1%eth0") == "fe80::/64" and client_of("x") == "unknown"


def test_guessers_do_not_fill_the_memory() -> None:
    slow = Throttle()
    for n in range(KEPT_MAX + 50):
        slow.miss(f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}", 0, 60)
    assert len(slow.missed) == KEPT_MAX


def test_the_household_may_always_decline_and_change_its_mind() -> None:
    for state in LIVE:
        verbs = APPOINTMENT.verbs_from(state, By.RESIDENT)
        assert ("decline" in verbs) == (state != DECLINED) and {"book", "move"} & set(verbs)
    assert APPOINTMENT.clock_of(DECLINED) is not None, "what was declined is not kept for ever"


def test_every_sentence_is_there_in_both_languages() -> None:
    assert all(vi and en and vi != en for vi, en in WORDS.values())
