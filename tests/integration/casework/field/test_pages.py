"""Differing values and phones in the office: decided, wiped, refused in words, closed to whom they do not concern."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from binhan.casework.field.actions.conflicts import Edit, correct_doors
from binhan.casework.field.models import Conflict
from binhan.casework.households.models import Dwelling
from binhan.casework.phones.models import Device
from binhan.commons.access.scope import ward_scope
from binhan.kernel.ids import new_id
from tests.integration.casework.visits.browser import browser, page, press
from tests.integration.casework.visits.ground import HOME, call, client, khu_pho, open_round

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _scope() -> Iterator[None]:
    with ward_scope([HOME], "test"):
        yield


def differ(door: Dwelling, field: str, ours: Any, theirs: Any) -> Conflict:
    """Two people wrote different things, having seen the same."""
    base = getattr(door, field)
    one, two = (Edit(door.id, field, base, value, new_id(), timezone.now()) for value in (ours, theirs))
    correct_doors(HOME, f"account:{new_id()}", [one])
    (said, made), = correct_doors(HOME, f"account:{new_id()}", [two])
    assert said == "conflict" and made is not None
    return made


@pytest.fixture
def card() -> Conflict:
    area, doors = khu_pho("KP Thử 1", 3)
    open_round(client("leadership"), area)
    return differ(doors[0], "landmark", "cạnh <chợ>", "sau trường học")


def seen_at() -> str:
    return timezone.now().isoformat()


def test_both_values_and_who_decides(card: Conflict) -> None:
    who = browser("leadership")
    shown = page(who, "conflicts/")
    assert "cạnh &lt;chợ&gt;" in shown and "sau trường học" in shown and "Giữ cả hai" in shown
    assert "Đã chọn" in press(who, f"conflicts/{card.id}/settle", keep="b", seen_at=seen_at(), ward=HOME)
    card.refresh_from_db()
    assert (card.state, card.keep, card.dwelling.landmark) == ("settled", "b", "sau trường học")
    assert "lấy giá trị mới" in page(who, "conflicts/?state=settled")
    first = who.account.display_name  # type: ignore[attr-defined]
    shown = press(browser("social_officer"), f"conflicts/{card.id}/settle", 409, keep="a", seen_at=seen_at())
    assert f"do {first}" in shown


def test_nothing_is_decided_by_half(card: Conflict) -> None:
    who = browser("leadership")
    for given in ({}, {"keep": "b"}, {"keep": "c", "seen_at": seen_at()}, {"seen_at": seen_at()}):
        press(who, f"conflicts/{card.id}/settle", 422, **given)
    card.refresh_from_db()
    assert card.state == "open"
    press(browser("petition_desk"), f"conflicts/{card.id}/settle", 404, keep="a", seen_at=seen_at())
    assert "trường học" not in page(browser("petition_desk"), "conflicts/")


def test_two_kinds_of_house_have_no_both() -> None:
    area, doors = khu_pho("KP Thử 1", 2)
    open_round(client("leadership"), area)
    differ(doors[0], "kind", "room", "business")
    shown = page(browser("leadership"), "conflicts/")
    assert "phòng trọ" in shown and "cơ sở kinh doanh" in shown and "Giữ cả hai" not in shown


def phone(owner: Any, name: str) -> Device:
    made = call(owner, "post", "/field/devices", {"id": str(new_id()), "name": name, "schema": 1}, 201)
    found = Device.objects.get(id=made["device"])
    found.bearer = Client(headers={"Authorization": f"Bearer {made['token']}"})  # type: ignore[attr-defined]
    return found


def test_a_lost_phone_is_wiped_with_a_reason() -> None:
    lost, who = phone(client("team_member"), "Máy <1>"), browser("leadership")
    call(lost.bearer, "get", "/field/turfs")  # type: ignore[attr-defined]
    assert "Máy &lt;1&gt;" in page(who, "phones/")
    assert "Còn thiếu: Lý do" in press(who, f"phones/{lost.id}/do", 422, verb="wipe", ward=HOME)
    assert "z" * 400 in press(who, f"phones/{lost.id}/do", 422, verb="wipe", reason="z" * 400, ward=HOME)
    lost.refresh_from_db()
    assert lost.state == "active"
    shown = press(who, f"phones/{lost.id}/do", verb="wipe", reason="rơi ở chợ", ward=HOME)
    assert "chờ máy tự xóa" in shown and "rơi ở chợ" in shown
    lost.refresh_from_db()
    assert lost.state == "wiping"
    call(lost.bearer, "get", "/field/turfs", status=401)  # type: ignore[attr-defined]


def test_an_administrator_sees_the_phones_and_nobody_elses_pages() -> None:
    lost = phone(client("team_member"), "Máy 1")
    who = browser("administrator")
    shown = page(who, "phones/")
    assert "Máy 1" in shown and "Đợt đi từng nhà" not in shown
    press(who, f"phones/{lost.id}/do", verb="retire", ward=HOME)
    lost.refresh_from_db()
    assert lost.state == "retired"


@pytest.mark.parametrize("role", ["desk_officer", "auditor"])
def test_phones_are_closed_to_others(role: str) -> None:
    lost = phone(client("team_member"), "Máy 1")
    page(browser(role), "phones/", 403)
    press(browser(role), f"phones/{lost.id}/do", 404, verb="retire", ward=HOME)
    assert "Máy 1" not in page(browser("team_member"), "phones/")
