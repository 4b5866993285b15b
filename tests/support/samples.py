"""One row for any table of ours, made from its model: what a column may hold is read there, not listed here."""
from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import CheckConstraint, Field, Model, Q
from django.utils import timezone
from psycopg import sql

from binhan.kernel.ids import new_id

# By the kind of column, where neither a default, nor a choice, nor a constraint says what fits.
BY_TYPE: dict[str, Any] = {
    "UUIDField": new_id, "TextField": "x", "CharField": "x", "IntegerField": 1, "SmallIntegerField": 1,
    "BigIntegerField": 1, "FloatField": 1.0, "BooleanField": False, "DateTimeField": timezone.now,
    "DateField": timezone.localdate, "TimeField": "08:00", "JSONField": dict, "BinaryField": b"\0",
    "ForeignKey": new_id, "ArrayField": list}
BY_NAME: dict[str, Any] = {"lat": 11.0, "lon": 107.0, "to_time": "09:00",
                           "due_at": lambda: timezone.now() + timedelta(days=1)}  # no clock rings meanwhile
# Constraints over more than one column, forms of codes, and a message that no carrier takes.
EXACT: dict[tuple[str, str], Any] = {
    ("casework_priority", "area_id"): new_id, ("casework_issue", "visit_id"): new_id, ("casework_visit", "outcome"): "met",
    ("places_place", "code"): "LAW-TEST", ("notify_message", "state"): "failed"}


def model_of(table: str) -> type[Model]:
    """The model whose rows a table holds."""
    return next(m for m in apps.get_models() if m._meta.db_table == table)


def sample(table: str, ward: int, **columns: Any) -> tuple[sql.Composed, list[Any]]:
    """(INSERT statement, its values) of one row of that ward; `columns` go before what is made up."""
    model = model_of(table)
    exact = {column: value for (name, column), value in EXACT.items() if name == table}
    given = {str(f.column): _value(model, f) for f in model._meta.concrete_fields
             if not (f.null or _by_database(f)) or f.column in exact}
    given |= {column: _made(value) for column, value in exact.items()} | {"ward_id": ward} | columns
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, given)),
        sql.SQL(", ").join([sql.Placeholder()] * len(given)))
    return statement, list(given.values())


def _by_database(field: Field[Any, Any]) -> bool:
    """The database itself numbers it."""
    return field.get_internal_type() in ("AutoField", "BigAutoField", "SmallAutoField")


def _value(model: type[Model], field: Field[Any, Any]) -> Any:
    allowed = _allowed(model, field.name)
    if field.has_default():
        value = field.get_default()
    elif field.choices or allowed:
        value = [code for code, _ in field.flatchoices][0] if field.choices else allowed[0]
    else:
        value = _made(BY_NAME.get(field.name, BY_TYPE[field.get_internal_type()]))
    if field.is_relation:
        return value
    return field.get_db_prep_save(value, connection)


def _made(value: Any) -> Any:
    return value() if callable(value) else value


def _allowed(model: type[Model], name: str) -> list[Any]:
    """What a constraint `name IN (…)` lists."""
    for constraint in model._meta.constraints:
        if isinstance(constraint, CheckConstraint) and isinstance(constraint.condition, Q):
            for child in constraint.condition.children:
                if isinstance(child, tuple) and child[0] == f"{name}__in" and len(constraint.condition.children) == 1:
                    return list(child[1])
    return []
