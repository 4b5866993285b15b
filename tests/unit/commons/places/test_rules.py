"""Names of units as people type them, and codes of places."""
from __future__ import annotations

import pytest

from binhan.commons.places.rules import former_names, is_place_code, name_of, search_key, way_key, way_name


@pytest.mark.parametrize(("typed", "key"), [
    ("Phường Tân Uyên", "tan uien"), ("tân uyên", "tan uien"), ("Đặc khu Hoàng Sa", "hoang sa"),
    ("Thị trấn Trường Sa", "truong sa"), ("TP Hồ Chí Minh", "ho chi minh"), ("Xã Ea M'Droh", "ea m droh"),
    ("Phường 1", "phuong 1"), ("Xã", "xa"), ("Phường Phường Đúc", "phuong duc")])
def test_the_type_is_not_part_of_the_name(typed: str, key: str) -> None:
    assert name_of(typed) == key


def test_former_names_come_without_remarks() -> None:
    assert former_names("Phường Minh Khai (quận Bắc Từ Liêm) (phần còn lại sau khi sáp nhập vào phường Tây Tựu, phường "
                        "Đông Ngạc), Xã Vân Canh") == ["Phường Minh Khai", "Xã Vân Canh"]
    assert former_names("tỉnh Vĩnh Phúc, tỉnh Hòa Bình và tỉnh Phú Thọ") == [
        "tỉnh Vĩnh Phúc", "tỉnh Hòa Bình", "tỉnh Phú Thọ"]
    assert former_names("giữ nguyên") == former_names("") == []


def test_a_search_key_holds_each_name_once() -> None:
    assert search_key("Tân Uyên", "Phường Uyên Hưng, Xã Bạch Đằng, Phường Tân Uyên") == "|tan uien|uien hung|bach dang|"


@pytest.mark.parametrize(("code", "good"), [
    ("MAU-CHO", True), ("a1", True), ("P.1_2-3", True), ("", False), ("a", False), ("-a", False), ("MẪU", False),
    ("a b", False), ("a/b", False), ("a?b", False), ("ab\n", False), ("a" * 40, True), ("a" * 41, False)])
def test_place_codes(code: str, good: bool) -> None:
    assert is_place_code(code) is good


@pytest.mark.parametrize(("name", "key"), [
    ("Đường Lê Lợi", "le loi"), ("Đ. Lê Lợi", "le loi"), ("phố Huế", "hue"), ("Nhà trọ Cô Ba", "co ba"),
    ("Hẻm 12", "hem 12"),
    ("đường số 7", "duong so 7"), ("Đường ĐT 746", "dt 746"), ("TL746", "dt 746"), ("", "")])
def test_a_way_is_named_without_the_word_for_its_kind(name: str, key: str) -> None:
    assert way_name(name) == key


def test_a_way_keeps_its_former_names() -> None:
    assert way_key("Đường Mới", "Đường Cũ; ; đ. cũ;Lộ Xưa") == "|moi|cu|lo xua|"
