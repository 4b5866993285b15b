"""Notices a part that lives and does nothing – an endless loop, a stopped process – which its end would never tell.

Each part is asked for what it is for: the public door and Django for an answer over HTTP, whoever works by itself for a
sign of life from its own loop, PostgreSQL for a new session. Asked in threads of their own: the supervisor never waits."""
from __future__ import annotations

import functools
import http.client
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import psycopg

from binhan.run import signs
from binhan.site.environment import Environment

LOOK_EVERY_S = 1.0
HASTE = {"live": 0.5}  # of the time that the others have: every SOS waits behind it
PATIENCE = 0.75  # of its time, for one answer: whoever has much to do is slow, not hung
STOOD_STILL_S = 15.0  # longer than reading the signs of life can take
DATABASE = "postgres"
OTHERS = frozenset({"clocks-1", "clocks-2", "notify"})
Ask = Callable[[], bool]


@dataclass
class Watchdog:
    """What is asked, and when each was last heard. `began` says since when the present process of a part runs."""

    ask: Mapping[str, Ask]  # one question for each part that answers by itself
    beats: Callable[[], Mapping[str, float]]  # seconds since the last sign of life of the others:
    others: frozenset[str]
    hung_after_s: float
    now: Callable[[], float] = time.monotonic
    heard: dict[str, float] = field(default_factory=dict)
    began: dict[str, float] = field(default_factory=dict)
    deaf: bool = False  # the database does not answer: what others write into it says nothing
    looked: float = field(default=float("inf"))

    def hear(self, name: str) -> None:
        """Ask one part that answers by itself."""
        if self.ask[name]():
            self.heard[name] = self.now()

    def hear_the_others(self) -> None:
        """Read the signs of life of those that write them into the database."""
        if self.now() - self.looked > max(self.hung_after_s, STOOD_STILL_S):  # it was we, or the whole machine
            self.began |= dict.fromkeys(self.began, self.now())
        self.looked = self.now()
        try:
            beats = self.beats()
        except psycopg.Error:
            self.deaf = True
            return
        if self.deaf:  # just back: nobody could write meanwhile
            self.deaf = False
            self.began |= dict.fromkeys(self.began, self.now())
        self.heard[DATABASE] = at = self.now()
        self.heard |= {name: at - age for name, age in beats.items() if name in self.others}

    def start(self, name: str) -> None:
        """A new process of that part has begun: it has its time again. Who is never asked is never missed."""
        if name in self.ask or name in self.others or name == DATABASE:
            self.began[name] = self.now()

    def hung(self, name: str) -> bool:
        """Whether it has not answered for too long. While the database is deaf, only it and whoever needs none can be."""
        if name not in self.began or (self.deaf and name != DATABASE and name not in self.ask):
            return False
        silent = self.now() - max(self.began[name], self.heard.get(name, 0.0))
        return silent > self.hung_after_s * HASTE.get(name, 1.0)

    def run(self, stop: threading.Event) -> None:
        """Ask until told to stop. One who is slow to answer must not make another look silent: each has its own thread."""
        def every(ask: Callable[[], None]) -> None:
            while not stop.wait(LOOK_EVERY_S):
                ask()
        for name in self.ask:
            threading.Thread(target=every, args=(functools.partial(self.hear, name),), daemon=True).start()
        every(self.hear_the_others)


def over_http(address: str, within_s: float) -> Ask:
    """Whether /healthz of that address (host:port) answers in time."""
    host, _, port = address.rpartition(":")

    def ask() -> bool:
        connection = http.client.HTTPConnection(host, int(port), timeout=within_s)
        with suppress(OSError, http.client.HTTPException):
            connection.request("GET", "/healthz")
            return connection.getresponse().status in (200, 204)
        connection.close()
        return False
    return ask


def beats_of(env: Environment) -> Callable[[], Mapping[str, float]]:
    """Every sign of life: those in the database, read on a new connection each time, since a server that only keeps old
    sessions up is as good as gone; and those beside it, which need no room."""
    def read() -> Mapping[str, float]:
        with psycopg.connect(env.live_dsn, connect_timeout=5, options="-c statement_timeout=5s") as connection:
            row = connection.execute("SELECT live_heartbeats()").fetchone()
        found, near = {name: float(age) for name, age in (row[0] if row else {}).items()}, signs.ages(env.data_dir)
        return {name: min(age, near.get(name, age)) for name, age in (near | found).items()}
    return read


def watch_over(env: Environment) -> Watchdog:
    """The parts of one installation."""
    host = "127.0.0.1" if env.host in ("0.0.0.0", "") else "::1" if env.host == "::" else env.host
    answering = {"live": f"{host}:{env.port}", "web": env.web_address, "desk": env.desk_address}
    return Watchdog({name: over_http(address, PATIENCE * env.hung_after_s * HASTE.get(name, 1.0))
                     for name, address in answering.items()}, beats_of(env), OTHERS, env.hung_after_s)
