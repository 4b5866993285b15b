"""Two households were one, thought the officer; they were not. One press puts everything back – unless something newer
stands on it, and then that comes first."""
from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client

from binhan.casework.households.models import Household, Person
from binhan.commons.access.scope import ward_scope
from binhan.commons.journal.models import Entry
from tests.integration.casework.households.ground import HOME, door, household, names
from tests.integration.casework.households.test_pages import browser, page, press

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _scope() -> Iterator[None]:
    with ward_scope([HOME], "test"):
        yield


def undo_latest(who: Client) -> str:
    """Press the first “Hoàn tác” of the page."""
    found = re.search(r'name="change" value="([0-9a-f-]{36})"', page(who, "/office/households/"))
    assert found
    return press(who, "undo", change=found[1])


def test_a_merge_can_be_undone() -> None:
    one = household(door("1 Đường Thử A"), "Trần Thử An", "Lê Thử Ba", code="H1")
    other = household(door("1/2 Đường Thử A"), "Trần Thử Anh", kind="tenant", code="H2")
    officer = browser("khu_pho_board")
    press(officer, "hold", household=other.id)
    assert "Đã xong" in press(officer, "merge", target=one.id)
    assert len(names(one)) == 3
    assert not Household.objects.get(id=other.id).active

    merge = re.findall(r'name="change" value="([0-9a-f-]{36})"', page(officer, "/office/households/"))[0]
    anh = str(Person.objects.get(full_name="Trần Thử Anh").id)
    press(officer, "split", household=one.id, people=anh)
    assert "mới hơn" in press(officer, "undo", change=merge)
    assert "trở lại như trước" in undo_latest(officer)
    assert "trở lại như trước" in undo_latest(officer)
    assert (names(one), names(other)) == (["Lê Thử Ba", "Trần Thử An"], ["Trần Thử Anh"])
    assert Household.objects.get(id=other.id).active
    assert "Hoàn tác:" not in page(officer, "/office/households/")
    verbs = list(Entry.objects.filter(ward_id=HOME, verb__in=("merge", "split", "undo")).order_by("seq")
                 .values_list("verb", flat=True))
    assert verbs == ["merge", "split", "undo", "undo"]
