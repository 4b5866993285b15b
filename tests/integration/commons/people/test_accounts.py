"""Accounts: made with a hashed password, named for screens in one query, changed column by column."""
from __future__ import annotations

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries

from binhan.commons.people.actions import create_account, set_password, update_account
from binhan.commons.people.models import Account
from binhan.commons.people.queries import display_name, display_names

pytestmark = pytest.mark.django_db


def test_a_login_is_given_once_and_its_password_is_never_kept() -> None:
    account = create_account("mau-nguoi", "Người Mẫu", "mot mat khau dai")
    assert "mot mat khau" not in account.password
    assert account.check_password("mot mat khau dai")
    with pytest.raises(IntegrityError), transaction.atomic():
        create_account("mau-nguoi", "Người Khác", None)


def test_without_a_password_nobody_signs_in_until_one_is_set(rf: RequestFactory) -> None:
    account = create_account("mau-cho", "Mẫu Chờ", None)
    assert not account.has_usable_password()
    set_password(account, "mat khau moi dat")
    kept = Account.objects.get(login="mau-cho")
    assert kept.check_password("mat khau moi dat")
    update_account(kept, {"is_active": False, "display_name": "Mẫu Nghỉ"})
    assert authenticate(rf.get("/"), username="mau-cho", password="mat khau moi dat") is None
    assert str(Account.objects.get(login="mau-cho")) == "Mẫu Nghỉ (mau-cho)"


def test_names_of_many_actors_are_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    one, two = create_account("mau-a", "Mẫu A", None), create_account("mau-b", "Mẫu B", None)
    with django_assert_num_queries(1):
        names = display_names([one.actor, two.actor, "clock", "resident", "unit:gone"])
    assert names == {one.actor: "Mẫu A", two.actor: "Mẫu B", "clock": "đồng hồ hệ thống", "resident": "người báo",
                     "unit:gone": "unit:gone"}
    assert display_name(one.actor) == "Mẫu A"
