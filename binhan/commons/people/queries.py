"""Names for actors, as screens and messages show them."""
from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from binhan.commons.people.models import Account

FIXED = {"resident": "người báo", "clock": "đồng hồ hệ thống", "system": "hệ thống"}


def display_name(actor: str) -> str:
    """The name of one journal actor ('account:<uuid>', 'clock', …)."""
    return display_names([actor])[actor]


def display_names(actors: Iterable[str]) -> dict[str, str]:
    """Names of many actors (1 query)."""
    wanted = set(actors)
    ids = {a: UUID(a.split(":", 1)[1]) for a in wanted if a.startswith("account:")}
    names = dict(Account.objects.filter(id__in=ids.values()).values_list("id", "display_name"))
    return {a: FIXED.get(a) or names.get(ids.get(a, UUID(int=0)), a) for a in wanted}
