"""A whole night of one SOS, with the lengths that a ward really has – moved past in the database instead of waited for:
nobody sits at the desk, nobody sends, a unit does not answer. Each time somebody is called, and not before."""
from __future__ import annotations

from typing import Any

import pytest

from tests.support.burst import asked
from tests.support.stack import Stack
from tests.support.virtual_time import pass_time
from tests.support.waiting import wait_until


def journal(stack: Stack, incident: str, *verbs: str) -> list[dict[str, Any]]:
    """What the clock did with an incident and its assignments: the facts of those verbs, in order."""
    return [facts for (facts,) in asked(
        stack, "SELECT facts FROM journal_entry WHERE actor = 'clock' AND verb = ANY(%s) AND (subject_id = %s OR"
        " subject_id IN (SELECT id FROM sos_assignment WHERE incident_id = %s)) ORDER BY seq",
        list(verbs), incident, incident)]


def next_in_s(stack: Stack, incident: str) -> float:
    """In how many seconds the incident's clock rings."""
    ((left,),) = asked(stack, "SELECT extract(epoch FROM due_at - clock_timestamp()) FROM clocks_clock"
                       " WHERE subject_id = %s", incident)
    return float(left)


def test_nobody_acknowledges_nobody_sends_nobody_answers(own_stack: Stack) -> None:
    stack, desk = own_stack, own_stack.token("trucban")
    _, press, _ = stack.press(lat=11.0914, lon=106.799)
    incident = str(press["incident_id"])

    def calls() -> int:
        return len(journal(stack, incident, "escalate", "remind"))

    def rings(after_s: float, at: int) -> None:
        """Its clock rings when that time is over; until then it has not."""
        assert next_in_s(stack, incident) == pytest.approx(after_s, abs=6)
        pass_time(stack, seconds=after_s - 8)
        assert calls() == at - 1, "not before its time"
        pass_time(stack, seconds=8)
        wait_until(lambda: calls() == at, lambda: journal(stack, incident, "escalate", "remind"), every_s=0.01)

    wait_until(lambda: calls() == 1, "nobody watches: the first rung is due at once", every_s=0.01)
    rings(30, 2)
    rings(30, 3)
    before = calls()
    assert stack.call("POST", f"/api/incidents/{incident}/acknowledge", {}, desk)[0] == 200
    rings(120, before + 1)  # acknowledged, and nobody sends

    def fresh() -> list[dict[str, Any]]:
        """The units that can be sent: their trackers, too, must have been heard of since the time went by."""
        _, ranked = stack.call("GET", f"/api/incidents/{incident}/recommendation", token=desk)
        return [unit for unit in ranked["units"] if unit["status"] == "free" and unit["age_s"] < 5]
    best, *others = wait_until(lambda: units if len(units := fresh()) > 1 else None, fresh)
    assert stack.call("POST", f"/api/incidents/{incident}/dispatch", {"unit": best["unit_id"]}, desk)[0] == 200
    pass_time(stack, seconds=20)  # it does not answer within its twenty seconds
    wait_until(lambda: journal(stack, incident, "pass_on"), "the next unit is not asked", every_s=0.01)
    assert journal(stack, incident, "pass_on")[0]["next_unit_id"] in {unit["unit_id"] for unit in others}
