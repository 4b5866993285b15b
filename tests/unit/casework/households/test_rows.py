"""Columns are found by their words, cells are read as what they mean, and what is lost or unclear is said."""
from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from binhan.casework.households.imports.columns import cells_of, map_columns
from binhan.casework.households.imports.files import Table
from binhan.casework.households.imports.reasons import Unmapped, Unusable
from binhan.casework.households.imports.rows import Read, read_row
from tests.support.sheets import HEAD

TODAY = date(2026, 11, 25)


def table(*rows: list[Any]) -> Table:
    return Table("t", list(enumerate(rows, 1)))


def read(**cells: Any) -> Read:
    return read_row(7, {"address": "12/3 Đường Mẫu", "full_name": "Trần Mẫu An", **cells}, TODAY)


def test_the_header_is_found_below_a_title() -> None:
    columns = map_columns(table(["SỔ HỘ KHU PHỐ 2"], ["Năm 2026", "Trang 1"], ["STT", *HEAD, "Dân tộc"],
    [1, "Trần"]), {})
    assert (columns.header_row, columns.of_field["full_name"], columns.of_field["national_id"]) == (3, 1, 6)
    assert (columns.ignored, columns.sensitive) == (["STT", "Dân tộc"], ["Dân tộc"])


@pytest.mark.parametrize(("head", "field"), [
    ("HỌ VÀ TÊN", "full_name"), ("ho ten", "full_name"), ("Sđt", "phone"), ("Số ĐT", "phone"), ("Số nhà", "number"),
    ("Ngày, tháng, năm sinh", "birth"), ("Tổ dân phố", "group"), ("KP", "area"), ("Căn cước công dân", "national_id"),
    ("Địa chỉ (thường trú)", "address"), ("Mã hộ", "code"), ("Hoạ ten chủ hộ", ""), ("Kinh độ", "lon")])
def test_headers_in_many_spellings(head: str, field: str) -> None:
    columns = map_columns(table([head, "Tên đường", "Địa chỉ hiện tại"], ["x"]), {})
    assert next((f for f, at in columns.of_field.items() if at == 0), "") == field


def test_the_operators_own_mapping_goes_first() -> None:
    columns = map_columns(table(["Họ tên", "Người khai", "Địa chỉ"], ["x"]), {"Người khai": "full_name"})
    assert columns.of_field["full_name"] == 1
    assert cells_of(columns, ["a", " b ", ""]) == {"full_name": "b", "address": None}


@pytest.mark.parametrize(("header", "given", "reason"), [
    (["Họ tên", "Địa chỉ"], {"Cột lạ": "phone"}, "no such column"),
    (["Họ tên", "Địa chỉ"], {"Họ tên": "faith"}, "no such field"),
    (["a", "b"], {}, "no header row"), (["Họ tên", "Năm sinh"], {}, "no column with addresses")])
def test_what_cannot_be_mapped(header: list[Any], given: dict[str, str], reason: str) -> None:
    with pytest.raises(Unmapped, match=reason):
        map_columns(table(header, ["x", "y"]), given)


@pytest.mark.parametrize(("cells", "expected"), [
    ({"full_name": "TRẦN  MẪU\nAN"}, {"full_name": "Trần Mẫu An"}),
    ({"full_name": "Trần\x07 Mẫu\u202e An"}, {"full_name": "Trần Mẫu An"}),
    ({"birth": 1980.0}, {"birth_year": 1980}), ({"birth": "1980"}, {"birth_year": 1980}),
    ({"birth": 29221.0}, {"birth_year": 1980}),
    ({"birth": "01/02/1980"}, {"birth_year": 1980}), ({"birth": datetime(1980, 5, 1)}, {"birth_year": 1980}),
    ({"phone": 900000000.0}, {"phone": "+84900000000"}), ({"phone": "0900 000 000"}, {"phone": "+84900000000"}),
    ({"phone": "+84 900.000.000"}, {"phone": "+84900000000"}),
    ({"phone": "0900000000 / 0900000001"}, {"phone": "+84900000000"}),
    ({"national_id": "079 000 000 000"}, {"national_id": "079000000000"}),
    ({"national_id": 79000000000.0}, {"national_id": "079000000000"}),
    ({"national_id": 1000000000}, {"national_id": "001000000000"}),
    ({"relation": "Chủ hộ"}, {"relation": "head"}), ({"relation": "vợ"}, {"relation": "spouse"}),
    ({"residence": "Tạm trú"}, {"residence": "temporary"}), ({"residence": "KT3"}, {"residence": "temporary"}),
    ({"kind": "Phòng trọ"}, {"kind": "room"}), ({"address": "dãy 2 phòng 5, nhà trọ Mẫu"}, {"kind": "room"}),
    ({}, {"kind": "owner"}),
    ({"area": "Khu phố 2", "group": "Tổ 5"}, {"area": "2", "group": "5"}), ({"group": 5.0}, {"group": "5"}),
    ({"address": "12, tổ 5, KP 2"}, {"area": "2", "group": "5"}),
    ({"started": "01/02/2020"}, {"started_on": date(2020, 2, 1)}),
    ({"full_name": None, "head_name": "Lê Mẫu"}, {"full_name": "Lê Mẫu", "relation": "head"}),
    ({"lat": "11,05", "lon": 106.8}, {"lat": 11.05, "lon": 106.8})])
def test_cells_are_read_as_what_they_mean(cells: dict[str, Any], expected: dict[str, Any]) -> None:
    row = read(**cells)
    assert {name: getattr(row, name) for name in expected} == expected


@pytest.mark.parametrize(("cells", "path", "text"), [
    ({"address": None, "number": "12/3", "street": "Lê Mẫu"}, "12/3", "12/3 Lê Mẫu"),
    ({"address": None, "number": 12.0, "street": 7.0}, "12", "12 đường số 7"),
    ({"address": None, "number": None, "landmark": "cạnh chùa"}, "", "cạnh chùa")])
def test_an_address_from_its_columns(cells: dict[str, Any], path: str, text: str) -> None:
    assert (read(**cells).address.path, read(**cells).address.text) == (path, text)


@pytest.mark.parametrize(("cells", "reason"), [
    ({"national_id": "07912345E+11"}, "scientific"), ({"national_id": "7.9E+10"}, "scientific"),
    ({"phone": "9,1E+8"}, "scientific"),
    ({"national_id": "123456789"}, "CMND 9 số"), ({"national_id": "07900000000x"}, "12 digits"),
    ({"national_id": 1.5}, "digits"),
    ({"phone": "12345"}, "phone"), ({"phone": "không có"}, "phone"), ({"birth": 1850}, "year of birth"),
    ({"birth": "năm Thìn"}, "day/month/year"), ({"birth": 2030}, "year of birth"),
    ({"birth": "31/02/1980"}, "day/month/year"),
    ({"full_name": "NguyÔn V¨n An"}, "convert to Unicode"), ({"full_name": "Nguyá»…n"}, "convert to Unicode"),
    ({"full_name": "Nguyeãn Vaên A\ufffd"}, "Unicode"), ({"full_name": "12345"}, "not a name"),
    ({"full_name": "x" * 101}, "longer"),
    ({"relation": "sếp"}, "unknown"), ({"kind": "lâu đài"}, "unknown"), ({"address": None}, "no address"),
    ({"address": "#REF!"}, "error"), ({"address": None, "number": datetime(2026, 5, 12)}, "into a date"),
    ({"lat": 11}, "incomplete"),
    ({"lat": 0, "lon": 0}, "outside"), ({"lat": "x", "lon": 1}, "coordinate"),
    ({"started": "hôm qua"}, "day/month/year")])
def test_what_a_row_is_refused_for(cells: dict[str, Any], reason: str) -> None:
    with pytest.raises(Unusable, match=reason):
        read(**cells)


def test_every_reason_of_a_row_is_said() -> None:
    with pytest.raises(Unusable, match="birth.*phone") as refusal:
        read(birth=1850, phone="x")
    assert [(reason.fields, reason.code) for reason in refusal.value.reasons] == [
        (("birth",), "unlikely_year"), (("phone",), "not_a_phone")]
