"""Addresses as people write them: their parts, the order in which they are walked, and what finds them."""
from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binhan.kernel.address import Address, number_words, parse, same_door, search_fold, walk_key

# As written → the parts that must be recognised (all others empty).
TABLE: list[tuple[str, dict[str, str]]] = [
    ("123", {"path": "123"}), ("123/2", {"path": "123/2"}), ("123/45/6", {"path": "123/45/6"}), ("123A", {"path": "123A"}),
    ("123 / 45 / 6a Đường D5", {"path": "123/45/6A", "street": "Đường D5"}), ("12bis", {"path": "12bis"}),
    ("12-14 Lê Lợi", {"path": "12-14", "street": "Lê Lợi"}), ("A5/12 Tổ 3", {"path": "A5/12", "group": "3"}),
    ("Số 5", {"path": "5"}), ("số 5 Nguyễn Trãi", {"path": "5", "street": "Nguyễn Trãi"}),
    ("Số 6, hẻm 45/2, đường Lê Lợi", {"path": "45/2/6", "street": "đường Lê Lợi"}),
    ("6 hẻm 123 Đường ĐT 746", {"path": "123/6", "street": "Đường ĐT 746"}),
    ("123/6 hẻm 123", {"path": "123/6"}), ("hẻm số 12, nhà số 7", {"path": "12/7"}),
    ("Số 3 ngách 12/5 ngõ 12 phố Huế", {"path": "12/5/3", "street": "phố Huế"}),
    ("kiệt 5 số 3 Phan Bội Châu, Huế", {"path": "5/3", "street": "Phan Bội Châu", "province": "Huế"}),
    ("K12/H3/5 Ông Ích Khiêm, Đà Nẵng", {"path": "12/3/5", "street": "Ông Ích Khiêm", "province": "Đà Nẵng"}),
    ("hẻm 123 Lê Lợi", {"path": "123/", "street": "Lê Lợi"}), ("hẻm Bà Hai, tổ 4", {"street": "hẻm Bà Hai", "group": "4"}),
    ("Lô B3", {"lot": "B3"}), ("Lô B3 Đường số 7", {"lot": "B3", "street": "Đường số 7"}),
    ("Block A tầng 5 căn 12, Chung cư Mẫu", {"building": "Chung cư Mẫu", "block": "A", "floor": "5", "unit": "12"}),
    ("Căn hộ A12.05, tòa S1.02", {"block": "S1.02", "unit": "A12.05"}),
    ("lầu 3, 12 Lê Lai", {"path": "12", "floor": "3", "street": "Lê Lai"}), ("dãy 2 phòng 5", {"row": "2", "room": "5"}),
    ("Nhà trọ Cô Ba, dãy 2 P.5, P.Tân Uyên",
     {"building": "Nhà trọ Cô Ba", "row": "2", "room": "5", "ward": "Tân Uyên"}),
    ("nhà số 5, dãy B, phòng 12, khu nhà trọ Mẫu 7, hẻm 12",
     {"path": "12/5", "building": "khu nhà trọ Mẫu 7", "row": "B", "room": "12"}),
    ("đối diện chợ Tân Uyên", {"landmark": "đối diện chợ Tân Uyên"}),
    ("nhà không số cạnh trường TH Mẫu, tổ 5, KP 2", {"landmark": "cạnh trường TH Mẫu", "group": "5", "area": "2"}),
    ("Không số, gần cầu Mẫu", {"landmark": "gần cầu Mẫu"}), ("12 gần chợ Mẫu", {"path": "12", "landmark": "gần chợ Mẫu"}),
    ("123 Nguyễn Cảnh Chân", {"path": "123", "street": "Nguyễn Cảnh Chân"}), ("45 QL13", {"path": "45", "street": "QL13"}),
    ("12 đường số 7", {"path": "12", "street": "đường số 7"}), ("Tô Hiến Thành", {"street": "Tô Hiến Thành"}),
    ("12 Đ. Lê Lợi", {"path": "12", "street": "Đ. Lê Lợi"}), ("12 Xa lộ Hà Nội", {"path": "12", "street": "Xa lộ Hà Nội"}),
    ("123/45/6 Đường ĐT 746, tổ 5, khu phố 2, phường Tân Uyên, TP.HCM",
     {"path": "123/45/6", "street": "Đường ĐT 746", "group": "5", "area": "2", "ward": "Tân Uyên", "province": "HCM"}),
    ("123/45/6 duong DT 746 to 5 khu pho 2 phuong Tan Uyen TP HCM",
     {"path": "123/45/6", "street": "duong DT 746", "group": "5", "area": "2", "ward": "Tan Uyen", "province": "HCM"}),
    ("12 Nguyễn Tri Phương phường 5 quận 10",
     {"path": "12", "street": "Nguyễn Tri Phương", "ward": "5", "district": "10"}),
    ("123 Trần Phú - P. 5 - Q. 3", {"path": "123", "street": "Trần Phú", "ward": "5", "district": "3"}),
    ("123, Nguyễn Trãi, Uyên Hưng, thị xã Tân Uyên, Bình Dương",
     {"path": "123", "street": "Nguyễn Trãi", "ward": "Uyên Hưng", "district": "Tân Uyên", "province": "Bình Dương"}),
    ("99 Ấp Bắc, Tân Uyên, Bình Dương", {"path": "99", "street": "Ấp Bắc", "ward": "Tân Uyên", "province": "Bình Dương"}),
    ("Ấp 3, xã Bình Mỹ, huyện Bắc Tân Uyên, tỉnh Bình Dương",
     {"area": "Ấp 3", "ward": "Bình Mỹ", "district": "Bắc Tân Uyên", "province": "Bình Dương"}),
    ("Ấp Suối Tre", {"area": "Ấp Suối Tre"}), ("12 Lê Lợi, TP Thủ Đức", {"path": "12", "street": "Lê Lợi",
                                                                        "district": "Thủ Đức"}),
    ("12 Lý Thường Kiệt, KP. Uyên Hưng 4", {"path": "12", "street": "Lý Thường Kiệt", "area": "Uyên Hưng 4"}),
    ("", {}), ("  ,;- ", {}), ("???", {})]


@pytest.mark.parametrize(("text", "parts"), TABLE, ids=[t for t, _ in TABLE])
def test_the_parts_of_an_address(text: str, parts: dict[str, str]) -> None:
    assert parse(text) == Address(text, **parts)


@pytest.mark.parametrize(("text", "parts"), TABLE, ids=[t for t, _ in TABLE])
def test_another_keyboard_writes_the_same_address(text: str, parts: dict[str, str]) -> None:
    other = parse(unicodedata.normalize("NFD", text))
    assert (other.path, walk_key(other)) == (parts.get("path", ""), walk_key(text))


def test_doors_in_walking_order() -> None:
    street = ["1", "2", "12", "12-14", "12/1", "12/2", "12/2/1", "12/10", "hẻm 12", "12bis", "12A", "12A/3", "12B", "13",
              "123", "123/2", "123/45", "123/45/6", "123A", "125", "A5/12", "Lô B3", "Lô B12", "Block A tầng 5 căn 12",
              "Block B tầng 2 căn 1", "dãy 2 phòng 5", "dãy 2 phòng 12", "dãy 10 phòng 1", "đối diện chợ", "gần cầu", ""]
    assert sorted(street, key=walk_key) == street
    assert walk_key("123") < walk_key("123, dãy 2 phòng 5") < walk_key("123/2")


house = st.builds(
    lambda steps, letter: "/".join(map(str, steps)) + letter,
    st.lists(st.integers(1, 9999), min_size=1, max_size=4), st.sampled_from(["", "A", "B", "C"]))


@given(st.text(max_size=80))
def test_anything_is_read_and_keeps_its_text(text: str) -> None:
    address = parse(text)
    assert address.text == text
    key = walk_key(address)
    assert key.isascii()
    assert key.isprintable()
    assert same_door(address) == same_door(parse(text))


@given(house)
def test_house_numbers_come_back_as_they_are(number: str) -> None:
    assert parse(number).path == number
    assert parse(f"Số {number.lower()} Đường Mẫu, KP 2").path == number
    assert parse(f"{number} duong Mau").path == number


@given(st.lists(st.integers(1, 9999), min_size=1, max_size=3), st.integers(1, 9999))
def test_what_lies_deeper_in_an_alley_comes_after_its_door_and_before_the_next(steps: list[int], more: int) -> None:
    door = "/".join(map(str, steps))
    following = "/".join(map(str, [*steps[:-1], steps[-1] + 1]))
    assert walk_key(door) < walk_key(f"{door}/{more}") < walk_key(f"{door}A") < walk_key(following)


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_numbers_compare_as_numbers(one: int, other: int) -> None:
    assert (walk_key(str(one)) < walk_key(str(other))) == (one < other)


@pytest.mark.parametrize(("one", "other"), [
    ("P. Mỹ Phước", "phuong mi phuoc"),
    ("P5, Q.10, TP.HCM", "Phường 5 Quận 10 Thành phố Hồ Chí Minh"), ("KP2", "khu phố 2"),
    ("ĐT746", "Đường tỉnh 746"), ("Đường ĐT 746", "TL 746"), ("Đ. Hoà Bình", "đường Hòa Bình"), ("QL13", "quốc lộ 13"),
    ("Tx. Tân Uyên", "thi xa tan uyen"), ("HL 409", "Hương lộ 409"), ("TT. Uyên Hưng", "Thị trấn Uyên Hưng")])
def test_these_find_each_other(one: str, other: str) -> None:
    assert search_fold(one) == search_fold(other) != ""


def test_a_house_number_is_found_from_its_beginning() -> None:
    assert number_words("123/45/6") == ["n123", "n123x45", "n123x45x6"]
    assert number_words("123A/2") == ["n123a", "n123ax2", "n123"]
    assert number_words("123/") == ["n123"]
    assert number_words("12-14") == ["n12to14", "n12"]
    assert number_words("") == []


@pytest.mark.parametrize(("one", "other", "same"), [
    ("123/4 Đường Lê Lợi, tổ 5", "số 123/4, đ. Lê Lợi, KP 2", True), ("12a lê lợi", "12A Lê Lợi", True),
    ("4 hẻm 123 Lê Lợi", "123/4 Lê Lợi", True), ("12 Lê Lợi", "12 Lê Lai", False), ("12 Lê Lợi", "12A Lê Lợi", False),
    ("nhà trọ Mẫu, dãy 2 phòng 5", "Dãy 2, phòng 5, nhà trọ Mẫu", True), ("5, tổ 1", "5, tổ 2", False),
    ("nhà trọ Mẫu, dãy 2 phòng 5", "nhà trọ Mẫu, dãy 2 phòng 6", False), ("đối diện chợ", "đối diện chùa", False)])
def test_one_door_is_one_key(one: str, other: str, same: bool) -> None:
    assert (same_door(parse(one)) == same_door(parse(other))) is same
