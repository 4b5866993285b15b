"""Shared commits: one batch per commit in flight, each row its own answer, a bad row refused alone."""
from __future__ import annotations

import asyncio
import json
from types import SimpleNamespace
from typing import Any

import asyncpg
import pytest

from binhan.kernel.errors import Problem
from binhan.live import commits, held
from binhan.live.commits import MANY, Batching, SharedCommits
from binhan.live.store import away
from tests.support.turns import all_quiet, turn_until


class Database:
    """Stands in for `Store`: keeps what was asked, fails where told."""

    def __init__(self) -> None:
        self.batches: list[list[Any]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.broken: Exception | None = None
        self.locked: set[str] = set()  # wards whose journal somebody holds
        self.tells = True  # which they are

    async def call(self, sql: str, asked: Any, **_: Any) -> Any:
        """Answer each row by itself; refuse a batch that has a bad row; give up one of a ward that somebody holds."""
        if "held" in sql:
            return {ward: ward for ward in asked if ward in self.locked} if self.tells else {}
        rows = json.loads(asked)
        self.batches.append(rows)
        await self.gate.wait()
        if self.broken is not None:
            raise self.broken
        if any(r.get("ward") in self.locked for r in rows):
            raise asyncpg.LockNotAvailableError("held")
        if any(r.get("bad") for r in rows):
            raise asyncpg.DataError("bad row")
        return [{"n": r["n"]} for r in rows]


async def writing(database: Database, workers: int = 1, **more: Any) -> SharedCommits:
    """A running writer."""
    writer = SharedCommits(database, "f", Batching(workers, **more), held="held")  # type: ignore[arg-type]
    writer.start()
    await all_quiet()
    return writer


@pytest.fixture(autouse=True)
def _a_slow_machine_is_not_a_stuck_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commits, "STUCK_S", 60)


def run(job: Any) -> Any:
    """Run it, but not for ever."""
    return asyncio.run(asyncio.wait_for(job, 10))


def test_what_arrives_during_a_commit_is_the_next_batch() -> None:
    async def job() -> None:
        database = Database()
        writer = await writing(database)
        database.gate.clear()
        waiting = [asyncio.ensure_future(writer.put({"n": 0}))]
        await all_quiet()
        waiting += [asyncio.ensure_future(writer.put({"n": n})) for n in range(1, 6)]
        await all_quiet()
        assert [len(b) for b in database.batches] == [1]  # idle: no waiting for company
        database.gate.set()
        assert [a["n"] for a in await asyncio.gather(*waiting)] == [0, 1, 2, 3, 4, 5]
        assert [len(b) for b in database.batches] == [1, 5]
        await writer.stop()
    run(job())


def test_those_who_come_back_after_a_commit_leave_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first of them must not fly alone and cost all the others one more flush."""
    hands = [0.0]
    monkeypatch.setattr(commits, "time", SimpleNamespace(monotonic=lambda: hands[0]))
    monkeypatch.setattr(commits, "GATHER_S", 5)  # however slow this machine is, they are back by then

    async def job() -> None:
        database = Database()
        writer = await writing(database)

        async def person(n: int) -> None:
            for _ in range(2):
                await writer.put({"n": n})
                for _ in range(n):  # one answer after another is read, and one after another is back
                    await asyncio.sleep(0)
        database.gate.clear()
        people = [asyncio.ensure_future(person(n)) for n in range(8)]
        await all_quiet()
        hands[0] += 100  # a slow commit
        database.gate.set()
        await asyncio.gather(*people)
        assert [len(b) for b in database.batches] == [8, 8]
        await writer.stop()
    run(job())


def test_a_second_batch_flies_only_when_many_wait() -> None:
    async def job() -> None:
        database = Database()
        writer = await writing(database, workers=2)
        database.gate.clear()
        waiting = [asyncio.ensure_future(writer.put({"n": 0}))]
        await all_quiet()
        for flying in ([1], [1, MANY]):
            waiting += [asyncio.ensure_future(writer.put({"n": n})) for n in range(MANY // 2)]
            await all_quiet()
            assert [len(b) for b in database.batches] == flying
        database.gate.set()
        await asyncio.gather(*waiting)
        await writer.stop()
    run(job())


def test_a_batch_that_is_stuck_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """One ward's journal is held by somebody: the presses of other wards go beside it."""
    monkeypatch.setattr(commits, "STUCK_S", 0)

    async def job() -> None:
        database = Database()
        writer = await writing(database, workers=2)
        database.gate.clear()
        waiting = [asyncio.ensure_future(writer.put({"n": 0}))]
        await all_quiet()
        waiting.append(asyncio.ensure_future(writer.put({"n": 1})))
        await turn_until(lambda: len(database.batches) == 2)
        assert [len(b) for b in database.batches] == [1, 1]
        database.gate.set()
        await asyncio.gather(*waiting)
        assert not writer.stuck
        await writer.stop()
    run(job())


def test_a_bad_row_harms_nobody_else() -> None:
    async def job() -> None:
        database = Database()
        writer = await writing(database)
        rows = [{"n": 1}, {"n": 2, "bad": True}, {"n": 3}, {"n": "\ud800"}]
        found = await asyncio.gather(*[writer.put(r) for r in rows], return_exceptions=True)
        assert [f["n"] if isinstance(f, dict) else f.status for f in found] == [1, 422, 3, 422]  # type: ignore[union-attr]
        await writer.stop()
    run(job())


def test_a_group_is_stored_whole_or_refused_whole() -> None:
    async def job() -> None:
        database = Database()
        writer = await writing(database, batch=4)
        good = writer.put_all([{"n": n} for n in range(6)])  # larger than a batch, still one commit
        bad = writer.put_all([{"n": 7}, {"n": 8, "bad": True}])
        assert [a["n"] for a in await good] == [0, 1, 2, 3, 4, 5]
        with pytest.raises(Problem):
            await bad
        assert await writer.put_all([]) == []
        assert len(database.batches[0]) == 6
        await writer.stop()
    run(job())


def test_when_the_database_is_away_each_is_told() -> None:
    async def job() -> None:
        database = Database()
        writer = await writing(database)
        for broken, status in ((away(), 503), (RuntimeError("?"), 503)):
            database.broken = broken
            found = await asyncio.gather(writer.put({"n": 1}), writer.put({"n": 2}), return_exceptions=True)
            assert [f.status for f in found if isinstance(f, Problem)] == [status, status]
            assert "113" in found[0].vi  # type: ignore[union-attr]
        database.broken = None
        assert (await writer.put({"n": 3}))["n"] == 3  # and the writer lives on
        await writer.stop()
    run(job())


def test_the_queue_has_an_end() -> None:
    async def job() -> None:
        database = Database()
        writer = await writing(database, depth=3)
        database.gate.clear()
        first = asyncio.ensure_future(writer.put({"n": 0}))
        await all_quiet()
        held = [asyncio.ensure_future(writer.put({"n": n})) for n in range(3)]
        await all_quiet()
        with pytest.raises(Problem) as caught:
            await writer.put({"n": 9})
        assert caught.value.status == 503
        database.gate.set()
        await asyncio.gather(first, *held)
        assert (await writer.put({"n": 10}))["n"] == 10
        await writer.stop()
    run(job())


def test_stopping_leaves_nobody_waiting() -> None:
    async def job() -> None:
        database = Database()
        writer = await writing(database)
        database.gate.clear()
        flying = asyncio.ensure_future(writer.put({"n": 0}))
        await all_quiet()
        waiting = asyncio.ensure_future(writer.put({"n": 1}))
        await all_quiet()
        await writer.stop()
        found = await asyncio.gather(flying, waiting, return_exceptions=True)
        assert [f.status for f in found if isinstance(f, Problem)] == [503, 503]
    run(job())


def of_ward(writer: SharedCommits, ward: str, n: int) -> asyncio.Future[Any]:
    """A row of that ward, on its way."""
    return writer.put_all([{"n": n, "ward": ward}], ward)


@pytest.mark.parametrize("tells", [True, False])
def test_a_ward_that_somebody_holds_waits_alone(monkeypatch: pytest.MonkeyPatch, tells: bool) -> None:
    """Also where the database cannot say which it is: then it is found by halves."""
    monkeypatch.setattr(held, "AGAIN_S", 0)

    async def job() -> None:
        database = Database()
        database.locked, database.tells = {"B"}, tells
        writer = await writing(database)
        waits = [of_ward(writer, "B", n) for n in (1, 2)]
        goes = [of_ward(writer, ward, n) for n, ward in enumerate("ACADA", 3)]
        assert [answer[0]["n"] for answer in await asyncio.gather(*goes)] == [3, 4, 5, 6, 7]
        late = of_ward(writer, "B", 8)
        more = of_ward(writer, "C", 9)
        assert (await more)[0]["n"] == 9, "who comes later is not held up either"
        assert not any(f.done() for f in (*waits, late))
        database.locked = set()
        assert [answer[0]["n"] for answer in await asyncio.gather(*waits, late)] == [1, 2, 8]
        await turn_until(lambda: not writer.back.lanes and not writer.back.lane_of)
        await writer.stop()
    run(job())


def test_the_queue_has_an_end_for_a_held_ward_too() -> None:
    async def job() -> None:
        database = Database()
        database.locked = {"B"}
        writer = await writing(database, depth=3)
        waits = [of_ward(writer, "B", 1)]
        await turn_until(lambda: writer.back.lanes)
        waits += [of_ward(writer, "B", n) for n in (2, 3)]
        with pytest.raises(Problem, match="not_stored"):
            of_ward(writer, "B", 4)
        database.locked = set()
        assert len(await asyncio.gather(*waits)) == 3
        await turn_until(lambda: not writer.back.rows)
        await writer.stop()
    run(job())


def test_a_ward_that_is_held_for_too_long_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held, "AGAIN_S", 0)
    monkeypatch.setattr(held, "PATIENCE_S", 0)

    async def job() -> None:
        database = Database()
        database.locked = {"B"}
        writer = await writing(database)
        with pytest.raises(Problem, match="not_stored"):
            await of_ward(writer, "B", 1)
        await turn_until(lambda: not writer.back.lanes)
        await writer.stop()
    run(job())


def test_stopping_tells_those_too_who_are_held_back() -> None:
    async def job() -> None:
        database = Database()
        database.locked = {"B"}
        writer = await writing(database)
        waits = of_ward(writer, "B", 1)
        await turn_until(lambda: writer.back.lanes)
        await writer.stop()
        with pytest.raises(Problem, match="not_stored"):
            await waits
    run(job())
