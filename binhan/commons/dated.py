"""Rows that hold from a day until a day (`valid_from`, `valid_to`): which of them hold at a time."""
from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q


def holds(at: datetime | date, prefix: str = "") -> Q:
    """True for rows that hold at `at`: begun, and not ended by then. `prefix`: the way to them from the rows asked for."""
    begun = Q(**{f"{prefix}valid_from__lte": at})
    return begun & (Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gt": at}))
