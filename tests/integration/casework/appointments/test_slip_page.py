"""The household's page: without an account, without JavaScript; a wrong code says nothing, and guessing is slow."""
from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from binhan.casework.appointments.models import Appointment, VisitHours
from binhan.casework.appointments.pages import slip as pages
from binhan.casework.appointments.rules.guess import Throttle
from binhan.casework.appointments.rules.slips import ALPHABET, read_code, readable, slip_code
from binhan.casework.households.models import Dwelling
from binhan.casework.visits.models import Round
from binhan.commons.access.scope import ward_scope
from binhan.commons.journal.models import Entry
from binhan.kernel.ids import new_id
from tests.integration.casework.visits.ground import HOME, again, call, client, khu_pho, open_round

pytestmark = pytest.mark.django_db
Ground = tuple[Round, list[Dwelling], str]


@pytest.fixture(autouse=True)
def _scope(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(pages, "GUESSES", Throttle())
    with ward_scope([HOME], "test"):
        yield


@pytest.fixture
def ground() -> Ground:
    """An open round, and the slip of its first door. Every day has the same hours, so that no weekday matters."""
    area, doors = khu_pho("KP Thử 1", 4)
    row = open_round(client("leadership"), area)
    day = timezone.localdate() - timedelta(days=1)
    for part, begin, end in (("morning", time(8), time(11)), ("evening", time(18), time(20))):
        VisitHours.objects.create(ward_id=HOME, part=part, from_time=begin, to_time=end, valid_from=day, source="thử",
                                  per_hour=1)
    return row, doors, slip_code(settings.ENV.key, row.id, doors[0].id)


def look(path: str, status: int = 200, **headers: Any) -> str:
    answer = Client(enforce_csrf_checks=True).get(path, **headers)
    again()
    assert answer.status_code == status, answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store" and answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Referrer-Policy"] == "same-origin"  # "no-referrer" sends Origin: null, and no form is accepted
    return unescape(answer.content.decode())


def press(code: str, status: int = 303, **fields: str) -> str:
    answer = Client(enforce_csrf_checks=True).post(f"/hen/{code}", fields)  # no cookie, no token: the code is enough
    again()
    assert answer.status_code == status, answer.content.decode()
    return unescape(answer.content.decode())


def day(after: int) -> date:
    return timezone.localdate() + timedelta(days=after)


def slots(page: str) -> list[str]:
    return re.findall(r'name="slot" value="([^"]+)">', page)


def test_choose_a_part_then_an_hour_then_decline_then_change_ones_mind(ground: Ground) -> None:
    row, doors, code = ground
    page = look(f"/hen/{readable(code).lower()}")
    assert "Chưa hẹn giờ" in page and "KP Thử 1" in page and row.purpose in page
    assert f'href="/hen/{code}?day={day(2)}"' in page
    offered = slots(look(f"/hen/{code}?day={day(2)}"))
    assert len(offered) == 2 + 3 + 2
    press(code, verb="book", slot=offered[0], seen="")
    booked = Appointment.objects.get()
    assert (booked.state, booked.moved_by, booked.dwelling_id) == ("booked", "resident", doors[0].id)
    assert (timezone.localtime(booked.from_at).hour, timezone.localtime(booked.to_at).hour) == (8, 11)
    page = look(f"/hen/{code}?done=1")
    assert "8:00–11:00" in page and "Đã lưu" in page
    press(code, verb="book", slot=offered[1], seen=booked.moved_at.isoformat())
    assert timezone.localtime(Appointment.objects.get().to_at).hour == 9
    press(code, verb="decline")
    assert Appointment.objects.get().state == "declined" and "Đổi ý lúc nào cũng được" in look(f"/hen/{code}")
    press(code, verb="book", slot=offered[5])
    assert [e.verb for e in Entry.objects.filter(subject_kind="appointment").order_by("seq")] == [
        "book", "move", "decline", "book"]
    assert {e.actor for e in Entry.objects.filter(subject_kind="appointment")} == {"resident"}


def test_it_tells_nothing_about_the_household(ground: Ground) -> None:
    _, doors, code = ground
    press(code, verb="book", slot=slots(look(f"/hen/{code}?day={day(1)}"))[-1])
    page = look(f"/hen/{code}")
    for secret in (doors[0].address, str(doors[0].id), str(Appointment.objects.get().id), "Đường Thử"):
        assert secret not in page
    assert "<script" not in page


def test_it_speaks_english_too(ground: Ground) -> None:
    code = ground[2]
    page = look(f"/hen/{code}", HTTP_COOKIE=f"{settings.LANGUAGE_COOKIE_NAME}=en")
    assert "No time is agreed yet" in page and "Chưa hẹn" not in page
    assert "The code on the slip" in look("/hen", HTTP_COOKIE=f"{settings.LANGUAGE_COOKIE_NAME}=en")


def test_to_decline_needs_no_appointment(ground: Ground) -> None:
    press(ground[2], verb="decline")
    row = Appointment.objects.get()
    assert (row.state, row.note, row.reason) == ("declined", "", "")


@pytest.mark.parametrize("slot", ["", "x/y", "2026-11-30T09:00:00/2026-11-30T10:00:00", "9" * 5000])
def test_a_slot_that_is_none_is_refused(ground: Ground, slot: str) -> None:
    assert "Hãy chọn một giờ" in press(ground[2], 422, verb="book", slot=slot)


def test_only_what_is_on_offer_can_be_agreed(ground: Ground) -> None:
    row, _, code = ground
    local = timezone.localtime()

    def slot(begin: datetime, hours: int = 1) -> str:
        return f"{begin.isoformat()}/{(begin + timedelta(hours=hours)).isoformat()}"
    night = (local + timedelta(days=2)).replace(hour=3, minute=0, second=0, microsecond=0)
    outside = (local + timedelta(days=40)).replace(hour=8, minute=0, second=0, microsecond=0)
    past = (local - timedelta(days=1)).replace(hour=8, minute=0, second=0, microsecond=0)
    for wrong in (slot(night), slot(outside), slot(past), slot(night.replace(hour=8), 2)):
        assert "không có trong lịch" in press(code, 422, verb="book", slot=wrong)
    assert not Appointment.objects.exists(), "a refused wish leaves nothing"


def test_a_full_hour_is_full(ground: Ground) -> None:
    row, doors, code = ground
    hour = slots(look(f"/hen/{code}?day={day(2)}"))[1]
    press(code, verb="book", slot=hour)
    other = slip_code(settings.ENV.key, row.id, doors[1].id)
    assert "hết chỗ" in look(f"/hen/{other}?day={day(2)}")
    assert "vừa hết chỗ" in press(other, 409, verb="book", slot=hour)
    assert len(slots(look(f"/hen/{code}?day={day(2)}"))) == 7, "one's own place is no obstacle"


def test_when_the_team_moved_it_meanwhile_the_page_says_so(ground: Ground) -> None:
    row, doors, code = ground
    offered = slots(look(f"/hen/{code}?day={day(3)}"))
    press(code, verb="book", slot=offered[1])
    seen = Appointment.objects.get()
    begin = timezone.now() + timedelta(days=4)
    call(client("leadership"), "post", f"/appointments/{seen.id}/move",
         {"from_at": begin.isoformat(), "to_at": (begin + timedelta(hours=2)).isoformat()})
    assert "Không thực hiện được" in press(code, 409, verb="book", slot=offered[2], seen=seen.moved_at.isoformat())
    assert "Không thực hiện được" in press(code, 409, verb="decline", seen=seen.moved_at.isoformat())
    assert Appointment.objects.get().from_at == begin


def test_changing_has_an_end(ground: Ground) -> None:
    code = ground[2]
    offered = slots(look(f"/hen/{code}?day={day(3)}"))
    for n in range(10):
        press(code, verb="book", slot=offered[1 + n % 2])
    assert "đã đổi nhiều lần" in press(code, 429, verb="book", slot=offered[1])


def test_a_wrong_code_says_nothing_and_guessing_is_slow(ground: Ground) -> None:
    row, doors, code = ground
    guesses = [slip_code(b"x" * 32, row.id, new_id()) for _ in range(10)]
    unknown = look(f"/hen/{guesses[0]}", 404)
    mistyped = look(f"/hen/{code[:-1]}{ALPHABET[(ALPHABET.index(code[-1]) + 1) % 32]}", 404)
    unknown, mistyped = (re.findall("<main>.*</main>", p, re.S) for p in (unknown, mistyped))
    assert unknown == mistyped and "Không tìm thấy mã này" in unknown[0]
    for guess in guesses[1:]:
        look(f"/hen/{guess}", 404)
    limited = Client().get(f"/hen/{code}")
    assert limited.status_code == 429 and 0 < int(limited.headers["Retry-After"]) <= 901
    assert "Đã thử quá nhiều mã" in limited.content.decode()
    assert Client().post(f"/hen/{code}", {"verb": "decline"}).status_code == 429
    again()
    assert not Appointment.objects.exists()
    assert "Chưa hẹn giờ" in look(f"/hen/{code}", REMOTE_ADDR="203.0.113.9"), "others are not locked out"


def test_typing_mistakes_lock_nobody_out(ground: Ground) -> None:
    code = ground[2]
    for _ in range(15):
        look("/hen?code=ABCDEFGHJK", 404)
        look("/hen/quen-ma-roi", 404)
    assert "Chưa hẹn giờ" in look(f"/hen/{code}")
    answer = Client().get(f"/hen?code={readable(code)}")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/hen/{code}")


def test_a_round_that_ended_takes_no_more(ground: Ground) -> None:
    row, _, code = ground
    offered = slots(look(f"/hen/{code}?day={day(2)}"))
    call(client("leadership"), "post", f"/rounds/{row.id}/close")
    assert "Đợt này đã kết thúc" in look(f"/hen/{code}") and not slots(look(f"/hen/{code}?day={day(2)}"))
    press(code, 409, verb="book", slot=offered[0])
    Round.objects.filter(id=row.id).update(from_on=day(-120), to_on=day(-90))
    look(f"/hen/{code}", 404)


def test_a_code_opens_its_own_ward_only(ground: Ground) -> None:
    code = ground[2]
    assert read_code(code) == code
    press(code, verb="decline")
    with ward_scope([25891], "test"):
        assert not Appointment.objects.exists()
    again()
    assert Appointment.objects.get().ward_id == HOME


def test_few_queries(ground: Ground) -> None:
    code = ground[2]
    with CaptureQueriesContext(connection) as seen:
        look(f"/hen/{code}?day={day(2)}")
    assert len(seen) <= 24


def test_a_form_without_its_cookie_is_refused_in_plain_words() -> None:
    answer = Client(enforce_csrf_checks=True).post("/account/language", {"language": "en"}, HTTP_ACCEPT_LANGUAGE="vi")
    assert answer.status_code == 403 and "Hãy tải lại trang rồi thử lại" in answer.content.decode()
