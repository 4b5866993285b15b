"""Many people press at once while something breaks; every answer is kept."""
from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import psycopg

from binhan.site.environment import load
from tests.support.stack import Stack
from tests.support.waiting import wait_until


@dataclass
class Burst:
    """The presses that were answered 201, and what else came back."""

    stored: list[str] = field(default_factory=list)
    refused: list[Any] = field(default_factory=list)


def burst(stack: Stack, wanted: int, meanwhile: Callable[[], None] | None = None, goes_on: bool = True,
          people: int = 12) -> Burst:
    """`people` press again and again until `wanted` presses are stored; `meanwhile` is called when a third of them are.
    Where nothing `goes_on` after that, it ends there."""
    result = Burst()
    lock, done = threading.Lock(), threading.Event()

    def person() -> None:
        while not done.is_set():
            try:
                status, answer, body = stack.press()
            except OSError as error:  # the connection broke: unknown whether stored, so nothing was promised
                status, answer, body = 0, str(error), {}
                done.wait(0.05)
            with lock:
                (result.stored if status == 201 else result.refused).append(
                    body["press_id"] if status == 201 else (status, answer))
    threads = [threading.Thread(target=person) for _ in range(people)]
    for thread in threads:
        thread.start()
    try:
        for enough, act in ((wanted // 3, meanwhile), (wanted if goes_on else 0, None)):
            wait_until(lambda enough=enough: len(result.stored) >= enough,
                       lambda enough=enough: f"{len(result.stored)} of {enough}, then {result.refused[-3:]}", 120)
            if act is not None:
                act()
    finally:
        done.set()
        for thread in threads:
            thread.join()
    return result


def owner(stack: Stack) -> psycopg.Connection[Any]:
    """The stack's database as its owner. One that was just killed is waited for: its last sessions may still say ready."""
    env = load({"BINHAN_DATA_DIR": str(stack.folder), "BINHAN_PORT": str(stack.port)})
    said = [""]

    def connected() -> psycopg.Connection[Any] | None:
        try:
            return psycopg.connect(env.owner_dsn, autocommit=True)
        except psycopg.OperationalError as error:
            said[0] = str(error)
            return None
    return wait_until(connected, lambda: said[0])


def asked(stack: Stack, query: str, *values: Any) -> list[tuple[Any, ...]]:
    """All rows of a query, as the database's owner."""
    with owner(stack) as connection:
        return connection.execute(query.encode(), values).fetchall()


def quick_ladder(stack: Stack, wards: Sequence[int] = (25888,), channels: Sequence[str] = ("inapp",)) -> None:
    """A ladder of 1, 2 and 3 seconds for these wards, so that a story need not wait a minute."""
    with owner(stack) as connection:
        connection.execute("DELETE FROM sos_rung WHERE ward_id = ANY (%s)", [list(wards)])
        for ward, rung in product(wards, (1, 2, 3)):
            connection.execute(
                "INSERT INTO sos_rung (ward_id, rung, after_s, audience, channels, valid_from, source)"
                " VALUES (%s, %s, %s, '{second_seat}', %s, now() - interval '1 day', 'test')",
                [ward, rung, rung, list(channels)])


def rungs_of(stack: Stack, ids: list[str]) -> dict[str, list[int]]:
    """The rungs that fired, per incident, in the order of the journal."""
    found: dict[str, list[int]] = {i: [] for i in ids}
    with owner(stack) as connection:
        for subject, rung in connection.execute(
                "SELECT subject_id::text, (facts->>'rung')::int FROM journal_entry WHERE verb = 'escalate'"
                " AND subject_id = ANY(%s::uuid[]) ORDER BY seq", [ids]).fetchall():
            found[subject].append(rung)
    return found


def count_of(stack: Stack, ids: list[str]) -> tuple[int, int]:
    """(presses, incidents) of these ids in the database."""
    with owner(stack) as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM sos_press WHERE press_id = ANY(%s::uuid[])),"
            " (SELECT count(*) FROM sos_incident WHERE id = ANY(%s::uuid[]))", [ids, ids]).fetchone()
    assert row is not None
    return int(row[0]), int(row[1])
