"""Accounts for the tests of access."""
from __future__ import annotations

from django.test import Client

from binhan.commons.access.actions import grant_role, issue_token
from binhan.commons.access.scope import ward_scope
from binhan.commons.people.actions import create_account
from binhan.commons.people.models import Account

HOME, NEXT = 25888, 25891
PASSWORD = "mot mat khau dai"


def staff(login: str, *roles: tuple[int, str], demo: bool = True) -> Account:
    """An account with its roles."""
    account = create_account(login, f"Mẫu {login}", PASSWORD, is_demo=demo)
    with ward_scope({w for w, _ in roles}, "test"):
        for ward, role in roles:
            grant_role(ward, account, role, "test")
    return account


def token(account: Account, *wards: int) -> str:
    """A fresh personal token."""
    with ward_scope(wards, "test"):
        return issue_token(account, "test", tuple(wards))[1]


def caller(account: Account, *wards: int) -> Client:
    """A client that carries a fresh token."""
    return Client(headers={"Authorization": f"Bearer {token(account, *wards)}"})


def signed_in(login: str, client: Client | None = None) -> Client:
    """A browser that has signed in through the page."""
    browser = client or Client()
    answer = browser.post("/account/login/", {"login": login, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return browser
