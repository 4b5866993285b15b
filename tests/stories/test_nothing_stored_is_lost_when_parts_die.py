"""Whatever is killed in the middle of a burst: every press answered 201 is there afterwards, once."""
from __future__ import annotations

import pytest

from tests.support.burst import burst, count_of
from tests.support.stack import Stack


@pytest.mark.parametrize("part", ["live", "web", "clocks-1", "postgres"])
def test_kill_minus_nine(own_stack: Stack, part: str) -> None:
    result = burst(own_stack, 600, lambda: own_stack.kill(part))
    own_stack.wait_ready()
    assert len(result.stored) >= 600
    assert count_of(own_stack, result.stored) == (len(result.stored), len(result.stored))
    status, _, _ = own_stack.press()
    assert status == 201, "and it goes on"
    assert own_stack.command("verify-journal").returncode == 0


def test_kill_everything_and_start_again(own_stack: Stack) -> None:
    result = burst(own_stack, 600, own_stack.kill_everything, goes_on=False)
    own_stack.start()
    assert len(result.stored) >= 200
    assert count_of(own_stack, result.stored) == (len(result.stored), len(result.stored))
    token = own_stack.token("trucban")
    for press_id in result.stored[:20] + result.stored[-20:]:
        status, incident = own_stack.call("GET", f"/api/incidents/{press_id}", token=token)
        assert (status, incident["id"]) == (200, press_id)
    assert own_stack.command("verify-journal").returncode == 0
