"""What the database knows of its own tables. It looks by itself only minutes after they were filled, and until then asks
for a hundred thousand rows in the way that was right for ten."""
from __future__ import annotations

from functools import partial

from django.db import connection, transaction
from django.db.models import Model

MANY = 1000  # rows written at once; fewer change no plan worth a look


def refresh_statistics(*written: tuple[type[Model], int]) -> None:
    """So many rows were written to these tables, in this transaction: where they are many, the database looks at the table
    again after the commit (1 query). Should that fail, it is logged and no more: what was written is written."""
    if tables := sorted({model._meta.db_table for model, rows in written if rows > MANY}):
        transaction.on_commit(partial(_look, tables), robust=True)


def _look(tables: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_analyze(%s)", [tables])
