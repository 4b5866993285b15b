"""Nobody acknowledges: every rung fires, in order, once, although the clock workers are killed again and again."""
from __future__ import annotations

import time

from tests.support.burst import quick_ladder, rungs_of
from tests.support.stack import Stack


def test_no_rung_lost_none_twice(own_stack: Stack) -> None:
    quick_ladder(own_stack)
    ids = []
    for n in range(40):
        status, _, body = own_stack.press()
        assert status == 201
        ids.append(body["press_id"])
        if n % 10 == 5:
            own_stack.kill("clocks-1")
        if n % 10 == 9:
            own_stack.kill("clocks-2")
    for part in ("clocks-1", "clocks-2", "postgres"):
        time.sleep(0.6)
        own_stack.kill(part)
    own_stack.wait_ready()
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and any(r[:3] != [1, 2, 3] for r in rungs_of(own_stack, ids).values()):
        time.sleep(0.5)
    for rungs in rungs_of(own_stack, ids).values():
        assert rungs[:3] == [1, 2, 3]
        assert len(rungs) == len(set(rungs)), "a rung fired twice"


def test_an_acknowledgement_stops_it(stack: Stack) -> None:
    status, answer, _ = stack.press()
    assert status == 201
    token = stack.token("trucban")
    assert stack.call("POST", f"/api/incidents/{answer['incident_id']}/acknowledge", {}, token)[0] == 200
    before = rungs_of(stack, [answer["incident_id"]])
    time.sleep(2)
    assert rungs_of(stack, [answer["incident_id"]]) == before


def test_without_a_desk_the_first_rung_is_immediate(stack: Stack) -> None:
    status, answer, _ = stack.press()
    assert status == 201
    time.sleep(1.0)
    assert rungs_of(stack, [answer["incident_id"]])[answer["incident_id"]][:1] == [1]
