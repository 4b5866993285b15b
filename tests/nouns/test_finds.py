"""The small noun lives: nothing was done for it but its folder and its one line in the list."""
from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from binhan.commons.access.actions import grant_role
from binhan.commons.access.scope import ward_scope
from binhan.commons.clocks.models import Clock
from binhan.commons.clocks.tasks import sweep
from binhan.commons.context import clock_actions, contexts, tabs
from binhan.commons.journal.models import Entry
from binhan.commons.notify.models import Message
from binhan.commons.people.actions import create_account
from binhan.commons.people.models import Account
from binhan.kernel.ids import new_id
from binhan.site.contract import ROOT, generated
from binhan.site.database import contract_sql, ward_tables
from tests.nouns.finds.models import Find

pytestmark = pytest.mark.django_db
HOME = 25888


def person(role: str, lang: str = "vi") -> Account:
    with ward_scope([HOME], "test"):
        account = create_account(f"finds-{role}-{new_id()}", f"Mẫu {role}", None, lang=lang, is_demo=True)
        grant_role(HOME, account, role, "test")
    return account


def client(account: Account) -> Client:
    browser = Client()
    browser.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return browser


@pytest.fixture
def desk() -> Account:
    return person("petition_desk")


@pytest.fixture
def find(desk: Account) -> dict[str, Any]:
    answer = client(desk).post("/api/finds", {"id": str(new_id()), "what": "chùm chìa khóa mẫu",
                                              "found_at": timezone.now().isoformat()}, "application/json")
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_the_api_moves_it_and_says_no_as_every_noun_does(desk: Account, find: dict[str, Any]) -> None:
    api, path = client(desk), f"/api/finds/{find['id']}"
    assert (find["state"], find["state_name"], find["verbs"]) == ("kept", "đang giữ", ["give_back", "pass_on"])
    missing = api.post(f"{path}/give_back", {}, "application/json")
    assert (missing.status_code, missing.json()["code"], missing.json()["missing"]) == (422, "needs_missing", ["receipt"])
    assert api.post(f"{path}/give_back", {"receipt": "01/BN"}, "application/json").json()["state"] == "returned"
    lost = api.post(f"{path}/pass_on", {"reason": "x"}, "application/json")
    assert (lost.status_code, lost.json()["state"]) == (409, "returned") and "đã trả" in lost.json()["detail"]
    assert client(person("team_member")).get(path).status_code == 404, "another purpose: the wall stands"
    with ward_scope([HOME], "test"):
        assert [e.verb for e in Entry.objects.filter(subject_id=find["id"]).order_by("seq")] == ["hand_in", "give_back"]


def test_the_office_draws_its_page_in_both_languages(find: dict[str, Any]) -> None:
    for lang, title, button in (("vi", "Đồ nhặt được", "Trả cho chủ"), ("en", "Finds", "Give back")):
        browser = client(person("leadership", lang))
        home, page = browser.get("/office/").content.decode(), browser.get("/office/finds/").content.decode()
        assert title in home and title in page and f"{button}…" in page
    refused = browser.post(f"/office/finds/{find['id']}/do", {"verb": "pass_on"})
    assert refused.status_code == 422 and "Missing: Reason" in refused.content.decode()
    done = browser.post(f"/office/finds/{find['id']}/do", {"verb": "pass_on", "reason": "kept for a year"}, follow=True)
    assert "Written into the book of finds." in done.content.decode() and "passed on" in done.content.decode()


def test_its_clock_rings_and_its_message_is_sent(find: dict[str, Any]) -> None:
    chief = person("leadership")
    with ward_scope([HOME], "test"):
        clock = Clock.objects.get(subject_id=find["id"])
        assert (clock.policy, clock.verb) == ("find.return_within", "chase") and clock.due_at > timezone.now()
        Clock.objects.filter(id=clock.id).update(due_at=timezone.now() - timedelta(seconds=1))
    sweep({}, {key: action for key, action in clock_actions().items() if key[0] == "find"})
    with ward_scope([HOME], "test"):
        assert Find.objects.get(id=find["id"]).level == 1
        assert Message.objects.filter(account_id=chief.id, template="find_kept").count() == 1


def test_everything_that_is_generated_knows_it() -> None:
    files = generated()
    assert "give_back" in files[ROOT / "docs" / "lifecycles" / "find.md"]
    assert '"find"' in files[ROOT / "web" / "src" / "contract" / "lifecycles.json"]
    assert "/api/finds/{find_id}/{verb}" in files[ROOT / "docs" / "reference" / "openapi.json"]
    assert "test_find" in ward_tables() and any("test_find_lifecycle" in statement for statement in contract_sql())
    assert contexts()[-1].app == "tests.nouns.finds" and tabs()[-1].view == "finds"
