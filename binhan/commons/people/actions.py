"""The only writers of accounts."""
from __future__ import annotations

from collections.abc import Mapping
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


def update_account(account: Account, changes: Mapping[str, Any]) -> None:
    """Change columns of an account (not its password). An account that is switched off is refused at its next
    request: every request reads it anew."""
    for name, value in changes.items():
        setattr(account, name, value)
    account.save(update_fields=list(changes))


def count_login_without_factor(account: Account) -> int:
    """One more sign-in of somebody who needs a second factor and has none; answers how many there were."""
    account.logins_without_factor += 1
    account.save(update_fields=["logins_without_factor"])
    return account.logins_without_factor
