"""Imports into the register: whole or not at all, the same file again changes nothing, look-alikes are held back."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from binhan.casework.households.imports.columns import map_table
from binhan.casework.households.imports.files import Table
from binhan.casework.households.imports.plan import Terms
from binhan.casework.households.imports.write import ImportResult, check_table, import_table
from binhan.casework.households.models import Dwelling, Household, Person
from binhan.commons.access.scope import ward_scope
from binhan.commons.journal.models import Entry
from binhan.commons.places.actions import create_area
from binhan.commons.places.models import Area, Way
from tests.integration.casework.households.ground import HOME
from tests.support.sheets import HEAD

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 25)
FAMILY: list[list[Any]] = [
    ["Trần Mẫu An", "123/45/6 Đường Mẫu ĐT, tổ 5", 1970, "Chủ hộ", "0900000000", "079000000001", "Khu phố 2", None,
    None],
    ["Lê Thị Mẫu Bình", "123/45/6 Đường Mẫu ĐT, tổ 5", 1972, "vợ", None, None, "Khu phố 2", None, None],
    ["Trần Mẫu Cường", "123/45/6 Đường Mẫu ĐT, tổ 5", 2000, "con", None, None, "Khu phố 2", None, None],
    ["Phạm Mẫu Dung", "dãy 2 phòng 5, nhà trọ Mẫu Cô Ba", 1999, None, None, None, "Khu phố 2", 5, "phòng trọ"],
    ["Võ Mẫu Em", "dãy 2 phòng 5, nhà trọ Mẫu Cô Ba", 1998, None, None, None, "Khu phố 2", 5, "phòng trọ"],
    ["Hồ Mẫu Phúc", "đối diện chợ Mẫu", None, "Chủ hộ", None, None, "Khu phố 2", 6, "thuê nhà"]]


@pytest.fixture(autouse=True)
def _scope() -> Iterator[None]:
    with ward_scope([HOME], "test"):
        create_area(HOME, "test", "Khu phố 2")
        yield


def run(rows: list[list[Any]], head: list[str] = HEAD, dry_run: bool = False, **terms: Any) -> ImportResult:
    table = Table("t", list(enumerate([head, *rows], 1)))
    try:
        given = map_table(table, {})
        return check_table(HOME, given, Terms(**terms), TODAY) if dry_run else import_table(
            HOME, "test", given, Terms(**terms), TODAY)
    finally:
        with ward_scope([HOME], "test"):
            pass


def counts() -> tuple[int, ...]:
    return tuple(m._default_manager.filter(ward_id=HOME).count() for m in (Area, Way, Dwelling, Household, Person))


def test_a_register_is_taken_in() -> None:
    done = run(FAMILY)
    assert (done.errors, done.read, done.written, done.created) == (
        [], 6, 6, {"dwellings": 3, "households": 3, "people": 6})
    door = Dwelling.objects.get(number="123/45/6")
    assert (door.area.name, door.group.name, door.way.name) == ("Khu phố 2", "Tổ 5", "Đường Mẫu ĐT")
    home = Household.objects.get(dwelling=door)
    assert sorted(home.people.values_list("relation", "residence")) == [
        ("child", "permanent"), ("head", "permanent"), ("spouse", "permanent")]
    room = Household.objects.get(dwelling__way__kind="boarding_house")
    assert (room.kind, room.dwelling.kind, set(room.people.values_list("residence", flat=True))) == (
        "room", "room", {"temporary"})
    an = Person.objects.get(full_name="Trần Mẫu An")
    assert (an.phone, an.id_last4, an.purpose, an.legal_basis) == ("+84900000000", "0001", "door_to_door", "state_duty")
    last = Entry.objects.filter(ward_id=HOME).latest("seq")
    assert (last.verb, last.facts) == ("import", {"dwellings": 3, "households": 3, "people": 6, "rows": 6})


def test_the_same_file_again_changes_nothing() -> None:
    run(FAMILY)
    before = counts()
    entries = Entry.objects.count()
    done = run(FAMILY)
    assert (done.written, len(done.same), done.similar, done.errors) == (0, 6, [], [])
    assert (counts(), Entry.objects.count()) == (before, entries)


def test_a_longer_file_adds_only_what_is_new() -> None:
    run(FAMILY[:2])
    done = run(FAMILY)
    assert (done.written, done.created) == (4, {"dwellings": 2, "households": 2, "people": 4})
    assert Household.objects.get(dwelling__number="123/45/6").people.count() == 3


@pytest.mark.parametrize("bad", [
    ["Trần Mẫu An", "", 1970], ["Trần Mẫu", "1 Đường Mẫu", 1500], ["Lê Mẫu", "1 Đường Mẫu", 1970, "sếp"],
    ["Lê Mẫu", "1 Đường Mẫu", 1970, None, None, "07912345E+11"],
    ["Lê Mẫu", "1 Đường Mẫu", 1970, None, None, None, "Khu phố 99"]])
def test_one_bad_row_and_nothing_is_written(bad: list[Any]) -> None:
    before = counts()
    done = run([*FAMILY, bad, *FAMILY])
    assert [notice.row for notice in done.errors] == [8]
    assert (done.written, counts()) == (0, before)


def test_a_dry_run_shows_and_keeps_nothing() -> None:
    before = counts()
    done = run(FAMILY, dry_run=True)
    assert (done.written, counts(), done.created["people"]) == (0, before, 6)
    assert done.preview[0]["number"] == "123/45/6"
    assert done.preview[0]["national_id"] == "…0001"


def test_duplicates_inside_the_file_and_look_alikes() -> None:
    rows = [*FAMILY[:1], [*FAMILY[0]], ["TRAN MAU AN", *FAMILY[0][1:5], None, *FAMILY[0][6:]],
            ["Trần Mẫu Ann", FAMILY[0][1], 1970, None, None, None, "2"],
            ["Khác Hẳn Tên", "9 Đường Mẫu", 1990, None, None,
                                                                     "079000000001", "2"]]
    done = run(rows)
    assert ([notice.row for notice in done.same], [notice.row for notice in done.similar if notice.held]) == (
        [3, 4], [5, 6])
    assert all("held back" in notice.why for notice in done.similar)
    assert "dòng 2" in done.same[0].why
    assert Person.objects.count() == 1
    kept = run(rows, keep_similar=True)
    assert (kept.written, Person.objects.count()) == (2, 3)


def test_a_street_that_resembles_a_known_one_is_pointed_out() -> None:
    run([["Trần Mẫu An", "1 Đường Mẫu Lý Thường Kiệt", 1970]])
    done = run([["Lê Mẫu Bình", "2 Đường Mẫu Lý Thường Kiêt", 1970],
    ["Lê Mẫu Cúc", "3 Đường Mẫu Lý Thường Kiệk", 1970]])
    assert [(notice.row, "resembles" in notice.why, notice.held) for notice in done.similar] == [(3, True, False)]


def test_households_by_their_code_or_their_head() -> None:
    head = ["Mã hộ", "Họ tên", "Chủ hộ", "Số nhà", "Tên đường", "Quan hệ"]
    done = run([["H1", "Trần Mẫu An", "Trần Mẫu An", "1", "Mẫu", None],
    ["H1", "Lê Mẫu Bình", "Trần Mẫu An", "1", "Mẫu", "vợ"],
                ["H2", "Võ Mẫu Cúc", "Võ Mẫu Cúc", "1", "Mẫu", None],
                [None, "Hồ Mẫu Đào", "Hồ Mẫu Đào", "2", "Mẫu", None],
                [None, "Hồ Mẫu Giang", "Lý Mẫu Hoa", "2", "Mẫu", "con"],
                [None, "Hồ Mẫu Khang", "Hồ Mẫu Đào", "2", "Mẫu", "con"]], head)
    assert done.errors == []
    assert sorted(tuple(sorted(h.people.values_list("full_name", flat=True))) for h in Household.objects.all()) == [
        ("Hồ Mẫu Giang",), ("Hồ Mẫu Khang", "Hồ Mẫu Đào"), ("Lê Mẫu Bình", "Trần Mẫu An"), ("Võ Mẫu Cúc",)]
    clash = run([["H1", "Trần Mẫu Xa", None, "77", "Mẫu", None]], head)
    assert "another door" in clash.errors[0].why


def test_the_head_may_stand_after_the_others_and_a_tenant_beside_the_owner() -> None:
    at = FAMILY[0][1]
    run([["Lê Mẫu Bình", at, 1972, "vợ"], ["Trần Mẫu An", at, 1970, "chủ hộ"], ["Trần Mẫu Cường", at, 2000, "con"],
         ["Võ Mẫu Thuê", at, 1990, None, None, None, None, None, "thuê nhà"], ["Võ Mẫu Trọ", at, 1991, None, None, None,
                                                                             None, None, "thuê nhà"]])
    assert sorted((h.kind, h.people.count()) for h in Household.objects.all()) == [("owner", 3), ("tenant", 2)]


def test_another_head_at_a_known_door_is_another_household() -> None:
    run(FAMILY[:3])
    run([["Ngô Mẫu Mới", FAMILY[0][1], 1985, "chủ hộ", None, None, "2"],
         ["Ngô Mẫu Con", FAMILY[0][1], 2015, "con", None, None, "2"]])
    assert sorted(h.people.count() for h in Household.objects.all()) == [2, 3]


def test_formulas_without_a_value_are_named() -> None:
    table = Table("t", list(enumerate([HEAD, *FAMILY[:1]], 1)), unset={2: ["B2"]})
    done = import_table(HOME, "test", map_table(table, {}), Terms(), TODAY)
    assert "B2" in done.errors[0].why


def test_a_ward_without_khu_pho_gets_those_of_the_file() -> None:
    Area.objects.filter(ward_id=HOME).delete()
    run([[*FAMILY[0][:6], "Ấp 3", 5], [*FAMILY[1][:6], "KP Mẫu Uyên Hưng 4", 1]])
    assert sorted(Area.objects.filter(ward_id=HOME).values_list("kind", "name")) == [
        ("ap", "Ấp 3"), ("khu_pho", "Mẫu Uyên Hưng 4"), ("to", "Tổ 1"), ("to", "Tổ 5")]
