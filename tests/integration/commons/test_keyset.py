"""Pages of a list that grows meanwhile: every row that was there comes once, in order, and a strange cursor is refused."""
from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from binhan.casework.households.models import Household
from binhan.commons.access.scope import ward_scope
from binhan.commons.keyset import BY_ID, Key, day, key_id, page_after, text
from binhan.kernel.cursors import as_cursor
from binhan.kernel.errors import Problem
from binhan.kernel.ids import new_id
from tests.integration.casework.households.ground import HOME, door

pytestmark = pytest.mark.django_db
BY_DAY = (Key("started_on", day, nullable=True), BY_ID)
LATEST = (Key("kind", text, down=True), Key("id", key_id, down=True))


@pytest.fixture(autouse=True)
def _scope() -> Iterator[None]:
    with ward_scope([HOME], "test"):
        yield


def some(rng: random.Random, count: int) -> list[Household]:
    """Households on few days, so that many share one; some on none."""
    at = door(f"{rng.randrange(10**6)} Đường Thử")
    days = [None, *(date(2026, 1, 1) + timedelta(days=n) for n in range(4))]
    return [Household.objects.create(ward_id=HOME, dwelling=at, kind=rng.choice(["owner", "tenant"]),
                                     started_on=rng.choice(days)) for _ in range(count)]


@pytest.mark.parametrize("size", [1, 3, 7, 100])
def test_every_row_comes_once_though_others_are_added_and_taken_away(size: int) -> None:
    rng = random.Random(size)
    there = some(rng, 40)
    gone = rng.sample(there, 5)
    rows, seen, cursor, turned = Household.objects.filter(ward_id=HOME), list[Household](), "", 0
    while True:
        page, cursor = page_after(rows, BY_DAY, size, cursor)
        seen += page
        turned += 1
        if turned == 1:
            some(rng, 10)
            Household.objects.filter(id__in=[g.id for g in gone if g not in seen]).delete()
        if not cursor:
            break
    left = {h.id for h in there} - {g.id for g in gone}
    ids = [h.id for h in seen]
    assert len(ids) == len(set(ids)) and left <= set(ids)
    assert seen == sorted(seen, key=lambda h: (h.started_on is None, h.started_on or date.max, h.id))


def test_downwards_too() -> None:
    there, rows = some(random.Random(5), 23), Household.objects.filter(ward_id=HOME)
    seen, cursor = page_after(rows, LATEST, 4)
    while cursor:
        page, cursor = page_after(rows, LATEST, 4, cursor)
        seen += page
    assert [h.id for h in seen] == [h.id for h in sorted(there, key=lambda h: (h.kind, h.id), reverse=True)]


@pytest.mark.parametrize("parts", [
    (40, new_id()), ("yesterday", new_id()), ("2026-13-01", new_id()), ("2026-01-01\x00", new_id()), ([1], new_id()),
    ({}, new_id()), (True, new_id())])
def test_a_cursor_of_another_list_is_refused(parts: tuple[object, ...]) -> None:
    with pytest.raises(Problem) as refusal:
        page_after(Household.objects.filter(ward_id=HOME), BY_DAY, 5, as_cursor(*parts))
    assert (refusal.value.status, refusal.value.code) == (422, "bad_cursor")
