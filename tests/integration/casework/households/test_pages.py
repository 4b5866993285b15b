"""The register's office pages: found, opened, held, put down – and closed to whom they do not concern."""
from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from binhan.casework.households.models import Change, Household, Person
from binhan.commons.access.scope import ward_scope
from binhan.kernel.ids import new_id
from tests.integration.casework.households.ground import HOME, door, household, names
from tests.integration.commons.access.people import staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _scope() -> Iterator[None]:
    with ward_scope([HOME], "test"):
        yield


def browser(role: str) -> Client:
    made = Client()
    made.force_login(staff(f"{role}-{new_id().hex[-8:]}", (HOME, role)),
                     backend="django.contrib.auth.backends.ModelBackend")
    _again()
    return made


def _again() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('binhan.wards', %s, true)", [f"{{{HOME}}}"])


def page(who: Client, path: str, status: int = 200) -> str:
    answer = who.get(path)
    _again()
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def press(who: Client, verb: str, **given: object) -> str:
    """What the page says after the button."""
    answer = who.post("/office/households/do", {"verb": verb, **given}, follow=True)
    _again()
    assert answer.status_code == 200
    return answer.content.decode()


def person(name: str) -> str:
    return str(Person.objects.get(full_name=name).id)


def test_the_register_speaks_english() -> None:
    where = door("12/3 Đường Thử Lê Lợi")
    household(where, "Trần Thử An")
    who = browser("social_officer")
    who.cookies["django_language"] = "en"
    for path in ("/office/households/?q=Th%E1%BB%AD", f"/office/households/{where.id}"):
        body = page(who, path)
        assert "Household register" in body
        for words in ("Tìm", "Kết quả", "Thay đổi gần đây", "Họ tên", "Chọn", "Quan hệ", "Giữ hộ", "chủ hộ", "nhà<"):
            assert words not in body, (path, words)


def test_find_and_open() -> None:
    home = household(door("12/3 Đường Thử Lê Lợi"), "Trần <b>Thử</b> An")
    who = browser("khu_pho_board")
    assert "Không thấy" in page(who, "/office/households/?q=xyz")
    found = page(who, "/office/households/?q=12/3 thu le loi")
    assert f"/office/households/{home.dwelling_id}" in found
    shown = page(who, f"/office/households/{home.dwelling_id}")
    assert "Trần &lt;b&gt;Thử&lt;/b&gt; An" in shown
    assert "Sổ hộ" in page(who, "/office/")


@pytest.mark.parametrize("role", ["desk_officer", "responder", "administrator", "auditor"])
def test_closed_to_other_roles(role: str) -> None:
    home = household(door("1 Đường Thử A"), "Trần Thử An")
    who = browser(role)
    for path in ("/office/households/", f"/office/households/{home.dwelling_id}"):
        assert "Trần Thử An" not in page(who, path, 403)
    assert "Sổ hộ" not in page(who, "/office/")
    for verb in ("hold", "split"):
        who.post("/office/households/do", {"verb": verb, "household": home.id, "people": person("Trần Thử An")})
        _again()
    assert "household_held" not in who.session
    assert not Change.objects.exists()


def test_leaders_look_and_do_not_touch() -> None:
    home = household(door("1 Đường Thử A"), "Trần Thử An", "Lê Thử Ba")
    who = browser("leadership")
    assert "Tách" not in page(who, f"/office/households/{home.dwelling_id}")
    press(who, "split", household=home.id, people=person("Lê Thử Ba"))
    assert len(names(home)) == 2


def test_hold_then_put_down() -> None:
    here, there = door("1 Đường Thử A"), door("2 Đường Thử A")
    one, other = household(here, "Trần Thử An", "Lê Thử Ba"), household(there, "Trần Thử Anh")
    who = browser("khu_pho_board")
    press(who, "hold", household=one.id, people=person("Lê Thử Ba"), back=here.id)
    shown = page(who, f"/office/households/{there.id}")
    assert all(text in shown for text in ("Đang giữ", "Chuyển 1 người", "Chuyển cả hộ", "cũng chính là"))
    assert "Đã xong" in press(who, "move_people", target=other.id, back=there.id)
    assert names(other) == ["Lê Thử Ba", "Trần Thử Anh"]
    assert "Đang giữ" not in page(who, f"/office/households/{there.id}")
    press(who, "hold", household=one.id)
    press(who, "move_here", target=there.id)
    one.refresh_from_db()
    assert one.dwelling_id == there.id
    press(who, "split", household=other.id, people=person("Lê Thử Ba"), kind="tenant")
    assert Household.objects.filter(kind="tenant").count() == 1
    press(who, "hold", household=one.id, people=person("Trần Thử An"))
    press(who, "merge_person", target=person("Trần Thử Anh"))
    assert not Person.objects.get(full_name="Trần Thử An").active


def test_refusals_are_sentences() -> None:
    home = household(door("1 Đường Thử A"), "Trần Thử An")
    who = browser("team_member")
    assert "giữ lại một hộ trước" in press(who, "merge", target=home.id)
    assert "ít nhất một người" in press(who, "split", household=home.id)
    assert "chưa đủ" in press(who, "hold", household="x")
    assert "chưa đủ" in press(who, "undo")
    assert "Không tìm thấy" in press(who, "undo", change=new_id())
    press(who, "hold", household=home.id)
    assert "thôi giữ" in press(who, "drop")
    assert who.get("/office/households/do").status_code == 405
    page(who, f"/office/households/{UUID(int=7)}", 404)
    page(Client(), "/office/households/", 302)


def test_refusals_and_what_was_done_are_told_in_english_too() -> None:
    home = household(door("1 Đường Thử A"), "Trần Thử An", "Lê Thử Ba")
    who, stranger = browser("team_member"), browser("desk_officer")
    for each in (who, stranger):
        each.cookies["django_language"] = "en"
    assert "leave at least one" in press(who, "split", household=home.id)
    assert "Something is missing" in press(who, "hold", household="x")
    assert "No such change" in press(who, "undo", change=new_id())
    assert "Held. Open the household" in press(who, "hold", household=home.id)
    assert "No longer held" in press(who, "drop")
    assert "household of their own" in press(who, "split", household=home.id, people=person("Lê Thử Ba"))
    assert "as it was before" in press(who, "undo", change=Change.objects.get().id)
    closed = page(stranger, f"/office/households/{home.dwelling_id}", 403)
    assert "does not open" in closed
    assert "Không mở được" not in closed
