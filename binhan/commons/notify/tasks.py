"""The worker that carries messages: claim, send outside of any transaction, settle.

Hundreds are on their way at once, each given up when its time is over, so that a push service or mail server that does not
answer keeps no other message waiting; each channel has lanes of its own. The senders run on a loop in a thread of their own
and touch no database: what they need is read before, what came of it is written after, many at a time.
"""
from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass

from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from binhan.commons.access.scope import system_scope
from binhan.commons.notify import email, webpush
from binhan.commons.notify.actions import claim_messages, messages_wait, settle_messages
from binhan.commons.notify.models import Message
from binhan.commons.notify.rules import Job, Outcome

log = logging.getLogger(__name__)
LAST_S = 2.0  # when told to stop
GATHER_S = 0.02  # what arrives within a moment of each other is written together


@dataclass(frozen=True, slots=True)
class Channel:
    """How many of its messages are on their way at once, how many of these to one account, and how they are made."""

    name: str
    lanes: int
    each: int
    jobs: Callable[[Sequence[Message]], list[Job]]


CHANNELS = (Channel("webpush", 256, 4, webpush.jobs), Channel("email", 4, 1, email.jobs))


class Carrier:
    """Messages on their way."""

    def __init__(self, channels: Sequence[Channel] = CHANNELS) -> None:
        self.channels = channels
        self.flying: dict[Future[Outcome], Message] = {}
        self.loop = asyncio.new_event_loop()
        self.loop.set_default_executor(ThreadPoolExecutor(64, thread_name_prefix="names"))  # a name may take long to find
        threading.Thread(target=self.loop.run_forever, name="notify", daemon=True).start()

    def launch(self) -> int:
        """Claim as many as there are free lanes, and send them off; answers how many."""
        if not messages_wait(timezone.now()):
            return 0
        return sum(map(self._launch, self.channels))

    def _launch(self, channel: Channel) -> int:
        busy = [row.account_id for row in self.flying.values() if row.channel == channel.name]
        if len(busy) >= channel.lanes:
            return 0
        with system_scope("notify"):
            claimed = claim_messages(channel.name, channel.lanes - len(busy), channel.each, busy)
            under_way = {row.id for row in self.flying.values()}  # one whose outcome could not be written yet
            ready = [row for row in claimed if row.state == "queued" and row.id not in under_way]
            jobs = channel.jobs(ready)
        for row, job in zip(ready, jobs, strict=True):
            self.flying[asyncio.run_coroutine_threadsafe(_try(job), self.loop)] = row
        return len(claimed)

    def land(self, patience_s: float) -> None:
        """Settle what has arrived, waiting a while for the first. An outcome is kept until it is written."""
        if not self.flying or not wait(self.flying, patience_s, FIRST_COMPLETED).done:
            return
        done = wait(self.flying, GATHER_S).done
        with system_scope("notify"):
            settle_messages([(self.flying[one], one.result()) for one in done])
        for one in done:
            del self.flying[one]

    def close(self) -> None:
        """No more: what is still on its way comes back by itself, to the next carrier."""
        self.loop.call_soon_threadsafe(self.loop.stop)


async def _try(job: Job) -> Outcome:
    try:
        return await job()
    except Exception as error:  # noqa: BLE001 - whatever one address causes must not end the carrier for all
        log.exception("a message could not be sent")
        return Outcome(False, repr(error))


def carry_once(channels: Sequence[Channel] = CHANNELS) -> int:
    """Claim what is due, send it and wait for what comes of it; answers how many were tried."""
    carrier = Carrier(channels)
    tried = carrier.launch()
    while carrier.flying:
        carrier.land(30)
    carrier.close()
    return tried


def run(stop: threading.Event, beat: Callable[[], None]) -> None:
    """Carry messages until told to stop; a database that is away is waited for."""
    carrier, beaten = Carrier(), float("-inf")
    while not stop.is_set():
        try:
            if time.monotonic() - beaten > 2:
                beat()
                beaten = time.monotonic()
            carrier.land(0)
            launched = carrier.launch()
            carrier.land(0.25)
        except DatabaseError as error:
            log.warning("database away: %s", error)
            close_old_connections()
            stop.wait(1.0)
            continue
        if not launched and not carrier.flying:
            stop.wait(0.25)
    with suppress(DatabaseError):  # what is on its way may arrive; what does not comes back by itself
        until = time.monotonic() + LAST_S
        while carrier.flying and time.monotonic() < until:
            carrier.land(0.25)
    carrier.close()
