"""kill -9 of the process that all parts come from: they run on, presses are stored, and what dies next comes back."""
from __future__ import annotations

import os
import signal

import pytest

from tests.support.burst import burst, count_of
from tests.support.stack import PARTS, Stack
from tests.support.waiting import wait_until

OURS = tuple(part for part in PARTS if part != "postgres")


def until_new(stack: Stack, part: str, before: int, patience_s: float = 30) -> None:
    """Until another process has taken the part over."""
    wait_until(lambda: stack.pid(part) != before, f"{part} is still {before}", patience_s, every_s=0.02)


def test_parts_run_on_and_the_next_one_forks(own_stack: Stack) -> None:
    before = {part: own_stack.pid(part) for part in (*OURS, "forkserver")}
    own_stack.kill("forkserver")
    assert own_stack.press()[0] == 201, "at once"
    until_new(own_stack, "forkserver", before["forkserver"])
    assert {part: own_stack.pid(part) for part in OURS} == {part: before[part] for part in OURS}
    for part in OURS:
        own_stack.kill(part)
        until_new(own_stack, part, before[part])
    own_stack.wait_ready()
    assert own_stack.press()[0] == 201


@pytest.mark.parametrize("part", OURS)
def test_killed_together_with_a_part_while_people_press(own_stack: Stack, part: str) -> None:
    def kill() -> None:
        before = own_stack.pid("forkserver")
        for name in ("forkserver", part):
            os.kill(own_stack.pid(name), signal.SIGKILL)
        until_new(own_stack, "forkserver", before)
        own_stack.kill("forkserver")  # again, while it loads
    result = burst(own_stack, 150, kill)
    own_stack.wait_ready()
    assert len(result.stored) > 50
    assert count_of(own_stack, result.stored) == (len(result.stored), len(result.stored))
    assert own_stack.press()[0] == 201
    assert own_stack.command("verify-journal").returncode == 0
