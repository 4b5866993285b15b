"""Who somebody is to this system: the account, its wards and roles, now."""
from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from binhan.commons.access.models import ApiToken, Grant
from binhan.commons.access.rules import OFFICE
from binhan.commons.access.scope import served_wards
from binhan.commons.context import purposes
from binhan.commons.dated import holds
from binhan.commons.people.models import Account
from binhan.kernel.errors import Problem, forbidden


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
        return not purposes()[purpose].isdisjoint(self.roles.get(ward_id, frozenset()))

    def wards_for(self, purpose: str) -> tuple[int, ...]:
        """The wards in which a role is for that purpose."""
        return tuple(w for w in self.wards if self.may(purpose, w))


def only_ward(rights: Rights, purpose: str, asked: int | None) -> int:
    """The ward that a program means: the one it asked for, or the only one in which the caller has a role for the purpose;
    raises a 422 Problem where there are several, 403 where there is none. What the caller may do in a ward they asked for
    is for the reader of that ward to check."""
    wards = rights.wards_for(purpose)
    if asked is None and len(wards) > 1:
        raise Problem(422, "which_ward", "Hãy nêu phường: ?ward=MÃ.", "Name the ward: ?ward=CODE.", wards=list(wards))
    return first_ward(rights, purpose, asked)


def first_ward(rights: Rights, purpose: str, asked: int | None) -> int:
    """The ward that a screen means: the one it asked for, or the first in which the caller has a role for the purpose;
    raises a 403 Problem where there is none. As with only_ward, what was asked for is still to be checked."""
    wards = rights.wards_for(purpose)
    if asked is None and not wards:
        raise closed_to_role()
    return wards[0] if asked is None else asked


def served_ward(named: str | None) -> int:
    """The ward that a command means: the one named by its code, or the only one served here; raises a 422 Problem that
    names those served (1 query)."""
    served = served_wards()
    if not named and len(served) == 1:
        return served[0]
    if named and named.isascii() and named.isdecimal() and int(named) in served:
        return int(named)
    codes = ", ".join(f"{ward:05d}" for ward in served)
    raise Problem(422, "which_ward", f"hãy nêu phường đang phục vụ bằng --ward: {codes}",
                  f"name a served ward with --ward: {codes}", wards=served)


def closed_to_role() -> Problem:
    """403: no role of the caller is for this."""
    return forbidden("Vai trò của bạn không mở được phần này.", "Your role does not open this part.")


def rights_of(account: Account) -> Rights:
    """The account's rights now (1 query)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ward_id, role FROM access_grants_of(%s)", [account.id])
        return _rights(account, cursor.fetchall())


def _rights(account: Account, held: Iterable[tuple[int, str]]) -> Rights:
    roles: dict[int, set[str]] = {}
    for ward_id, role in held:
        roles.setdefault(ward_id, set()).add(role)
    return Rights(account, {w: frozenset(r) for w, r in roles.items()})


def token_hash(token: str) -> bytes:
    """What we keep of a token: 192 random bits need no salt."""
    return hashlib.sha256(token.encode("utf-8")).digest()


@functools.cache
def _entering() -> tuple[str, list[str], list[str]]:
    """The question of enter_by_token, made once: building it would take longer than the database takes to answer it."""
    token, owner = ApiToken._meta.concrete_fields, Account._meta.concrete_fields
    columns = ", ".join([*(f't."{f.column}"' for f in token), *(f'a."{f.column}"' for f in owner)])
    return (f"SELECT access_enter(a.id), {columns} FROM access_api_token t JOIN people_account a ON a.id = t.account_id"
            " WHERE t.token_hash = %s AND t.revoked_at IS NULL AND t.expires_at > %s AND a.is_active",
            [f.attname for f in token], [f.attname for f in owner])


def enter_by_token(token: str) -> tuple[ApiToken, Rights] | None:
    """The personal token with its owner, if it is neither expired nor revoked, and the owner's rights now; the transaction
    that is open becomes the owner's (1 query)."""
    question, of_token, of_owner = _entering()
    with connection.cursor() as cursor:
        cursor.execute(question, [token_hash(token), timezone.now()])
        row = cursor.fetchone()
    if row is None:
        return None
    held, *values = row
    found = ApiToken.from_db(connection.alias, of_token, values[:len(of_token)])
    found.account = Account.from_db(connection.alias, of_owner, values[len(of_token):])
    return found, _rights(found.account, json.loads(held))


def grants_now(ward_id: int, *roles: str) -> QuerySet[Grant]:
    """The ward's grants of these roles that hold now."""
    return Grant.objects.filter(holds(timezone.now()), ward_id=ward_id, role__in=roles)


def areas_as(rights: Rights, ward_id: int, *roles: str) -> frozenset[UUID] | None:
    """The khu phố in which the account holds one of the roles now: None is the whole ward, empty is none (1 query)."""
    areas = list(grants_now(ward_id, *roles).filter(account=rights.account).values_list("area_id", flat=True))
    return None if None in areas else frozenset(a for a in areas if a)


def holders(ward_id: int, *roles: str) -> list[UUID]:
    """The accounts in use that hold one of the roles in the ward now (1 query)."""
    rows = grants_now(ward_id, *roles).filter(account__is_active=True)
    return list(rows.order_by("account_id").values_list("account_id", flat=True).distinct())


def accounts_of_wards(wards: Iterable[int]) -> QuerySet[Account]:
    """The accounts that hold, or held, a role in one of the wards."""
    return Account.objects.filter(Exists(Grant.objects.filter(account=OuterRef("pk"), ward_id__in=list(wards))))


def tokens_of_wards(wards: Iterable[int]) -> QuerySet[ApiToken]:
    """The personal tokens of those accounts."""
    return ApiToken.objects.filter(account__in=accounts_of_wards(wards))
