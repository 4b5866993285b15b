"""Pages of doors while doors are added: none that was there is left out, none comes twice."""
from __future__ import annotations

from collections.abc import Iterator

import pytest

from binhan.casework.households.actions import Entries, Whereabouts, dwelling_of, register
from binhan.casework.households.models import Dwelling
from binhan.casework.households.queries.doors import doors_of
from binhan.casework.households.queries.reach import Reach
from binhan.commons.access.scope import ward_scope
from binhan.kernel.address import parse
from tests.integration.casework.households.ground import HOME, door, street

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _scope() -> Iterator[None]:
    with ward_scope([HOME], "test"):
        yield


@pytest.mark.parametrize("size", [1, 2, 5])
def test_doors_added_while_somebody_turns_the_pages_do_not_shift_them(size: int) -> None:
    way, same = street("Đường Thử A"), street("Đường Thử A", aliases="Cũ")
    there = [door(f"{n} Đường Thử A", way if n % 2 else same) for n in range(1, 10)]
    there += [door(f"Nhà cạnh chợ Thử {n}") for n in range(4)]
    seen: list[Dwelling] = []
    cursor, turned = "", 0
    while cursor or not turned:
        page, cursor = doors_of(Reach(HOME, None), None, None, size, cursor)
        seen += page
        if (turned := turned + 1) < 6:
            register(HOME, "test", Entries([dwelling_of(HOME, parse(f"0/{turned} Đường Thử A"), Whereabouts(way)),
                                            dwelling_of(HOME, parse(f"Nhà cạnh chùa Thử {turned}"))]))
    ids = [d.id for d in seen]
    assert len(ids) == len(set(ids)) and {d.id for d in there} <= set(ids)
