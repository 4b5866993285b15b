"""Pages of a list that may grow while somebody turns them: each begins after the last row of the one before, wherever that
row is by now. Nothing comes twice, nothing is left out, and the thousandth page costs what the first does."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from binhan.kernel.cursors import as_cursor, bad_cursor, from_cursor

M = TypeVar("M", bound=Model)


class Key(NamedTuple):
    """A column that orders a list, and how its value is read from a cursor again. One that runs down has no nulls; in one
    that runs up they come last, if it is `nullable`."""

    name: str
    read: Callable[[Any], Any]
    down: bool = False
    nullable: bool = False


def text(value: Any) -> str:
    """A text of a cursor; raises ValueError for what no text of the database can be."""
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError(value)
    return value


def whole(value: Any) -> int:
    """A number of a cursor; raises ValueError for what is none that a column holds."""
    if type(value) is not int or not -2**31 <= value < 2**31:
        raise ValueError(value)
    return value


def moment(value: Any) -> datetime:
    """A time of a cursor; raises ValueError for one without its zone."""
    found = datetime.fromisoformat(text(value))
    if found.tzinfo is None:
        raise ValueError(value)
    return found


def day(value: Any) -> date:
    """A day of a cursor; raises ValueError for what is none."""
    return date.fromisoformat(text(value))


def key_id(value: Any) -> UUID:
    """An id of a cursor; raises ValueError for what is none."""
    return UUID(text(value))


BY_ID = Key("id", key_id)


def page_after(rows: QuerySet[M], keys: Sequence[Key], size: int, cursor: str = "") -> tuple[list[M], str]:
    """The rows of a page in the order of the keys, the last of which is the id, and the cursor of the next page, "" at the
    end (1 query). Raises a 422 Problem for a cursor that is none of this list."""
    values = values_of(keys, from_cursor(cursor, len(keys))) if cursor else None
    found = list(rows_after(rows, keys, values)[:size + 1])
    return found[:size], cursor_of(keys, found[size - 1]) if len(found) > size else ""


def rows_after(rows: QuerySet[M], keys: Sequence[Key], values: Sequence[Any] | None) -> QuerySet[M]:
    """The rows in the order of the keys; with `values` those after the row that has them."""
    ordered = rows.order_by(*(f"-{key.name}" if key.down else key.name for key in keys))
    return ordered if values is None else ordered.filter(after(keys, values))


def cursor_of(keys: Sequence[Key], row: Model) -> str:
    """The cursor of what comes after the row."""
    return as_cursor(*(getattr(row, key.name) for key in keys))


def values_of(keys: Sequence[Key], parts: Sequence[Any]) -> list[Any]:
    """The values of a cursor's parts; raises a 422 Problem where one cannot be."""
    try:
        return [None if part is None and key.nullable else key.read(part) for key, part in zip(keys, parts, strict=True)]
    except ValueError:
        raise bad_cursor() from None


def after(keys: Sequence[Key], values: Sequence[Any]) -> Q:
    """Whether a row comes after the one with these values."""
    found: Q | None = None
    for key, value in reversed(list(zip(keys, values, strict=True))):
        further = _further(key, value)
        same = Q(**{f"{key.name}__isnull": True}) if value is None else Q(**{key.name: value})
        found = further if found is None else (same & found if value is None else further | same & found)
    assert found is not None
    first, begin = keys[0], values[0]
    if first.nullable:
        return found
    return found & Q(**{f"{first.name}__{'lte' if first.down else 'gte'}": begin})  # where an index is entered


def _further(key: Key, value: Any) -> Q:
    """Whether a row's value alone puts it behind: nothing lies behind null."""
    if value is None:
        return Q(pk__in=[])
    beyond = Q(**{f"{key.name}__{'lt' if key.down else 'gt'}": value})
    return beyond | Q(**{f"{key.name}__isnull": True}) if key.nullable else beyond
