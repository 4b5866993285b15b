"""Imports: a good file is written whole, a bad one is refused with its row and reason, and nothing is written."""
from __future__ import annotations

import json
import re
from typing import Any

import pytest

from binhan.commons.access.scope import system_scope
from binhan.commons.journal.models import Entry
from binhan.commons.places.imports import read_boundaries, read_units, write
from binhan.commons.places.models import Unit, Ward
from binhan.commons.places.rules import FILE_MAX
from tests.support.ground import SQUARE, collection, feature

pytestmark = pytest.mark.django_db
HEAD = "code,kind,name,full_name,province_code,aliases,lat,lon,valid_from,valid_to"
GOOD = "99991,ward,Mẫu,Phường Mẫu,79,Xã Mẫu Cũ,11.1,106.8,2025-07-01,"


def units_csv(*rows: str, head: str = HEAD) -> bytes:
    return "\n".join([head, *rows, ""]).encode()


def reasons(errors: list[dict[str, Any]]) -> str:
    return " | ".join(f"{e['row']} {e['code']} {e['reason']}" for e in errors)


def test_the_packaged_register_goes_in_whole_and_again() -> None:
    rows, errors = read_units(None, None)
    assert (len(rows), errors) == (3355, [])
    assert write("units", rows) == write("units", rows) == Unit.objects.count() == 3355
    assert Unit.objects.get(code="25888").full_name == "Phường Tân Uyên"


def test_a_file_adds_and_changes_units() -> None:
    rows, errors = read_units(b"\xef\xbb\xbf" + units_csv(GOOD), None)
    assert errors == []
    write("units", rows)
    write("units", read_units(units_csv(GOOD.replace("Phường Mẫu", "Phường Mẫu Mới")), None)[0])
    unit = Unit.objects.get(code="99991")
    assert (unit.full_name, unit.lat, str(unit.valid_from)) == ("Phường Mẫu Mới", 11.1, "2025-07-01")


@pytest.mark.parametrize(("bad", "reason"), [
    (GOOD.replace("99991", "9999"), "3 9999 .*5 digits"),
    (GOOD.replace("99991", "٩٩٩٩١"), "5 digits"),
    (GOOD.replace("ward", "village"), "province or ward"),
    (GOOD.replace("ward", "province"), "2 digits"),
    (GOOD.replace(",Mẫu,", ",,"), "empty: name"),
    (GOOD.replace(",79,", ",98,"), "no such province"),
    (GOOD.replace("11.1", "nan"), "outside Viet Nam"),
    (GOOD.replace("11.1", "0"), "outside Viet Nam"),
    (GOOD.replace("11.1", "mười một"), "malformed"),
    (GOOD.replace("11.1", ""), "outside Viet Nam"),
    (GOOD.replace("2025-07-01", "01/07/2025"), "malformed"),
    (GOOD + "2020-01-01", "before valid_from"),
    (GOOD.replace("Phường Mẫu", "x" * 3000), "longer than"),
    (GOOD + ",more,cells", "not as many cells"),
    ("99992,ward", "not as many cells"),
    (GOOD.replace("99991", "99990"), "3 99990 .*duplicate")])
def test_one_bad_unit_stops_the_file(bad: str, reason: str) -> None:
    _, errors = read_units(units_csv(GOOD.replace("99991", "99990"), bad), None)
    assert len(errors) == 1
    assert re.search(reason, reasons(errors))


@pytest.mark.parametrize(("body", "reason"), [
    (b"", "empty"), (b" \n \n", "empty"), (HEAD.encode(), "no rows"), (b"code,name\n1,2\n", "columns missing"),
    ("mã,tên\n".encode("utf-16"), "not UTF-8"), (b"\x00\xff\xfe", "not UTF-8"), (b'code,"kind\n', "CSV|missing"),
    (b"x" * (FILE_MAX + 1), "larger than")])
def test_what_is_no_units_file(body: bytes, reason: str) -> None:
    rows, errors = read_units(body, None)
    assert rows == []
    assert re.search(reason, reasons(errors))


def test_ward_picks_rows_and_misses_none() -> None:
    body = units_csv(GOOD, GOOD.replace("99991", "99992"), "broken")
    rows, errors = read_units(body, ["99992"])
    assert ([r["code"] for r in rows], errors) == (["99992"], [])
    assert reasons(read_units(None, ["99999"])[1]).startswith("0 99999")


def test_a_boundary_replaces_the_old_one_and_is_journalled() -> None:
    rows, errors = read_boundaries(collection(feature()), None)
    assert errors == []
    assert write("boundaries", rows) == 1
    with system_scope():
        assert Ward.objects.get(code="25888").boundary == {"type": "MultiPolygon", "coordinates": [[SQUARE]]}
        entry = Entry.objects.filter(ward_id=25888).latest("seq")
    assert (entry.verb, entry.facts) == ("boundary", {"points": 5})


BOW = [SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]]
HANOI = [[105.8, 21.0], [105.9, 21.0], [105.9, 21.1], [105.8, 21.0]]


@pytest.mark.parametrize(("bad", "reason"), [
    (feature("25888", BOW), "invalid: Self-intersection"),
    (feature("25888", SQUARE[:-1]), "not closed"),
    (feature("25888", SQUARE[:2]), "not closed"),
    (feature("25888", [[x, float("inf")] for x, _ in SQUARE]), "not JSON"),
    (feature("25888", [[x, float("nan")] for x, _ in SQUARE]), "not JSON"),
    (feature("25888", [[y, x] for x, y in SQUARE]), "longitude comes first"),
    (feature("25888", [[x - 90, y] for x, y in SQUARE]), "outside Viet Nam"),
    (feature("25888", [[0, 0], [0, 0.1], [0.1, 0], [0, 0]]), "outside Viet Nam"),
    (feature("25888", [[str(x), y] for x, y in SQUARE]), "not two numbers"),
    (feature("25888", [[x] for x, _ in SQUARE]), "not two numbers"),
    (feature("25888", [[True, y] for _, y in SQUARE]), "not two numbers"),
    (feature("25888", [[10**400, y] for _, y in SQUARE]), "outside Viet Nam"),
    (feature("25888", HANOI), "another ward's code"),
    (feature("99999"), "99999 .*not a ward served"),
    (feature("20333"), "20333 .*not a ward served"),
    (feature(None), "not a ward served"),
    (feature({"a": 1}), "not a ward served"),
    (feature(kind="LineString"), "must be a Polygon"),
    (feature(geometry=None), "must be a Polygon"),
    (feature(kind="MultiPolygon"), "nested|not two numbers"),
    (feature(geometry={"type": "Polygon", "coordinates": []}), "empty or wrongly nested"),
    (feature(geometry={"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE]]}), "invalid"),
    (feature("25891"), "3 25891 .*duplicate"),
    (None, "not a ward served"), (17, "not a ward served"), ([], "not a ward served")])
def test_one_bad_boundary_stops_the_file(bad: Any, reason: str) -> None:
    near = [[[106.74, 10.99], [106.75, 10.99], [106.75, 11.0], [106.74, 10.99]]]
    _, errors = read_boundaries(collection(feature(), feature("25891", *near), bad)
                                if reason.startswith("3 25891") else collection(feature("25891", *near), bad), None)
    assert len(errors) == 1
    assert re.search(reason, reasons(errors))


@pytest.mark.parametrize(("body", "reason"), [
    (b"", "empty"), (b"{", "not JSON"), (b"[" * 100_000, "not JSON"), (b'{"type":"FeatureCollection","features":[]}',
                                                                      "FeatureCollection"),
    (b'{"type":"FeatureCollection","features":{}}', "FeatureCollection"), (b"null", "FeatureCollection"),
    (b'"text"', "FeatureCollection"), (b'{"type":"Topology"}', "FeatureCollection"),
    (b'{"a":' + b"9" * 5000 + b"}", "not JSON"),
    (json.dumps({"type": "FeatureCollection", "features": []}).encode("utf-16"), "not UTF-8"),
    (collection(feature(), crs={"properties": {"name": "urn:ogc:def:crs:EPSG::3405"}}), "WGS 84"),
    (b" " * (FILE_MAX + 1), "larger than")])
def test_what_is_no_boundaries_file(body: bytes, reason: str) -> None:
    rows, errors = read_boundaries(body, None)
    assert rows == []
    assert reason in reasons(errors)


def test_ward_picks_features() -> None:
    body = collection(feature("99999"), feature(), feature("00000"))
    rows, errors = read_boundaries(body, ["25888"])
    assert ([r["ward_id"] for r in rows], errors) == ([25888], [])
    assert reasons(read_boundaries(body, ["25888", "25891"])[1]).startswith("0 25891")


def test_heights_and_integer_codes_are_taken() -> None:
    rows, errors = read_boundaries(collection(feature(25888, [[x, y, 12.5] for x, y in SQUARE])), None)
    assert errors == []
    assert rows[0]["geometry"]["coordinates"] == [[SQUARE]]
