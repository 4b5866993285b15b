"""Personal tokens: shown once, kept as a hash, expiring, revocable, journalled, and never more than their owner."""
from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from binhan.commons.access import middleware
from binhan.commons.access.actions import revoke_grant
from binhan.commons.access.models import ApiToken, Grant
from binhan.commons.access.queries import rights_of, token_hash
from binhan.commons.access.scope import ward_scope
from binhan.commons.journal import actions as journal
from binhan.commons.journal.models import Entry
from binhan.kernel.ids import new_id
from binhan.sos.incidents.actions import open_incident
from tests.integration.commons.access.people import HOME, NEXT, caller, signed_in, staff, token

pytestmark = pytest.mark.django_db


def press(ward: int) -> UUID:
    """An open incident of the ward."""
    with ward_scope([ward], "test"):
        return open_incident({"press_id": str(new_id()), "ward_id": ward, "channel": "phone"}, "system")


def test_a_token_is_shown_once_and_only_its_hash_is_kept() -> None:
    mine = caller(staff("ma1", (HOME, "desk_officer")), HOME)
    made = mine.post("/api/tokens", {"name": "tích hợp", "days": 7}, "application/json").json()
    row = ApiToken.objects.get(id=made["id"])
    assert bytes(row.token_hash) == token_hash(made["token"]) and made["token"].encode() not in bytes(row.token_hash)
    assert "token" not in mine.get("/api/tokens").json()[0]
    assert Client(headers={"Authorization": f"Bearer {made['token']}"}).get("/api/me").status_code == 200
    with ward_scope([HOME], "test"):
        assert Entry.objects.filter(verb="issue_token", subject_id=row.id, ward_id=HOME).count() == 1


@pytest.mark.parametrize("end", ["expired", "revoked", "account_off", "wrong"])
def test_a_token_that_has_ended_opens_nothing(end: str) -> None:
    account = staff("ma2", (HOME, "desk_officer"))
    plain = token(account, HOME)
    client = Client(headers={"Authorization": f"Bearer {plain}"})
    assert client.get("/api/me").status_code == 200
    if end == "expired":
        ApiToken.objects.filter(account=account).update(expires_at=timezone.now() - timedelta(seconds=1))
    elif end == "revoked":
        assert client.delete(f"/api/tokens/{ApiToken.objects.get(account=account).id}").status_code == 204
    elif end == "account_off":
        account.is_active = False
        account.save()
    else:
        client = Client(headers={"Authorization": f"Bearer {plain}x"})
    answer = client.get("/api/me")
    assert answer.status_code == 401 and answer.json()["code"] == "sign_in"
    assert answer["Content-Type"] == "application/problem+json"


def test_nobody_ends_the_token_of_another() -> None:
    theirs = staff("ma3", (HOME, "desk_officer"))
    token(theirs, HOME)
    other = caller(staff("ma4", (HOME, "desk_officer")), HOME)
    row = ApiToken.objects.get(account=theirs)
    assert other.delete(f"/api/tokens/{row.id}").status_code == 404
    row.refresh_from_db()
    assert row.revoked_at is None


def test_a_tokens_rights_end_with_its_owners_grant() -> None:
    account = staff("ma5", (HOME, "desk_officer"))
    client = caller(account, HOME)
    press(HOME)
    assert client.get(f"/api/incidents?ward={HOME}&state=open").json()["items"]
    with ward_scope([HOME], "test"):
        revoke_grant(Grant.objects.get(account=account).id, "test")
    assert client.get(f"/api/incidents?ward={HOME}&state=open").json()["items"] == []
    assert rights_of(account).wards == ()


@pytest.mark.parametrize("body", [{"name": "x", "days": 0}, {"name": "x", "days": 400}, {"name": ""}, {},
                                  {"name": "x", "scope": "all"}, {"name": 5}])
def test_a_wrong_wish_names_its_fields(body: dict[str, object]) -> None:
    client = caller(staff("ma6", (HOME, "desk_officer")), HOME)
    before = ApiToken.objects.count()
    answer = client.post("/api/tokens", body, "application/json")
    assert answer.status_code == 422 and answer.json()["fields"], answer.content
    assert ApiToken.objects.count() == before


def test_a_grant_reaches_no_other_ward() -> None:
    account = staff("ma7", (HOME, "desk_officer"))
    staff("ma8", (NEXT, "desk_officer"))
    assert rights_of(account).roles == {HOME: frozenset({"desk_officer"})}
    with ward_scope([HOME], "test"):
        assert set(Grant.objects.values_list("ward_id", flat=True)) == {HOME}
    incident = press(NEXT)
    client = caller(account, HOME)
    assert client.get(f"/api/incidents?ward={NEXT}&state=open").json()["items"] == []
    assert client.get(f"/api/incidents/{incident}").status_code == 404
    assert client.get(f"/api/desk/stream-token?ward={NEXT}").status_code == 403


def test_a_grant_that_has_not_begun_or_is_over_gives_nothing() -> None:
    account = staff("ma9", (HOME, "desk_officer"))
    now = timezone.now()
    for start, end in ((now + timedelta(days=1), None), (now - timedelta(days=2), now - timedelta(days=1))):
        with ward_scope([HOME], "test"):
            Grant.objects.filter(account=account).update(valid_from=start, valid_to=end)
        assert rights_of(account).wards == ()


def test_casework_roles_get_nothing_of_sos() -> None:
    account = staff("ma10", (HOME, "social_officer"), (HOME, "petition_desk"))
    client = caller(account, HOME)
    incident = press(HOME)
    assert client.get("/api/me").status_code == 200
    assert client.get(f"/api/incidents?ward={HOME}&state=open").json()["items"] == []
    for path, status in ((f"/api/incidents/{incident}", 404), (f"/api/incidents/{incident}/timeline", 404),
                         (f"/api/incidents/{incident}/recommendation", 404), (f"/api/desk/board?ward={HOME}", 403),
                         (f"/api/desk/stream-token?ward={HOME}", 403)):
        answer = client.get(path)
        assert answer.status_code == status, f"{path}: {answer.status_code} {answer.content[:200]!r}"
    assert client.post(f"/api/incidents/{incident}/acknowledge", {}, "application/json").status_code == 404


def test_a_session_needs_its_csrf_token_and_a_token_does_not() -> None:
    staff("ma11", (HOME, "desk_officer"))
    browser = signed_in("ma11")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser.cookies
    assert strict.post("/api/tokens", {"name": "x"}, "application/json").status_code == 403
    csrf = strict.get("/api/me").json()["csrf"]
    answer = strict.post("/api/tokens", {"name": "x"}, "application/json", headers={"X-CSRFToken": csrf})
    assert answer.status_code == 200, answer.content


def test_a_token_made_with_a_token_ends_with_it() -> None:
    account = staff("ma12", (HOME, "desk_officer"))
    short = caller(account, HOME).post("/api/tokens", {"name": "ngắn", "days": 1}, "application/json").json()
    client = Client(headers={"Authorization": f"Bearer {short['token']}"})
    child = client.post("/api/tokens", {"name": "dài", "days": 366}, "application/json").json()
    assert child["expires_at"] == short["expires_at"]
    assert ApiToken.objects.get(id=short["id"]).last_used_at is not None
    assert ApiToken.objects.get(id=child["id"]).last_used_at is None


def test_a_token_that_has_ended_is_401_also_where_a_session_would_need_its_csrf_token() -> None:
    account = staff("ma13", (HOME, "desk_officer"))
    for plain in ("ba_" + "x" * 32, token(account, HOME)):
        ApiToken.objects.filter(account=account).update(revoked_at=timezone.now())
        strict = Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {plain}"})
        answer = strict.post("/api/tokens", {"name": "x"}, "application/json")
        assert (answer.status_code, answer.json()["code"]) == (401, "sign_in")


def test_what_was_made_with_a_token_is_revoked_with_it() -> None:
    account = staff("ma15", (HOME, "desk_officer"))
    first = caller(account, HOME).post("/api/tokens", {"name": "mất"}, "application/json").json()
    clients = [Client(headers={"Authorization": f"Bearer {first['token']}"})]
    for name in ("con", "cháu"):
        made = clients[-1].post("/api/tokens", {"name": name}, "application/json").json()
        clients.append(Client(headers={"Authorization": f"Bearer {made['token']}"}))
    assert [c.get("/api/me").status_code for c in clients] == [200, 200, 200]
    assert signed_in("ma15").delete(f"/api/tokens/{first['id']}").status_code == 204
    assert [c.get("/api/me").status_code for c in clients] == [401, 401, 401]
    with ward_scope([HOME], "test"):
        assert Entry.objects.filter(verb="revoke_token", ward_id=HOME, actor=account.actor).count() == 3


def test_a_journal_that_cannot_be_written_is_said_to_who_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = caller(staff("ma16", (HOME, "desk_officer")), HOME)
    incident = press(HOME)

    def full(rows: object) -> None:
        if rows:
            raise OperationalError("disk full")
    monkeypatch.setattr(journal, "append_rows", full)
    answer = mine.get(f"/api/incidents/{incident}")
    assert (answer.status_code, answer.json()["code"]) == (503, "database_away")
    assert mine.get("/api/me").status_code == 200


def test_a_database_that_is_away_when_the_token_is_looked_up_is_said_too(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = caller(staff("ma17", (HOME, "desk_officer")), HOME)

    def away(token: str) -> None:
        raise OperationalError("connection refused")
    monkeypatch.setattr(middleware, "enter_by_token", away)
    answer = mine.get("/api/me")
    assert (answer.status_code, answer.json()["code"]) == (503, "database_away")
