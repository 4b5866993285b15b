"""Reading a list of doors: what is understood, and that every wrong row is named."""
from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from binhan.casework.visits.rules.doors import Door, read_doors

HEAD = b"door_id,lat,lon,minutes,group,priority\n"


def test_defaults_and_any_order_of_columns() -> None:
    assert read_doors(b"lon,door_id,lat\n106.67,A,10.98\n").doors == [Door("A", 10.98, 106.67, 5.0, "", 2)]
    full = read_doors("\ufeffpriority,group,minutes,lon,lat,door_id\r\n1,Khu phố 1,7.5,106.67,10.98,Đ1\r\n\r\n".encode())
    assert full.doors == [Door("Đ1", 10.98, 106.67, 7.5, "Khu phố 1", 1)]
    assert read_doors(HEAD + b'"12, hem 3",10.98,106.67,,,\n').doors == [Door("12, hem 3", 10.98, 106.67)]


def test_semicolons_come_with_decimal_commas() -> None:
    read = read_doors(b"DOOR_ID;Lat;Lon;minutes\nA;10,98;106,67;2,5\nB;10.99;106.68;\n")
    assert read.doors == [Door("A", 10.98, 106.67, 2.5), Door("B", 10.99, 106.68)]


def test_a_column_nobody_asked_for_is_named() -> None:
    read = read_doors(b"door_id,lat,lon,minute\nA,10.98,106.67,9\n")
    assert (read.ignored, read.errors) == (["minute"], [])


def test_no_doors_is_no_error() -> None:
    assert read_doors(HEAD).errors == read_doors(HEAD).doors == []


@pytest.mark.parametrize(("row", "said"), [
    (b",10.98,106.67,5,,2", "door_id is missing"),
    (b"A,10.98,106.67,5,,2", "already used in row 2"),
    (b"B,north,106.67,5,,2", "lat is not a finite number"),
    (b"B,10.98,NaN,5,,2", "lon is not a finite number"),
    (b"B,inf,106.67,5,,2", "lat is not a finite number"),
    (b"B,1e999,106.67,5,,2", "lat is not a finite number"),
    (b"B,1_0.98,106.67,5,,2", "lat is not a finite number"),
    ("B,١٠,106.67,5,,2".encode(), "lat is not a finite number"),
    (b"B,,106.67,5,,2", "lat is missing"),
    (b"B,91,106.67,5,,2", "out of range"),
    (b"B,106.67,10.98,5,,2", "swapped"),
    (b"B,0,0,5,,2", "never located"),
    (b"B,48.86,2.35,5,,2", "outside Viet Nam"),
    (b"B,10.98,106.67,-1,,2", "minutes must be"),
    (b"B,10.98,106.67,481,,2", "minutes must be"),
    (b"B,10.98,106.67,nan,,2", "minutes is not"),
    (b"B,10.98,106.67,5,,0", "priority must be"),
    (b"B,10.98,106.67,5,,1.5", "priority must be"),
    (b"B,10.98,106.67,5,,cao", "priority must be"),
    (b"B,10.98,106.67,5,2", "5 fields instead of 6"),
    (b"B,10.98,106.67,5,,2,", "7 fields instead of 6"),
    (b"B,10,98,106,67,5,,2", "8 fields instead of 6"),
    (b"B,10.98,106.67,5,\xff,2", "Not UTF-8"),
    (b"B,10.98,106.67,5,a\x00b,2", "U+0000"),
    (b"B,10.98,106.67,5,a\tb,2", "U+0009"),
    ("B,10.98,106.67,5,a\u202eb,2".encode(), "U+202E"),
    (b'"B,10.98,106.67,5,,2', "quotation mark"),
    (b"B,10.98,106.67,5," + b"x" * 201 + b",2", "longer than 200"),
    (b"B" * 201 + b",10.98,106.67,5,,2", "longer than 200"),
])
def test_a_wrong_row_is_named_and_the_rest_is_read(row: bytes, said: str) -> None:
    read = read_doors(HEAD + b"A,10.98,106.67,5,,2\n" + row + b"\nC,10.98,106.67,5,,2\n")
    assert [d.door_id for d in read.doors] == ["A", "C"]
    assert [e.row for e in read.errors] == [3]
    assert said in read.errors[0].reason
    assert " / " in read.errors[0].reason
    if not row.startswith((b",", b"A", b"BB")):
        assert read.errors[0].door_id == "B"


def test_everything_wrong_with_a_row_is_said_at_once() -> None:
    reason = read_doors(HEAD + b",x,106.67,-5,,7a\n").errors[0].reason
    assert all(word in reason for word in ("door_id is missing", "lat is not", "minutes must be", "priority must be"))


@pytest.mark.parametrize(("body", "row", "said"), [
    (b"", 0, "empty"), (b"\xef\xbb\xbf\n \n", 0, "empty"), (b"A,10.98,106.67\n", 1, "missing: door_id, lat, lon"),
    (b"door_id\tlat\tlon\n", 1, "Control character"), (b"door_id,lat\nA,10.98\n", 1, "missing: lon"),
    (b"door_id,lat,lon,lat\n", 1, "twice"), ("door_id,lat,lon\n".encode("utf-16"), 1, "Not UTF-8"),
    (b"PK\x03\x04\x14\x00,\x08\n", 1, "Control character")])
def test_a_wrong_file_is_named(body: bytes, row: int, said: str) -> None:
    read = read_doors(body)
    assert [(e.row, e.door_id) for e in read.errors] == [(row, "")]
    assert said in read.errors[0].reason
    assert read.doors == []


def test_the_same_letters_written_in_two_ways_are_one_id_and_one_group() -> None:
    composed = unicodedata.normalize("NFC", "Tổ 1")
    apart = unicodedata.normalize("NFD", composed)
    read = read_doors(HEAD + f"{composed},10.98,106.67,5,{composed},2\n{apart},10.98,106.67,5,x,2\n".encode()
                      + f"C,10.98,106.67,5,{apart},2\n".encode())
    assert [e.row for e in read.errors] == [3]
    assert {d.group for d in read.doors} == {composed}


def test_doors_elsewhere_are_taken_where_the_roads_are() -> None:
    body = b"door_id,lat,lon\nA,43.73,7.42\nB,48.86,2.35\n"
    assert [e.door_id for e in read_doors(body, (43.7, 7.4, 43.8, 7.5)).errors] == ["B"]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(rest: bytes) -> None:
    read = read_doors(HEAD + rest)
    lines = [line for line in rest.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n") if line.strip()]
    assert len(read.doors) + len(read.errors) == len(lines)
