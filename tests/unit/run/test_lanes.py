"""How many requests go to a process at once, who goes first, and when somebody is told to come back."""
from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from binhan.kernel.errors import Problem
from binhan.run import lanes
from binhan.run.lanes import Door, Lane, Lanes
from binhan.site.environment import load
from tests.support.turns import all_quiet


def lane(at_once: int = 1, waiting: int = 2, doors: int = 1) -> Lane:
    return Lane(tuple(Door(f"d{n}") for n in range(doors)), at_once, waiting)


async def through(of: Lane, name: str, done: list[str], verb: bool = False) -> None:
    """One request; its name is noted when its turn has come."""
    async with of.turn(verb):
        done.append(name)


@pytest.mark.parametrize(("path", "name"), [
    ("/api/incidents", "desk"), ("/api/incidents/x/acknowledge", "desk"), ("/api/me", "desk"), ("/api/units", "desk"),
    ("/api/notifications/x/receipt", "desk"), ("/account/login/", "sign_in"), ("/api/field/outbox", "office"),
    ("/static/site/office.css", "desk"),
    ("/api/incidentsx", "office"), ("/office/", "office"), ("/", "office"), ("/api", "office")])
def test_what_goes_where(tmp_path: Path, path: str, name: str) -> None:
    every = Lanes(load({"BINHAN_DATA_DIR": str(tmp_path)}))
    assert every.of(path) is getattr(every, name)


def test_no_more_at_once_and_verbs_before_looks() -> None:
    async def job() -> list[str]:
        of, done = lane(), list[str]()
        async with of.turn(verb=False):
            tasks = [asyncio.create_task(through(of, name, done, verb=name.startswith("verb")))
                     for name in ("look", "verb")]
            await all_quiet()
            assert done == []
        await asyncio.gather(*tasks)
        assert of.doors[0].running == 0
        return done
    assert asyncio.run(job()) == ["verb", "look"]


def test_over_the_queue_one_is_told_when_to_come_back() -> None:
    async def job() -> None:
        of, done = lane(waiting=2), list[str]()
        async with of.turn(verb=True):
            tasks = [asyncio.create_task(through(of, str(n), done)) for n in range(2)]
            await all_quiet()
            with pytest.raises(Problem) as told:
                await through(of, "one too many", done)
        assert (told.value.status, told.value.code) == (503, "busy")
        assert 1 <= told.value.extra["retry_after_s"] <= 2 * lanes.LONGEST_S
        await asyncio.gather(*tasks)
        assert sorted(done) == ["0", "1"]
    asyncio.run(job())


def test_who_goes_away_leaves_his_place() -> None:
    async def job() -> None:
        of, done = lane(), list[str]()
        async with of.turn(verb=True):
            gone, stays = (asyncio.create_task(through(of, name, done)) for name in ("gone", "stays"))
            await all_quiet()
            gone.cancel()
            await all_quiet()
        late = asyncio.create_task(through(of, "late", done))
        await asyncio.gather(stays, late)
        assert done == ["stays", "late"]
        assert of.doors[0].running == 0
    asyncio.run(job())


def test_a_turn_that_comes_to_one_who_is_just_going_goes_on() -> None:
    async def job() -> None:
        of, done = lane(), list[str]()
        async with AsyncExitStack() as first:
            await first.enter_async_context(of.turn(verb=True))
            gone, stays = (asyncio.create_task(through(of, name, done)) for name in ("gone", "stays"))
            await all_quiet()
        gone.cancel()  # its turn has come, and it does not know yet
        await asyncio.gather(gone, stays, return_exceptions=True)
        assert done == ["stays"]
        assert of.doors[0].running == 0
    asyncio.run(job())


def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "PATIENCE_S", 0.01)

    async def job() -> None:
        of, done = lane(), list[str]()
        async with of.turn(verb=True):
            with pytest.raises(Problem, match="busy"):
                await through(of, "tired", done)
        assert not of.looks
        await through(of, "next", done)
        assert done == ["next"]
    asyncio.run(job())


def test_the_process_with_the_fewest() -> None:
    async def job() -> list[str]:
        of = lane(at_once=2, doors=2)
        async with of.turn(verb=True) as a, of.turn(verb=True) as b, of.turn(verb=True) as c:
            return [a.address, b.address, c.address]
    assert asyncio.run(job()) == ["d0", "d1", "d0"]
