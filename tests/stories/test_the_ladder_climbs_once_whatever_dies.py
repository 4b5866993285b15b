"""Nobody acknowledges: every rung fires, in order, once, although the clock workers are killed again and again."""
from __future__ import annotations

from tests.support.burst import asked, rungs_of
from tests.support.stack import Stack
from tests.support.waiting import wait_until

TOP = [1, 2, 3]
KILLED = ("clocks-1", "clocks-2") * 3


def press(stack: Stack) -> str:
    """A press; its incident."""
    status, answer, _ = stack.press()
    assert status == 201
    return str(answer["incident_id"])


def at_the_top(stack: Stack, ids: list[str]) -> bool:
    """Every one of them has been through all three rungs."""
    return all(rungs[:3] == TOP for rungs in rungs_of(stack, ids).values())


def test_an_acknowledgement_stops_it(hurried: Stack) -> None:
    """Two are pressed, one is acknowledged. When the other – pressed later – is at the top of the ladder, each further rung
    of the first would have been due as well."""
    answered = press(hurried)
    status, _ = hurried.call("POST", f"/api/incidents/{answered}/acknowledge", {}, hurried.token("trucban"))
    assert status == 200
    climbed = rungs_of(hurried, [answered])[answered]
    assert len(climbed) < len(TOP), "acknowledged while there was still something to stop"
    other = press(hurried)
    wait_until(lambda: at_the_top(hurried, [other]), lambda: rungs_of(hurried, [other]))
    assert rungs_of(hurried, [answered])[answered] == climbed


def test_no_rung_lost_none_twice(hurried: Stack) -> None:
    ids: list[str] = []
    for part in (*KILLED, "postgres"):
        some = [press(hurried) for _ in range(6)]
        ids += some
        wait_until(lambda some=some: any(rungs_of(hurried, some).values()), "nobody climbs")  # and are not at the top yet
        hurried.kill(part)
    hurried.wait_ready()
    wait_until(lambda: at_the_top(hurried, ids), lambda: rungs_of(hurried, ids))
    for rungs in rungs_of(hurried, ids).values():
        assert rungs[:3] == TOP
        assert len(rungs) == len(set(rungs)), "a rung fired twice"


def test_without_a_desk_the_first_rung_is_immediate(stack: Stack) -> None:
    """It was due with the press itself, not fifteen seconds later."""
    incident = press(stack)
    wait_until(lambda: rungs_of(stack, [incident])[incident], "nobody was called")
    ((waited,),) = asked(stack, "SELECT extract(epoch FROM (e.facts->>'due_at')::timestamptz - i.received_at)"
                                " FROM journal_entry e JOIN sos_incident i ON i.id = e.subject_id"
                                " WHERE e.verb = 'escalate' AND i.id = %s ORDER BY e.seq LIMIT 1", incident)
    assert 0 <= waited < 1
