"""How long a part's own sessions wait for what somebody else holds."""
from __future__ import annotations

from typing import Any

from django.db.backends.signals import connection_created


def wait_at_most(seconds: int) -> None:
    """Every session that this process opens gives up a lock after that."""
    def told(connection: Any, **_: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{seconds}s"])
    connection_created.connect(told, weak=False)
