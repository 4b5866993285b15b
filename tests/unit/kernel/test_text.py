"""Text as typed on many keyboards: what is kept, what is refused, what searches alike."""
from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from binhan.kernel.text import TextRefused, clean, fold, name_key, natural, without_marks

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


@pytest.mark.parametrize(("typed", "kept"), [
    ("  Cháy ở hẻm 12\r\nNhà màu xanh\t ", "Cháy ở hẻm 12\nNhà màu xanh"),
    (unicodedata.normalize("NFD", "Nguyễn Thị Ở"), "Nguyễn Thị Ở"),
    ("a\x00b\x07c\x1b[31md", "abc[31md"),
    ("\u202egnp.exe\u202c \u2066x\u2069", "gnp.exe x"),
    ("a\u061cb\u200ec\u200fd", "abcd"),
    ("e\u200d\u0301", "é"),  # composed only once the joiner between is gone
    ("pass\u00adword\ufeff\u2060", "password"),
    ("một\u2028hai\u0085ba\rbốn", "một\nhai\nba\nbốn"),
    ("<script>alert(1)</script>'; DROP TABLE x; --", "<script>alert(1)</script>'; DROP TABLE x; --"),
    ("5\u00a0triệu\u3000\ue000\u0378\tx\n\ny", "5\u00a0triệu\u3000\ue000\u0378\tx\n\ny"),  # odd, but kept
    ("🔥🚑", "🔥🚑"), ("", ""), ("\u200b \n", "")])
def test_cleaning(typed: str, kept: str) -> None:
    assert clean(typed, 100) == kept


def test_too_long_and_broken_text_is_refused() -> None:
    assert clean("ă" * 500, 500) == "ă" * 500
    with pytest.raises(TextRefused, match="longer than 500"):
        clean("ă" * 501, 500)
    with pytest.raises(TextRefused, match="broken"):
        clean("đầu\ud83dcuối", 500)


@given(st.text())
@example("a\u200b \u0301")
@example("\u0344\u2028 \u0301")
def test_clean_text_stays_as_it_is(text: str) -> None:
    try:
        once = clean(text, 10_000)
    except TextRefused:
        return
    assert clean(once, 10_000) == once
    assert unicodedata.is_normalized("NFC", once)
    assert all(ch in "\n\t" or unicodedata.category(ch) not in ("Cc", "Cf", "Cs") for ch in once)


@pytest.mark.parametrize(("one", "other"), [
    ("hoà", "hòa"), ("Thuỷ", "Thủy"), ("Mỹ", "Mĩ"), ("lý", "lí"), ("Đắk Lắk", "dak lak"), ("Ðông", "đông"),
    ("TÂN UYÊN", "tan  uyen"), (unicodedata.normalize("NFD", "Uyên Hưng"), "uyen hung"), ("Quý", "qui"),
    ("Bà Rịa - Vũng Tàu", "ba ria vung tau"), ("ＴＡＮ", "tan")])
def test_these_search_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other) != ""


@pytest.mark.parametrize(("text", "key"), json.loads((FIXTURES / "folded.json").read_text(encoding="utf-8")))
def test_the_browser_folds_alike(text: str, key: str) -> None:
    """The same file is read by web/tests/kernel/text.test.ts."""
    assert fold(text) == key


def test_letters_without_their_marks_are_else_as_they_were() -> None:
    assert without_marks("Đường Ðông, hẻm Mỹ 12/3") == "Duong Dong, hem My 12/3"


@given(st.text())
def test_a_folded_key_is_plain_and_stays(text: str) -> None:
    key = fold(text)
    assert set(key) <= set("0123456789abcdefghijklmnopqrstuvwxz ")
    assert fold(key) == key


def test_names_sort_by_given_name() -> None:
    names = ["Trần Văn Bình", "Nguyễn Thị Ánh", "Lê Anh", "Đỗ Văn An", "Phạm Thị Bình"]
    assert sorted(names, key=name_key) == ["Đỗ Văn An", "Lê Anh", "Nguyễn Thị Ánh", "Phạm Thị Bình", "Trần Văn Bình"]
    assert name_key("").strip() == ""


def test_numbers_in_names_sort_as_numbers() -> None:
    names = ["Khu phố 10", "Khu phố 2", "khu pho 1", "Hẻm 28/6", "Hẻm 28/11"]
    assert sorted(names, key=natural) == ["Hẻm 28/6", "Hẻm 28/11", "khu pho 1", "Khu phố 2", "Khu phố 10"]
