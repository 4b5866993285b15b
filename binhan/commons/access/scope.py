"""The tenancy of a transaction: which wards it may touch, and who is acting."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def ward_scope(wards: Iterable[int], actor: str) -> Iterator[None]:
    """A transaction whose rows are those of `wards`; row-level security does the rest."""
    with transaction.atomic():
        set_scope(wards, actor)
        yield


def set_scope(wards: Iterable[int], actor: str) -> None:
    """Set the scope of the transaction that is open now (it ends with it)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('binhan.wards', %s, true), set_config('binhan.actor', %s, true)",
                       ["{" + ",".join(str(int(w)) for w in wards) + "}", actor])


def may_think(seconds: int = 300) -> None:
    """The transaction that is open now may stand still for so long: it works out a hundred thousand rows between two
    statements, and nobody waits for it. Appending to the journal takes that back (1 query)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('idle_in_transaction_session_timeout', %s, true)", [f"{seconds}s"])


@contextmanager
def system_scope(actor: str = "system") -> Iterator[None]:
    """A transaction over every served ward, for workers and the command line."""
    with transaction.atomic():
        set_system_scope(actor)
        yield


def set_system_scope(actor: str) -> None:
    """As set_scope, with every served ward (1 query)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('binhan.wards', access_served_wards()::text, true),"
                       " set_config('binhan.actor', %s, true)", [actor])


def served_wards() -> list[int]:
    """The wards that this installation serves (1 query)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_served_wards()")
        return list(cursor.fetchone()[0])
