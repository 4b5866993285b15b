"""The register's writers: all or nothing, journalled without personal text; merges, splits and moves can be undone."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from binhan.casework.households import actions
from binhan.casework.households.actions import NewHousehold
from binhan.casework.households.models import Change, Dwelling, Household, Person
from binhan.casework.households.rules import id_hash
from binhan.commons.access.scope import ward_scope
from binhan.commons.journal.models import Entry
from binhan.kernel.address import parse
from binhan.kernel.errors import Problem
from binhan.kernel.ids import is_v7, new_id
from tests.integration.casework.households.ground import HOME, NEXT, area, door, household, names, street

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _scope() -> Iterator[None]:
    with ward_scope([HOME], "test"):
        yield


def latest() -> Entry:
    return Entry.objects.filter(ward_id=HOME).latest("seq")


def snapshot() -> list[Any]:
    """All that the register says, without the stamps."""
    fields = {m: [f.attname for f in m._meta.concrete_fields if f.name != "stamp"] for m in (Dwelling, Household, Person)}
    return [sorted(map(repr, m._default_manager.filter(active=True).values_list(*f))) for m, f in fields.items()]


def test_a_door_is_stored_with_its_keys() -> None:
    kp, way = area(), street()
    made = door("Số 45/6, Đường Thử Lê Lợi, tổ 5", way, kp)
    assert (made.number, made.walk_key) == ("45/6", "10000045/0000006")
    assert {"n45", "n45x6", "le", "loi", "to", "5", "khu"} <= set(made.search_key.split())
    assert is_v7(made.id)
    assert latest().verb == "register"
    with pytest.raises(Problem, match="door_taken"):
        door("45/6 đ. thử lê lợi", way, kp)
    door("45/6 Đường Thử Lê Lợi", way, area("Khu phố Thử 2"))  # the same number in another khu phố is another door


def test_all_or_nothing() -> None:
    before = Entry.objects.count()
    one, other = (actions.dwelling_of(HOME, parse(text)) for text in ("1 Đường Thử A", "1, đường Thử A"))
    with pytest.raises(Problem, match="door_taken"), transaction.atomic():
        actions.register(HOME, "test", actions.Entries([one, other]))
    with pytest.raises(Problem, match="other_ward"):
        actions.register(HOME, "test", actions.Entries([actions.dwelling_of(NEXT, parse("1 Đường Thử A"))]))
    assert (Dwelling.objects.filter(id__in=[one.id, other.id]).count(), Entry.objects.count()) == (0, before)


def test_of_a_national_id_only_a_keyed_hash_and_four_digits_remain() -> None:
    home = household(door("1 Đường Thử A"), "Trần Thử An", national_id="079000000000")
    person = Person.objects.get(household=home)
    assert (person.id_last4, len(bytes(person.id_hash or b""))) == ("0000", 32)
    assert bytes(person.id_hash or b"") != id_hash("079000000000", b"another installation")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM casework_person p WHERE p::text LIKE '%%079000000000%%'")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("bad", [
    {"full_name": ""}, {"birth_year": 1800}, {"phone": "0912345678"}, {"relation": "boss"}, {"purpose": ""},
    {"legal_basis": "because"}, {"residence": "x"}, {"id_last4": "0000"}])
def test_the_database_refuses_it_too(bad: dict[str, Any]) -> None:
    home = household(door("1 Đường Thử A"), "Trần Thử An")
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(household=home).update(**bad)


def test_the_journal_names_nobody() -> None:
    home = household(door("77 Đường Thử Kín"), "Trần Thử Bí Mật", phone="+84900000000")
    person = Person.objects.get(household=home)
    actions.change_person(person, "test", {"full_name": "Trần Thử Khác", "phone": "090 000 0001"})
    assert Person.objects.get(id=person.id).phone == "+84900000001"
    actions.erase_person(person, "test")
    assert not Person.objects.filter(id=person.id).exists()
    text = " ".join(map(str, Entry.objects.filter(ward_id=HOME).values_list("verb", "subject_kind", "facts")))
    assert "erase" in text
    assert not any(word in text for word in ("Mật", "Khác", "84900", "Kín"))


def test_correcting_refuses_what_is_no_field_or_no_number() -> None:
    person = Person.objects.get(household=household(door("1 Đường Thử A"), "Trần Thử An"))
    for bad in ({"id_hash": b"x"}, {"phone": "12"}, {"full_name": "x" * 101}):
        with pytest.raises(Problem, match="invalid"):
            actions.change_person(person, "test", bad)


def test_a_household_ends_and_then_its_door_may_close() -> None:
    made = door("9 Đường Thử A")
    home = household(made, "Trần Thử An")
    with pytest.raises(Problem, match="occupied"):
        actions.close_dwelling(made, "test")
    actions.end_household(home, "test", date(2026, 11, 1))
    actions.close_dwelling(made, "test")
    assert door("9 Đường Thử A").id != made.id


def _two() -> tuple[Household, Household]:
    return (household(door("1 Đường Thử A"), "Trần Thử An", "Lê Thử Bình"),
            household(door("2 Đường Thử A"), "Trần Thử Anh", kind="tenant"))


CHANGES = {
    "merge_households": lambda a, b, p: actions.merge_households(HOME, "test", a.id, b.id),
    "split_household": lambda a, b, p: actions.split_household(HOME, "test", a.id, NewHousehold([p[1].id], "room")),
    "split_elsewhere": lambda a, b, p: actions.split_household(HOME, "test", a.id,
                                                                NewHousehold([p[0].id], "", b.dwelling_id)),
    "move_household": lambda a, b, p: actions.move_household(HOME, "test", a.id, b.dwelling_id),
    "move_people": lambda a, b, p: actions.move_people(HOME, "test", [p[0].id, p[1].id], b.id),
    "merge_people": lambda a, b, p: actions.merge_people(HOME, "test", p[0].id, p[2].id)}


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_is_one_row_and_can_be_undone(name: str) -> None:
    a, b = _two()
    people = [*Person.objects.filter(household=a).order_by("name_key"), *Person.objects.filter(household=b)]
    Person.objects.filter(id=people[2].id).update(birth_year=1980)
    before, seq = snapshot(), latest().seq
    change = CHANGES[name](a, b, people)
    assert snapshot() != before
    assert latest().seq == seq + 1
    assert latest().facts["change"] == str(change.id)
    undone = actions.undo_change(HOME, "test", change.id)
    assert (snapshot(), undone.undone_by) == (before, "test")
    with pytest.raises(Problem, match="undone"):
        actions.undo_change(HOME, "test", change.id)


@pytest.mark.parametrize("first", CHANGES)
@pytest.mark.parametrize("second", ["merge_households", "move_people", "add", "change", "erase"])
def test_what_something_newer_stands_on_is_not_undone(first: str, second: str) -> None:
    a, b = _two()
    people = [*Person.objects.filter(household=a).order_by("name_key"), *Person.objects.filter(household=b)]
    before = snapshot()
    change = CHANGES[first](a, b, people)
    touched = Household.objects.filter(id__in=[r["id"] for r in change.rows], active=True, people__active=True).first()
    assert touched is not None
    newer: Change | None = None
    person = Person.objects.filter(household=touched, active=True).order_by("name_key").first()
    assert person is not None
    if second == "merge_households":
        newer = actions.merge_households(HOME, "test", household(door("3 Đường Thử A"), "Lý Thử Ba").id, touched.id)
    elif second == "move_people":
        newer = actions.move_people(HOME, "test", [person.id], household(door("3 Đường Thử A"), "Lý Thử Ba").id)
    elif second == "add":
        fresh = actions.person_of(touched, "Lý Thử Mới", actions.Basis("support", "consent"))
        actions.register(HOME, "test", actions.Entries(people=[fresh]))
    else:
        return_to = {"change": lambda: actions.change_person(person, "test", {"birth_year": 1999}),
                     "erase": lambda: actions.erase_person(person, "test")}[second]
        if str(person.id) not in {r["id"] for r in change.rows}:
            return  # whom the change did not touch may be corrected without standing in its way
        return_to()
    with pytest.raises(Problem, match="newer") as refused:
        actions.undo_change(HOME, "test", change.id)
    assert refused.value.status == 409
    if newer is not None:  # the newer one first, then the older one
        actions.undo_change(HOME, "test", newer.id)
        actions.undo_change(HOME, "test", change.id)
        assert all(row in after for old, after in zip(before, snapshot(), strict=True) for row in old)


def test_what_makes_no_sense_is_refused() -> None:
    a, b = _two()
    people = list(Person.objects.filter(household=a))
    for call, code in [
            (lambda: actions.merge_households(HOME, "test", a.id, a.id), "same"),
            (lambda: actions.merge_households(HOME, "test", a.id, new_id()), "not_found"),
            (lambda: actions.merge_households(NEXT, "test", a.id, b.id), "not_found"),
            (lambda: actions.split_household(HOME, "test", a.id, NewHousehold([p.id for p in people])), "nobody_left"),
            (lambda: actions.split_household(HOME, "test", a.id, NewHousehold([])), "nobody_left"),
            (lambda: actions.split_household(HOME, "test", a.id, NewHousehold([people[0].id], "castle")), "invalid"),
            (lambda: actions.move_household(HOME, "test", a.id, a.dwelling_id), "same"),
            (lambda: actions.move_household(HOME, "test", a.id, new_id()), "not_found"),
            (lambda: actions.move_people(HOME, "test", [people[0].id], a.id), "same"),
            (lambda: actions.move_people(HOME, "test", [], a.id), "not_found"),
            (lambda: actions.merge_people(HOME, "test", people[0].id, people[0].id), "same"),
            (lambda: actions.undo_change(HOME, "test", new_id()), "not_found")]:
        with pytest.raises(Problem, match=code):
            call()


def test_two_people_with_different_ids_are_not_one() -> None:
    made = door("1 Đường Thử A")
    one = Person.objects.get(household=household(made, "Trần Thử An", national_id="079000000001"))
    other = Person.objects.get(household=household(made, "Trần Thử Anh", national_id="079000000002"))
    with pytest.raises(Problem, match="other_person"):
        actions.merge_people(HOME, "test", one.id, other.id)


def test_merging_people_fills_what_was_blank_and_undo_empties_it() -> None:
    made = door("1 Đường Thử A")
    keep = Person.objects.get(household=household(made, "Trần Thử An"))
    drop = Person.objects.get(household=household(made, "Trần Thử Anh", national_id="079000000002", phone="+84900000000"))
    change = actions.merge_people(HOME, "test", keep.id, drop.id)
    keep.refresh_from_db()
    assert (keep.id_last4, keep.phone) == ("0002", "+84900000000")
    assert "0002" not in str(Change.objects.get(id=change.id).rows)
    actions.undo_change(HOME, "test", change.id)
    keep.refresh_from_db()
    assert (keep.id_hash, keep.id_last4, keep.phone) == (None, "", None)


def test_an_undo_that_would_take_a_code_twice_is_refused() -> None:
    a = household(door("1 Đường Thử A"), "Trần Thử An")
    b = household(door("2 Đường Thử A"), "Lê Thử Bình", code="H1")
    change = actions.merge_households(HOME, "test", a.id, b.id)
    household(door("3 Đường Thử A"), "Lý Thử Ba", code="H1")
    with pytest.raises(Problem, match="newer"):
        actions.undo_change(HOME, "test", change.id)
    assert names(a) == ["Lê Thử Bình", "Trần Thử An"]
    assert isinstance(change.id, UUID)


def test_the_synthetic_register_is_taken_away_whole() -> None:
    real = household(door("1 Đường Thử A"), "Trần Thử Thật")
    made = actions.dwelling_of(HOME, parse("1 Đường Thử B"), is_demo=True)
    home = Household(ward_id=HOME, dwelling=made, is_demo=True)
    person = actions.person_of(home, "Trần Mẫu", actions.Basis("door_to_door", "state_duty"), is_demo=True)
    actions.register(HOME, "test", actions.Entries([made], [home], [person]))
    actions.merge_households(HOME, "test", real.id, home.id)
    assert actions.remove_demo(HOME, "test") == 1
    assert actions.remove_demo(HOME, "test") == 0
    assert names(real) == ["Trần Thử Thật"]
