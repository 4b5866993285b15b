"""The only writers of grants and tokens."""
from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from binhan.commons.access.models import ApiToken, Grant
from binhan.commons.access.queries import rights_of, token_hash
from binhan.commons.access.rules import OFFICE, ROLES
from binhan.commons.access.scope import ward_scope
from binhan.commons.journal.actions import JournalRow, append, append_rows
from binhan.commons.people.actions import create_account, set_password, update_account
from binhan.commons.people.models import Account
from binhan.kernel.errors import Problem, forbidden, not_found


def grant_role(ward_id: int, account: Account, role: str, actor: str, valid_to: datetime | None = None) -> Grant:
    """Give a role in a ward; an open grant of the same role is left as it is."""
    if role not in ROLES:
        raise Problem(422, "unknown_role", "Vai trò không có trong danh mục.", "No such role.", roles=list(ROLES))
    with transaction.atomic():
        grant = Grant.objects.filter(ward_id=ward_id, account=account, role=role, valid_to=None).first()
        if grant is None:
            if role in OFFICE and not account.is_staff:
                update_account(account, {"is_staff": True})
            grant = Grant.objects.create(ward_id=ward_id, account=account, role=role, valid_to=valid_to)
            append(JournalRow(ward_id, actor, "grant", "grant", grant.id, {"account": str(account.id), "role": role}))
    return grant


def revoke_grant(grant_id: UUID, actor: str) -> None:
    """End a grant now."""
    with transaction.atomic():
        grant = Grant.objects.select_for_update().filter(id=grant_id).first()
        if grant is None:
            raise not_found("quyền này", "grant")
        grant.valid_to = timezone.now()
        grant.save(update_fields=["valid_to"])
        append(JournalRow(grant.ward_id, actor, "revoke", "grant", grant.id,
                          {"account": str(grant.account_id), "role": grant.role}))


def issue_token(account: Account, name: str, wards: tuple[int, ...], days: int = 90,
                not_after: datetime | None = None, made_with: ApiToken | None = None) -> tuple[ApiToken, str]:
    """A new personal token; the second value is shown once and kept nowhere. `not_after`: when it ends at the latest.
    `made_with`: the token that asks for this one – what a lost token has made ends with it, by its time and when it is
    revoked."""
    if not 1 <= days <= 366:
        raise Problem(422, "bad_expiry", "Hạn dùng từ 1 đến 366 ngày.", "A token lives 1 to 366 days.")
    plain = "ba_" + secrets.token_urlsafe(24)
    ends = [timezone.now() + timedelta(days=days), *([not_after] if not_after else ()),
            *([made_with.expires_at] if made_with else ())]
    with transaction.atomic():
        token = ApiToken.objects.create(account=account, name=name, token_hash=token_hash(plain), expires_at=min(ends),
                                        made_with=made_with)
        for ward_id in wards:
            append(JournalRow(ward_id, account.actor, "issue_token", "token", token.id, {"days": days}))
    return token, plain


def note_token_use(token: ApiToken) -> None:
    """Keep when a token was last used, to the hour: its owner sees which ones nobody needs any more."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > timedelta(hours=1):
        token.last_used_at = now
        token.save(update_fields=["last_used_at"])


def revoke_token(account: Account, token_id: UUID, wards: tuple[int, ...], actor: str | None = None) -> None:
    """End a token at once, and those that were made with it: one's own, or (with `actor`) that of a person of one's
    staff."""
    with transaction.atomic():
        ending = list(ApiToken.objects.filter(id=token_id, account=account, revoked_at=None))
        if not ending:
            raise not_found("mã truy cập này", "token")
        ended: list[UUID] = []
        while ending:
            ended += [t.id for t in ending]
            ending = list(ApiToken.objects.filter(made_with__in=ending, revoked_at=None).exclude(id__in=ended))
        ApiToken.objects.filter(id__in=ended).update(revoked_at=timezone.now())
        append_rows([JournalRow(ward_id, actor or account.actor, "revoke_token", "token", key, {}) for key in ended
                     for ward_id in wards])


def replace_token(account: Account, old: ApiToken, new: ApiToken, wards: tuple[int, ...]) -> None:
    """The new one takes the place of the old: what was made with that ends with the new one now."""
    with transaction.atomic():
        ApiToken.objects.filter(made_with=old).exclude(id=new.id).update(made_with=new)
        ApiToken.objects.filter(id=new.id, made_with=old).update(made_with=old.made_with)
        if old.revoked_at is None:
            revoke_token(account, old.id, wards)


def may_change_staff(account: Account, wards: Iterable[int]) -> bool:
    """True if an administrator of `wards` may change the account: it serves no other ward, and no ward but theirs
    could lose or be taken over through it."""
    return set(rights_of(account).wards) <= set(wards)


def _check_staff(account: Account, wards: Iterable[int]) -> None:
    if not may_change_staff(account, wards):
        raise forbidden("Tài khoản này còn phục vụ phường khác. Hãy nhờ quản trị của cả hai nơi.",
                        "This account also serves other wards.")


def hire_staff(ward_id: int, role: str, actor: str, login: str, display_name: str, password: str,
               **fields: Any) -> Account:
    """A new account with its first role."""
    with transaction.atomic():
        account = create_account(login, display_name, password, **fields)
        append(JournalRow(ward_id, actor, "create", "account", account.id, {}))
        grant_role(ward_id, account, role, actor)
    return account


def change_staff(account: Account, wards: tuple[int, ...], actor: str, changes: Mapping[str, Any]) -> None:
    """Change an account of one's staff; switching it off ends its sessions."""
    if not changes:
        return
    _check_staff(account, wards)
    with transaction.atomic():
        update_account(account, changes)
        for ward_id in rights_of(account).wards or wards:
            append(JournalRow(ward_id, actor, "update", "account", account.id, {"fields": sorted(changes)}))


def set_own_password(account: Account, password: str) -> None:
    """A person's new password for themselves; their other sessions end."""
    mine = rights_of(account)
    with ward_scope(mine.wards, mine.actor):
        set_password(account, password)
        for ward_id in mine.wards:
            append(JournalRow(ward_id, mine.actor, "set_password", "account", account.id, {"own": True}))


def set_staff_password(account: Account, wards: tuple[int, ...], actor: str, password: str) -> None:
    """A new password for a person of one's staff; their sessions end."""
    _check_staff(account, wards)
    with transaction.atomic():
        set_password(account, password)
        for ward_id in rights_of(account).wards or wards:
            append(JournalRow(ward_id, actor, "set_password", "account", account.id, {}))
