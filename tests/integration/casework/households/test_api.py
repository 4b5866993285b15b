"""The register over HTTP: who may, what is found, what is journalled, and that a khu phố's board sees its own khu phố."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from binhan.casework.households.models import Dwelling, Household, Person
from binhan.casework.households.queries.reach import Reach
from binhan.casework.households.queries.search import search
from binhan.commons.access.models import Grant
from binhan.commons.access.scope import ward_scope
from binhan.commons.journal.models import Entry
from binhan.commons.places.actions import WayDraft, create_way, import_units, rename_way
from binhan.commons.places.models import Unit, Way
from binhan.kernel.cursors import as_cursor
from binhan.kernel.ids import new_id
from tests.integration.casework.households.ground import HOME, NEXT, area, door, household, names, street
from tests.integration.commons.access.people import caller, staff

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture(autouse=True)
def _scope() -> Iterator[None]:
    with ward_scope([HOME], "test"):
        yield


@pytest.fixture
def team() -> Client:
    return client("team_member")


def client(role: str, inside: UUID | None = None, ward: int = HOME) -> Client:
    account = staff(f"{role}-{new_id().hex[-8:]}", (ward, role))
    with ward_scope([HOME, NEXT], "test"):
        if inside is not None:
            Grant.objects.filter(account=account).update(area_id=inside)
        made = caller(account, ward)
    _again()
    return made


def _again() -> None:
    """The scope of the test, which requests have taken away."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('binhan.wards', %s, true)", [f"{{{HOME}}}"])


def get(who: Client, path: str, status: int = 200) -> Any:
    answer = who.get(f"/api{path}")
    _again()
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def post(who: Client, path: str, body: dict[str, Any], status: int = 200) -> Any:
    answer = who.post(f"/api{path}", body, JSON)
    _again()
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def titles(who: Client, q: str) -> list[str]:
    return [r["title"] for r in get(who, f"/households/search?q={q}")["items"]]


def _street() -> tuple[Way, list[Dwelling]]:
    way = street("Đường Thử Hoà Bình", "Đường Thử Cũ")
    kp = area()
    return way, [door(f"{n} Đường Thử Hoà Bình", way, kp) for n in ("125", "123A", "123/45/6", "123/2", "123", "Lô B3")]


def test_doors_in_walking_order_and_pages(team: Client) -> None:
    way, _ = _street()
    first = get(team, f"/dwellings?way={way.id}&limit=4")
    then = get(team, f"/dwellings?way={way.id}&limit=4&cursor={first['next']}")
    assert [d["number"] or d["address"][:5] for d in [*first["items"], *then["items"]]] == [
        "123", "123/2", "123/45/6", "123A", "125", "Lô B3"]
    assert then["next"] is None and first["dwellings"] == first["items"]
    alley = create_way(HOME, "test", WayDraft("alley", "Hẻm 123 Đường Thử Hoà Bình", parent=way))
    assert [d["number"] for d in get(team, f"/dwellings?way={alley.id}")["items"]] == ["123/2", "123/45/6"]
    for cursor in ("broken", as_cursor("x", way.id), as_cursor(-1, way.id)):
        assert get(team, f"/dwellings?cursor={cursor}", 422)["code"] == "bad_cursor"


def test_ways_are_listed_and_found_by_name(team: Client) -> None:
    way, _ = _street()
    alley = create_way(HOME, "test", WayDraft("alley", "Hẻm 123 Đường Thử Hoà Bình", parent=way))
    course = {"type": "LineString", "coordinates": [[106.8, 11.09], [106.801, 11.091]]}
    Way.objects.filter(id=alley.id).update(line=course)
    assert [w["name"] for w in get(team, "/ways?q=thu cu")] == [way.name]
    listed = get(team, f"/ways?kind=alley&ward={HOME}")
    assert [(w["id"], w["parent_id"]) for w in listed] == [(str(alley.id), str(way.id))]
    assert listed[0]["line"] == course
    assert get(team, f"/ways?ward={NEXT}") == []


@pytest.mark.parametrize("q", ["thu hoa binh", "Thử Hòa Bình", "Đ. Thử Hoà Bình", "duong thu cu", "HOA BINH THU"])
def test_a_street_is_found_however_it_is_typed(team: Client, q: str) -> None:
    way, _ = _street()
    assert titles(team, q)[0] == way.name


def test_house_numbers_are_understood(team: Client) -> None:
    _street()
    assert titles(team, "123/45 thu hoa binh") == ["123/45/6 Đường Thử Hoà Bình"]
    assert titles(team, "123 thu hoa binh")[0] == "123 Đường Thử Hoà Bình"
    assert {"123/2 Đường Thử Hoà Bình", "123A Đường Thử Hoà Bình"} <= set(titles(team, "123 hoa binh thu"))
    assert titles(team, "12 thu hoa binh") == []
    assert titles(team, "lo b3") == ["Lô B3 Đường Thử Hoà Bình"]


def test_old_names_of_ward_and_street_lead_there_too(team: Client) -> None:
    if not Unit.objects.exists():
        import_units()
    way, _ = _street()
    for place in ("phường Tân Uyên, TP.HCM", "phường Uyên Hưng, thị xã Tân Uyên, Bình Dương"):
        assert titles(team, f"123/45 thử hoà bình, {place}") == ["123/45/6 Đường Thử Hoà Bình"]
    rename_way(way, "test", "Đường Thử Mới")
    assert "Đường Thử Mới" in titles(team, "thu hoa binh")
    assert titles(team, "thu moi") == ["Đường Thử Mới"]


def test_people_are_found_by_name_and_their_finding_is_journalled(team: Client) -> None:
    home = household(door("1 Đường Thử A"), "Trần Thị Thử Hoà", "Trần Thử Hoàng")
    found = get(team, "/households/search?q=hoà")["items"]
    assert [(r["kind"], r["title"]) for r in found] == [("person", "Trần Thị Thử Hoà"), ("person", "Trần Thử Hoàng")]
    reads = Entry.objects.filter(ward_id=HOME, verb="read", subject_kind="person")
    assert {str(e.subject_id) for e in reads} == {r["id"] for r in found}
    before = Entry.objects.count()
    get(team, "/households/search?q=hoà")
    assert Entry.objects.count() == before  # once an hour
    opened = get(team, f"/dwellings/{home.dwelling_id}")
    assert [p["full_name"] for p in opened["households"][0]["people"]] == ["Trần Thị Thử Hoà", "Trần Thử Hoàng"]
    assert Entry.objects.filter(verb="read", subject_kind="dwelling", subject_id=home.dwelling_id).exists()


def test_pages_of_a_search_neither_repeat_nor_skip(team: Client) -> None:
    household(door("1 Đường Thử A"), *(f"Lê Thử Trang {chr(65 + n)}" for n in range(7)))
    seen, cursor = [], ""
    while True:
        page = get(team, f"/households/search?q=thu trang&limit=3&cursor={cursor}")
        seen += [r["title"] for r in page["items"]]
        assert page["results"] == page["items"]
        if not (cursor := page["next"] or ""):
            break
    assert seen == sorted(seen)
    assert len(set(seen)) == 7


@pytest.mark.parametrize("q", ["", " ", "' | !&():*", "%%%", "\\", "a" * 500, "123/", "///",
    "<->", "w25888", "n", "😀", "|", "đ"])
def test_any_question_has_an_answer(q: str) -> None:
    for text in (q, f"{q} thử", f"12 {q}"):
        search(Reach(HOME, None), text, 5)


def test_the_search_function_itself_refuses_another_ward() -> None:
    with pytest.raises(DatabaseError, match="outside this scope"), transaction.atomic():
        search(Reach(NEXT, None), "thử", 5)


@pytest.mark.parametrize("role", ["desk_officer", "shift_lead", "responder", "administrator", "city_centre", "resident",
                                  "site_manager", "auditor", "dpo"])
def test_other_roles_see_nothing(role: str) -> None:
    home = household(door("1 Đường Thử A"), "Trần Thử An", "Lê Thử Ba")
    who = client(role)
    for path in ("/households/search?q=thu", "/dwellings", f"/dwellings/{home.dwelling_id}", "/household-changes"):
        assert get(who, path, 403)["code"] == "forbidden"
    post(who, f"/households/{home.id}/move", {"dwelling": str(home.dwelling_id)}, 403)
    assert Client().get("/api/dwellings").status_code == 401


@pytest.mark.parametrize("role", ["leadership", "petition_desk"])
def test_some_read_and_do_not_write(role: str) -> None:
    home = household(door("1 Đường Thử A"), "Trần Thử An", "Lê Thử Ba")
    who = client(role)
    get(who, f"/dwellings/{home.dwelling_id}")
    person = str(Person.objects.filter(household=home)[0].id)
    post(who, f"/households/{home.id}/split", {"people": [person]}, 403)
    assert who.delete(f"/api/people/{person}").status_code == 403
    _again()
    assert len(names(home)) == 2


def test_another_wards_team_finds_nothing() -> None:
    home = household(door("1 Đường Thử A"), "Trần Thử An")
    who = client("team_member", ward=NEXT)
    assert get(who, "/households/search?q=thu")["items"] == []
    get(who, f"/dwellings/{home.dwelling_id}", 404)
    get(who, f"/households/search?q=thu&ward={HOME}", 403)
    post(who, f"/households/{home.id}/merge", {"other": str(new_id())}, 404)


def test_the_board_of_a_khu_pho_sees_its_own() -> None:
    mine, theirs = area("Khu phố Thử 1"), area("Khu phố Thử 2")
    way = street()
    here = household(door("1 Đường Thử Lê Lợi", way, mine), "Trần Thử An", "Lê Thử Ba")
    there = household(door("2 Đường Thử Lê Lợi", way, theirs), "Trần Thử Anh")
    board = client("khu_pho_board", mine.id)
    assert titles(board, "tran thu") == ["Trần Thử An"]
    assert [d["number"] for d in get(board, f"/dwellings?way={way.id}")["dwellings"]] == ["1"]
    get(board, f"/dwellings/{there.dwelling_id}", 404)
    post(board, f"/households/{here.id}/merge", {"other": str(there.id)}, 404)
    post(board, f"/households/{here.id}/move", {"dwelling": str(there.dwelling_id)}, 404)
    change = post(client("social_officer"), f"/households/{here.id}/merge", {"other": str(there.id)})
    post(board, f"/household-changes/{change['id']}/undo", {}, 404)
    assert get(board, "/household-changes") == []
    own = post(board, f"/households/{here.id}/split", {"people": [str(Person.objects.get(full_name="Lê Thử Ba").id)]})
    assert [c["id"] for c in get(board, "/household-changes")] == [own["id"]]
    Grant.objects.filter(area_id=mine.id).update(valid_to=timezone.now() - timedelta(seconds=1))
    get(board, "/dwellings", 403)


def test_merge_split_move_and_undo(team: Client) -> None:
    one = household(door("1 Đường Thử A"), "Trần Thử An", "Lê Thử Ba")
    other = household(door("2 Đường Thử A"), "Trần Thử Anh")
    ba = str(Person.objects.get(full_name="Lê Thử Ba").id)
    merged = post(team, f"/households/{one.id}/merge", {"other": str(other.id)})
    split = post(team, f"/households/{one.id}/split", {"people": [ba], "kind": "tenant"})
    assert (split["verb"], names(Household.objects.get(id=split["made"]))) == ("split_household", ["Lê Thử Ba"])
    refused = post(team, f"/household-changes/{merged['id']}/undo", {}, 409)
    assert (refused["code"], "mới hơn" in refused["detail"]) == ("newer", True)
    for change in (split, merged):
        assert post(team, f"/household-changes/{change['id']}/undo", {})["undone_at"]
    assert (names(one), names(other)) == (["Lê Thử Ba", "Trần Thử An"], ["Trần Thử Anh"])
    post(team, f"/households/{one.id}/move", {"dwelling": str(other.dwelling_id)})
    moved = post(team, "/people/move", {"people": [ba], "household": str(other.id)})
    an, anh = (str(Person.objects.get(full_name=n).id) for n in ("Trần Thử An", "Trần Thử Anh"))
    post(team, f"/people/{an}/merge", {"other": anh})
    assert [c["verb"] for c in get(team, "/household-changes")][:3] == ["merge_person", "move_person", "move_household"]
    assert moved["records"] == 3
    post(team, f"/households/{one.id}/merge", {"other": "x"}, 422)
    post(team, f"/households/{one.id}/merge", {"other": str(other.id), "more": 1}, 422)


def test_a_person_is_corrected_and_erased(team: Client) -> None:
    person = Person.objects.get(household=household(door("1 Đường Thử A"), "Trần Thử An"))
    answer = team.patch(f"/api/people/{person.id}", {"full_name": "Trần Thử Ân", "phone": None}, JSON)
    _again()
    assert answer.json()["full_name"] == "Trần Thử Ân"
    assert "id_hash" not in answer.json()
    assert team.patch(f"/api/people/{person.id}", {"religion": "x"}, JSON).status_code == 422
    assert team.delete(f"/api/people/{person.id}").status_code == 204
    _again()
    assert not Person.objects.filter(id=person.id).exists()


def test_a_search_takes_few_questions_to_the_database(team: Client) -> None:
    _street()
    with CaptureQueriesContext(connection, ) as queries:
        get(team, "/households/search?q=123 thu")
    assert len(queries) <= 20
