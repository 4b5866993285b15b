"""The worker that carries messages: claim, send outside of any transaction, settle.

Several are on their way at once, so that a mail server or push service that does not answer keeps no other message
waiting. The senders touch no database: what they need is read before, what came of it is written after.
"""
from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from binhan.commons.access.scope import system_scope
from binhan.commons.notify import email, inapp, webpush
from binhan.commons.notify.actions import Outcome, claim_messages, messages_wait, settle_message
from binhan.commons.notify.models import Message

log = logging.getLogger(__name__)
LANES = 8
Job = Callable[[], Outcome]
JOBS: dict[str, Callable[[Message], Job]] = {"inapp": inapp.job, "webpush": webpush.job, "email": email.job}


class Carrier:
    """Messages on their way, each in a thread of its own."""

    def __init__(self, lanes: int = LANES) -> None:
        self.lanes = lanes
        self.pool = ThreadPoolExecutor(lanes, thread_name_prefix="notify")
        self.flying: dict[Future[Outcome], Message] = {}

    def launch(self) -> int:
        """Claim as many as there are free lanes, and send them off; answers how many."""
        if len(self.flying) >= self.lanes or not messages_wait(timezone.now()):
            return 0
        with system_scope("notify"):
            ready = [(row, _job(row)) for row in claim_messages(self.lanes - len(self.flying))]
        for row, job in ready:
            self.flying[self.pool.submit(_try, job)] = row
        return len(ready)

    def land(self, patience_s: float) -> None:
        """Settle what has arrived, waiting a while for the first. An outcome is kept until it is written."""
        for done in wait(self.flying, patience_s, FIRST_COMPLETED).done:
            with system_scope("notify"):
                settle_message(self.flying[done], done.result())
            del self.flying[done]


def _job(message: Message) -> Job:
    """What is to be done for one message; one that cannot even be prepared stops nobody else's."""
    try:
        return JOBS[message.channel](message)
    except (KeyError, ValueError) as error:
        fault = f"cannot be made: {error!r}"
        return lambda: Outcome(False, fault, permanent=True)


def _try(job: Job) -> Outcome:
    try:
        return job()
    except Exception as error:  # noqa: BLE001 - whatever one address causes must not end the carrier for all
        log.exception("a message could not be sent")
        return Outcome(False, repr(error))


def carry_once() -> int:
    """Claim what is due, send it and wait for what comes of it; answers how many were tried."""
    carrier = Carrier()
    tried = carrier.launch()
    while carrier.flying:
        carrier.land(30)
    carrier.pool.shutdown()
    return tried


def run(stop: threading.Event, beat: Callable[[], None]) -> None:
    """Carry messages until told to stop; a database that is away is waited for."""
    carrier, beaten = Carrier(), float("-inf")
    while not stop.is_set():
        try:
            if time.monotonic() - beaten > 2:
                beat()
                beaten = time.monotonic()
            launched = carrier.launch()
            carrier.land(0.25)
        except DatabaseError as error:
            log.warning("database away: %s", error)
            close_old_connections()
            stop.wait(1.0)
            continue
        if not launched and not carrier.flying:
            stop.wait(0.25)
    carrier.pool.shutdown(wait=False, cancel_futures=True)
