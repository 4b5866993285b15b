"""Which expressions a phone can compute."""
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binhan.casework.forms.rules.xpath import fault

GOOD = ["1", "'x'", "true()", ". >= 0 and . < 120", " /data/a  = 'yes'", "selected(., 'a') or not(selected(/data/b, 'c'))",
        "count(/data/m[ ./x > 1]) * 2 - -3 div 4 mod 5", "instance('l')/root/item[name = current()/../a and @x != 2]/label",
        "if(../a = '', 'x', concat('y', \"z\"))", "regex(., '[0-9]{9,12}')", "/", "..", "//a/@*", "a | b", "ancestor::x/b",
        "jr:choice-name(/data/a, '/data/a')", "format-date(today(), '%d/%m/%Y')", "int((1 + 2) * 3.5)", "a-b", "*", "@a",
        "position(..) = last()", "decimal-date-time(.) > 1", "text()", "mod mod div", "pow(2, 3)"]
BAD = ["", "(", "(1", "1)", "1 +", "= 1", "a b", "selected(., 'a'", "selected(., )", "'x", "1 = = 2", "a[", "a[1", "foo()",
       "regexp(., 'x')", "pulldata('a', 'b')", "a//", "${a}", "a &amp; b", "1 2", "x:", "evaluate('1')", "[1]", "a ? b"]


@pytest.mark.parametrize("expression", GOOD)
def test_what_can_be_computed(expression: str) -> None:
    assert fault(expression) is None


@pytest.mark.parametrize("expression", BAD)
def test_what_cannot_is_said_in_both_languages(expression: str) -> None:
    wrong = fault(expression)
    assert wrong is not None
    assert wrong[0]
    assert wrong[1]


@given(st.text(alphabet="ab1.'\"()[]/+-*=<>!@|:, ", max_size=60))
def test_any_text_is_answered(text: str) -> None:
    assert fault(text) is None or len(fault(text) or ()) == 2


def test_deep_nesting_ends() -> None:
    assert fault("(" * 5000 + "1" + ")" * 2000) is not None
    assert fault("-" * 5000 + "1") is None
