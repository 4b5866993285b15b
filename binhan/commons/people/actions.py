"""The only writers of accounts."""
from __future__ import annotations

from typing import Any

from django.db import transaction

from binhan.commons.people.models import Account


def create_account(login: str, display_name: str, password: str | None, **fields: Any) -> Account:
    """A new account. Its rights are granted separately."""
    with transaction.atomic():
        return Account.objects.create_user(login, password, display_name=display_name, **fields)


def set_password(account: Account, password: str) -> None:
    """Replace the password; every session of the account ends."""
    with transaction.atomic():
        account.set_password(password)
        account.save(update_fields=["password"])
