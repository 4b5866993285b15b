"""Two officers acknowledge at the same moment: one wins, the other is told who."""
from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.support.stack import Stack


def test_one_wins(stack: Stack) -> None:
    tokens = [stack.token("trucban"), stack.token("trucban2")]
    for _ in range(5):
        incident = stack.press()[1]["incident_id"]
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda t, i=incident: stack.call("POST", f"/api/incidents/{i}/acknowledge", {}, t),
                                    tokens))
        assert sorted(a[0] for a in answers) == [200, 409]
        problem = next(a[1] for a in answers if a[0] == 409)
        assert problem["state"] == "acknowledged"
        assert problem["moved_by"].startswith("Trực ban Mẫu")
        assert problem["moved_by"] in problem["detail"]


def test_the_winner_may_say_it_again(stack: Stack) -> None:
    """A retry after a lost answer is not a refusal."""
    incident, token = stack.press()[1]["incident_id"], stack.token("trucban")
    for _ in range(2):
        assert stack.call("POST", f"/api/incidents/{incident}/acknowledge", {}, token)[0] == 200
