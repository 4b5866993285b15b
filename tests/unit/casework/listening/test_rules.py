"""What sounds like a matter that is not written down here, and that every such kind has a desk."""
from __future__ import annotations

import pytest

from binhan.casework.listening.rules import DESKS, KINDS, ROUTED, rather


def test_every_kind_that_is_not_kept_has_a_desk_and_violence_has_a_number() -> None:
    assert set(DESKS) == set(ROUTED) and not set(KINDS) & set(ROUTED)
    assert "111" in DESKS["child_abuse"][1] and "113" in DESKS["domestic_violence"][1]


@pytest.mark.parametrize(("words", "kind"), [
    ("Đèn hẻm hỏng", ""), ("", ""), ("Ông ấy hay ĐÁNH VỢ", "domestic_violence"), ("hay danh vo", "domestic_violence"),
    ("cha dượng đánh con", "child_abuse"), ("Tôi muốn tố cáo cán bộ", "denunciation"), ("khiếu nại đền bù", "complaint"),
    ("có nhà bán ma túy", "crime")])
def test_what_it_rather_is(words: str, kind: str) -> None:
    assert rather(words) == kind
