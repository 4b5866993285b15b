"""A questionnaire is converted aside: the same form or the same reasons come back, and nothing waits for one that hangs."""
from __future__ import annotations

from dataclasses import replace

import pytest

from binhan.casework.forms.imports import apart
from binhan.casework.forms.imports.apart import load_apart
from binhan.casework.forms.imports.convert import load_form
from binhan.casework.forms.rules.finding import Refused
from tests.support.questionnaires import small, survey


def test_the_same_form_comes_back() -> None:
    assert load_apart(small(), "Phiếu Đợt 1.xlsx") == load_form(small(), "Phiếu Đợt 1.xlsx")


def test_the_same_reasons_come_back() -> None:
    body = survey(("image", "a", "A"), ("geotrace", "b", "B"))
    found = []
    for load in (load_form, load_apart):
        with pytest.raises(Refused) as refused:
            load(body, "x.xlsx")
        found.append(refused.value.findings)
    assert found[0] == found[1] != []


@pytest.mark.parametrize(("name", "code"), [("forever", "too_much"), ("greedy", "too_much"), ("asleep", "too_much"),
                                            ("killed", "busy"),
                                            ("faulty", "not_read"), ("echo", "not_read"), ("long", "not_read")])
def test_whatever_it_does_somebody_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch, name: str, code: str) -> None:
    monkeypatch.setattr(apart, "WORK", f"tests.unit.commons.sandbox.labour:{name}")
    monkeypatch.setattr(apart, "LIMITS", replace(apart.LIMITS, cpu_s=1, wall_s=3.0, memory=200 << 20))
    with pytest.raises(Refused) as refused:
        load_apart(small(), "x.xlsx")
    assert [f.code for f in refused.value.findings] == [code]
