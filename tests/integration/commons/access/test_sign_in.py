"""Signing in: the page, its limits, what follows, and the second factor of powerful roles."""
from __future__ import annotations

import dataclasses
import re
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.test import Client, override_settings

from binhan.commons.access.rules import SECOND_FACTOR
from binhan.commons.access.scope import ward_scope
from binhan.commons.journal.models import Entry
from binhan.commons.people.models import Account
from tests.integration.commons.access.people import HOME, PASSWORD, signed_in, staff

pytestmark = pytest.mark.django_db


def test_signing_in_goes_on_to_where_one_was_going_but_not_elsewhere() -> None:
    staff("vao1", (HOME, "desk_officer"))
    for wish, goes in (("/desk", "/desk"), ("https://evil.example/", "/office/"), ("//evil.example", "/office/")):
        answer = Client().post("/account/login/", {"login": "vao1", "password": PASSWORD, "next": wish})
        assert (answer.status_code, answer["Location"]) == (302, goes)


def test_the_session_of_before_is_not_the_session_after() -> None:
    staff("vao2", (HOME, "desk_officer"))
    browser = Client()
    session = browser.session
    session["planted"] = "1"
    session.save()
    browser.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    signed_in("vao2", browser)
    assert browser.session.session_key != session.session_key


def test_nobody_signs_up_by_themselves() -> None:
    answer = Client().post("/account/signup/", {"username": "la", "password1": PASSWORD, "password2": PASSWORD})
    assert answer.status_code == 200 and "sessionid" not in answer.cookies
    assert not type(staff("vao3", (HOME, "resident"))).objects.filter(login="la").exists()


@override_settings(AXES_ENABLED=True)
def test_too_many_wrong_passwords_lock_the_page_and_say_what_to_do() -> None:
    staff("vao4", (HOME, "desk_officer"))
    browser = Client()
    for _ in range(settings.AXES_FAILURE_LIMIT + 1):
        answer = browser.post("/account/login/", {"login": "vao4", "password": "sai"})
    text = answer.content.decode()
    assert answer.status_code == 429 and "15 phút" in text and "/sos" in text
    assert browser.post("/account/login/", {"login": "vao4", "password": PASSWORD}).status_code == 429
    staff("vao5", (HOME, "desk_officer"))
    signed_in("vao5")
    elsewhere = Client(headers={"X-Forwarded-For": "192.0.2.7"})
    signed_in("vao4", elsewhere)  # a stranger cannot lock an officer out of the officer's own machine


def test_powerful_roles_get_one_sign_in_of_grace() -> None:
    account = staff("vao6", (HOME, "administrator"), demo=False)
    assert signed_in("vao6").get("/office/").status_code == 200
    second = signed_in("vao6")
    assert second.get("/office/")["Location"] == "/account/2fa/"
    assert second.get("/office/admin/")["Location"] == "/account/2fa/"
    refused = second.get("/api/me")
    assert refused.status_code == 403 and refused.json()["code"] == "second_factor"
    page = second.get("/account/2fa/")
    assert page.status_code == 200 and 'role="alert"' in page.content.decode()
    TOTP.activate(account, generate_totp_secret())
    assert second.get("/office/").status_code == 200


def test_a_second_factor_once_set_up_is_asked_for() -> None:
    account = staff("vao7", (HOME, "desk_officer"))
    TOTP.activate(account, generate_totp_secret())
    browser = Client()
    answer = browser.post("/account/login/", {"login": "vao7", "password": PASSWORD})
    assert answer["Location"].startswith("/account/2fa/authenticate/")
    assert browser.get("/api/me").status_code == 401
    assert browser.post("/account/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert browser.get("/api/me").status_code == 401


@pytest.mark.parametrize(("role", "demo"), [("desk_officer", False), ("administrator", True)])
def test_others_and_sample_accounts_are_not_held_up(role: str, demo: bool) -> None:
    staff("vao8", (HOME, role), demo=demo)
    for _ in range(3):
        assert signed_in("vao8").get("/office/").status_code == 200
    assert "administrator" in SECOND_FACTOR


@pytest.mark.parametrize("path", ["/", "/account/login/"])
def test_pages_load_only_our_own_files(path: str) -> None:
    answer = Client().get(path)
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY" and answer["X-Content-Type-Options"] == "nosniff"
    text = answer.content.decode()
    assert not re.search(r"<script(?![^>]*(src=|application/json))", text), "an inline script would be blocked"
    assert not re.search(r"\son\w+=", text), "an inline handler would be blocked"


def test_vietnamese_first_whatever_the_browser_prefers_and_english_on_request() -> None:
    browser = Client(headers={"Accept-Language": "en-US,en;q=0.9"})
    assert '<html lang="vi">' in browser.get("/account/login/").content.decode()
    browser.post("/account/language", {"language": "en", "next": "/"})
    text = browser.get("/account/login/").content.decode()
    assert '<html lang="en">' in text and "Sign in" in text


def test_ones_own_new_password_is_journalled() -> None:
    account = staff("vao20", (HOME, "desk_officer"))
    browser = signed_in("vao20")
    assert browser.get("/office/admin/password_change/").status_code == 302, "the admin's own page writes no journal"
    answer = browser.post("/account/password/change/", {
        "oldpassword": PASSWORD, "password1": "mot mat khau khac", "password2": "mot mat khau khac"})
    assert answer.status_code == 302
    assert browser.get("/api/me").status_code == 200, "this session goes on"
    with ward_scope([HOME], "test"):
        assert Entry.objects.filter(ward_id=HOME, verb="set_password", subject_id=account.id).count() == 1


def test_a_mailed_link_leads_to_our_own_address(mailoutbox: list[Any]) -> None:
    staff("vao21", (HOME, "desk_officer"))
    Account.objects.filter(login="vao21").update(email="mau@example.invalid")
    ask = {"email": "mau@example.invalid"}
    assert Client().post("/account/password/reset/", ask, headers={"Host": "evil.example"}).status_code == 302
    assert mailoutbox == [], "no mail server is set: nothing is sent, and nothing breaks"
    with override_settings(ENV=dataclasses.replace(settings.ENV, smtp_url="smtp://localhost")):
        assert Client().post("/account/password/reset/", ask, headers={"Host": "evil.example"}).status_code == 302
    assert "/account/password/reset/key/" in mailoutbox[0].body
    assert "evil.example" not in mailoutbox[0].body + mailoutbox[0].subject
