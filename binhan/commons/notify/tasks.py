"""The worker that carries messages: claim, send outside the transaction, settle."""
from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from django.db import DatabaseError, close_old_connections

from binhan.commons.access.scope import system_scope
from binhan.commons.notify import email, inapp, webpush
from binhan.commons.notify.actions import Outcome, claim_messages, settle_message
from binhan.commons.notify.models import Message

log = logging.getLogger(__name__)
SEND: dict[str, Callable[[Message], Outcome]] = {"inapp": inapp.send, "webpush": webpush.send, "email": email.send}


def carry_once(limit: int = 20) -> int:
    """Claim and send up to `limit` messages; answers how many were tried."""
    with system_scope("notify"):
        rows = claim_messages(limit)
    for row in rows:
        with system_scope("notify"):
            settle_message(row, SEND[row.channel](row))
    return len(rows)


def run(stop: threading.Event, beat: Callable[[], None]) -> None:
    """Carry messages until told to stop; a database that is away is waited for."""
    while not stop.is_set():
        try:
            beat()
            busy = carry_once()
        except DatabaseError as error:
            log.warning("database away: %s", error)
            close_old_connections()
            stop.wait(1.0)
            continue
        if not busy:
            stop.wait(0.25)
