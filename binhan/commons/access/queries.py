"""Who somebody is to this system: the account, its wards and roles, now."""
from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from binhan.commons.access.models import ApiToken, Grant
from binhan.commons.access.rules import OFFICE, serves
from binhan.commons.people.models import Account


@dataclass(frozen=True, slots=True)
class Rights:
    """An account with the roles it holds at this moment, per ward."""

    account: Account
    roles: dict[int, frozenset[str]]

    @property
    def actor(self) -> str:
        """The journal's name for this account."""
        return self.account.actor

    @property
    def wards(self) -> tuple[int, ...]:
        """The wards in which this account holds any role."""
        return tuple(sorted(self.roles))

    @property
    def administered(self) -> tuple[int, ...]:
        """The wards in which this account is an administrator."""
        return tuple(w for w in self.wards if self.has(w, *OFFICE))

    def has(self, ward_id: int, *roles: str) -> bool:
        """True if the account holds one of `roles` in the ward."""
        return bool(self.roles.get(ward_id, frozenset()) & set(roles))

    def may(self, purpose: str, ward_id: int) -> bool:
        """True if a role held in the ward is for that purpose."""
        return any(serves(role, purpose) for role in self.roles.get(ward_id, frozenset()))


def rights_of(account: Account) -> Rights:
    """The account's rights now (1 query)."""
    roles: dict[int, set[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT ward_id, role FROM access_grants_of(%s)", [account.id])
        for ward_id, role in cursor.fetchall():
            roles.setdefault(ward_id, set()).add(role)
    return Rights(account, {w: frozenset(r) for w, r in roles.items()})


def token_hash(token: str) -> bytes:
    """What we keep of a token: 192 random bits need no salt."""
    return hashlib.sha256(token.encode("utf-8")).digest()


def running_token(token: str) -> ApiToken | None:
    """The personal token with its owner, if it is neither expired nor revoked (1 query)."""
    return (ApiToken.objects.select_related("account")
            .filter(token_hash=token_hash(token), revoked_at=None, expires_at__gt=timezone.now(),
                    account__is_active=True).first())


def accounts_of_wards(wards: Iterable[int]) -> QuerySet[Account]:
    """The accounts that hold, or held, a role in one of the wards."""
    return Account.objects.filter(Exists(Grant.objects.filter(account=OuterRef("pk"), ward_id__in=list(wards))))


def tokens_of_wards(wards: Iterable[int]) -> QuerySet[ApiToken]:
    """The personal tokens of those accounts."""
    return ApiToken.objects.filter(account__in=accounts_of_wards(wards))
