"""Which served ward a command means when it runs beside several."""
from __future__ import annotations

import pytest

from binhan.commons.access.queries import served_ward
from binhan.kernel.errors import Problem

pytestmark = pytest.mark.django_db  # three wards are served here


def test_it_is_named_by_its_code() -> None:
    assert [served_ward(code) for code in ("25888", "25891")] == [25888, 25891]


@pytest.mark.parametrize("named", [None, "", "00004", "x", "-25888", "²", "٢٥٨٨٨", "25888.0"])
def test_else_those_served_are_named(named: str | None) -> None:
    with pytest.raises(Problem) as refusal:
        served_ward(named)
    assert (refusal.value.status, refusal.value.code) == (422, "which_ward")
    assert "25888, 25891, 25920" in refusal.value.en
