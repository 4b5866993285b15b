"""A part that lives and does nothing is noticed, named, ended and started again; meanwhile presses are stored."""
from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator

import psutil
import pytest

from tests.support.officer import Officer
from tests.support.stack import Stack, new_stack
from tests.support.waiting import wait_until

HUNG_S = 10


@pytest.fixture(scope="module")
def hasty() -> Iterator[Stack]:
    """A system that waits for ten seconds only."""
    running = new_stack(extra={"BINHAN_HUNG_AFTER": str(HUNG_S)}).start()
    yield running
    running.stop()


def stop_all(stack: Stack, part: str) -> int:
    """SIGSTOP of a part with all that it started; its number."""
    head = psutil.Process(stack.pid(part))
    for process in (head, *head.children(recursive=True)):
        os.kill(process.pid, signal.SIGSTOP)
    return head.pid


def replaced(stack: Stack, part: str, old: int) -> bool:
    """Whether another process does its work now."""
    return stack.pid(part) != old and not psutil.pid_exists(old)


def parts(stack: Stack) -> dict[str, bool]:
    """What readiness says of each part."""
    found: dict[str, bool] = stack.call("GET", "/readyz")[1]["parts"]
    return found


def test_all_that_no_press_needs(hasty: Stack) -> None:
    old = {"clocks-2": stop_all(hasty, "clocks-2")}
    wait_until(lambda: parts(hasty)["clocks-2"] is False, "the other sweeper's work hides it")
    assert parts(hasty)["clocks-1"] is True
    old |= {part: stop_all(hasty, part) for part in ("desk", "web", "clocks-1", "notify")}
    assert hasty.press()[0] == 201
    wait_until(lambda: all(replaced(hasty, part, pid) for part, pid in old.items()), "not all were replaced", 60)
    hasty.wait_ready()
    assert hasty.call("GET", "/api/me", token=hasty.token("trucban"))[0] == 200


def test_an_officer_signs_in_while_the_office_hangs(hasty: Stack) -> None:
    """The page, its looks, and the way in: none of it waits for the office."""
    old = stop_all(hasty, "web")
    officer = Officer(hasty, "trucban", "/desk", HUNG_S / 2)
    page = hasty.call("GET", "/account/login/", timeout=HUNG_S / 2, headers={"Content-Type": "text/plain"})[1]
    looks = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert looks
    assert {officer.get(path)[0] for path in looks} == {200}
    assert officer.get("/desk")[0] == 200
    assert officer.get("/api/me")[0] == 200
    assert hasty.pid("web") == old, "all of it while it hung"
    wait_until(lambda: replaced(hasty, "web", old), "it was not replaced", 60)
    hasty.wait_ready()


@pytest.mark.parametrize("part", ["live", "postgres"])
def test_what_every_press_needs(hasty: Stack, part: str) -> None:
    status, before, body = hasty.press()
    assert status == 201
    old = stop_all(hasty, part)
    wait_until(lambda: replaced(hasty, part, old), f"{part} was not replaced", 60)
    hasty.wait_ready()
    assert hasty.press()[0] == 201
    assert hasty.call("POST", "/live/press", body)[:1] == (200,), "and nothing was forgotten"
    assert hasty.call("GET", f"/api/incidents/{before['incident_id']}", token=hasty.token("trucban"))[0] == 200
    assert hasty.command("verify-journal").returncode == 0
