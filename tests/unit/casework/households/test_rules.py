"""What the register's rules say: doors, words of a search, phone numbers, ids that cannot be read back."""
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binhan.casework.households.rules import door_key, door_words, id_hash, phone_number, search_query
from binhan.kernel.address import parse


@pytest.mark.parametrize(("text", "query"), [
    ("Lê Lợi", "le:* & loi:*"), ("12 le loi", "(n12 | 12) & le:* & loi:*"), ("123/45 Lê Lợi", "n123x45 & le:* & loi:*"),
    ("123A", "(n123a | 123a)"), ("P. 5", "phuong:* & (n5 | 5)"), ("QL13", "ql:* & (n13 | 13)"), ("", ""),
    ("123A/2, đường ĐT 746", "n123ax2 & dt:* & (n746 | 746)"), ("12/3/", "n12x3"), ("&|!():*' \\", ""),
    ("Đ. Mỹ Phước", "duong:* & mi:* & phuoc:*")])
def test_a_question_becomes_words(text: str, query: str) -> None:
    assert search_query(text) == query


@given(st.text(max_size=60))
def test_no_question_breaks_the_query_language(text: str) -> None:
    words = search_query(text)
    assert set(words) <= set("0123456789abcdefghijklmnopqrstuvwxz&|():* ")


def test_a_door_is_found_by_its_number_and_all_its_names() -> None:
    words = door_words(parse("Số 123/45/6, Đường ĐT 746, tổ 5"), "Đường ĐT 746", "Khu phố Uyên Hưng 4", "Lộ Cũ")
    assert words == "n123 n123x45 n123x45x6 dt 746 to 5 khu pho uien hung 4 lo cu"


def test_one_door_is_one_key_under_the_registers_own_names() -> None:
    one, other = parse("Số 12/3, đường Lê Lợi cũ"), parse("12/3 Lê Lợi, tổ 5")
    assert door_key(one, "Đường Lê Lợi", "KP 2") == door_key(other, "Đ. Lê Lợi", "Khu phố 2")
    assert door_key(one, "Đường Lê Lợi", "KP 2") != door_key(other, "Đường Lê Lợi", "KP 3")


@pytest.mark.parametrize(("text", "number"), [
    ("0900000000", "+84900000000"), ("900000000", "+84900000000"), ("+84 900 000 000", "+84900000000"),
    ("(0274) 300 0000", "+842743000000"), ("113", None), ("", None), ("abc", None), ("0123", None),
    ("09000000000000", None)])
def test_phones(text: str, number: str | None) -> None:
    assert phone_number(text) == number


def test_an_ids_hash_needs_the_installations_key() -> None:
    assert id_hash("079000000000", b"a") == id_hash("079000000000", b"a") != id_hash("079000000000", b"b")
    assert id_hash("079000000000", b"a") != id_hash("079000000001", b"a")
