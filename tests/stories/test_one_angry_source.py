"""One machine presses hundreds of times in a ward. Everybody is answered, the desk has one more incident instead of
hundreds, and whoever really needs help is seen: beside the flood, and in it."""
from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from binhan.kernel.ids import new_id
from tests.support.burst import asked
from tests.support.sse import Events
from tests.support.stack import Stack
from tests.support.waiting import wait_until

ANGRY, HONEST = "203.0.113.66", "198.51.100.7"
LIMIT, FLOOD = 60, 400
WITHIN_S = 2.0  # generous: on a machine that does much else; alone it takes some ten milliseconds


def press(stack: Stack, address: str, **fields: Any) -> tuple[int, dict[str, Any]]:
    """One press, as a proxy on this machine passes it on for an address."""
    body = {"press_id": str(new_id()), "at": datetime.now(UTC).isoformat(), "lat": 11.0914, "lon": 106.799, **fields}
    return stack.call("POST", "/live/press", body, headers={"X-Forwarded-For": address})


def test_the_real_one_is_seen_and_the_flood_is_one_incident(own_stack: Stack) -> None:
    stack, desk = own_stack, own_stack.token("trucban")
    with ThreadPoolExecutor(8) as lanes:
        flood = list(lanes.map(lambda _: press(stack, ANGRY, phone="0900000001"), range(FLOOD)))
    in_it = press(stack, ANGRY, phone="0912345678", note="cháy, tầng ba")[1]
    status, real = press(stack, HONEST, kind="medical")
    assert {s for s, _ in [*flood, (status, real)]} == {201}, "nobody is refused"
    assert all(answer["track_token"] for _, answer in flood)

    board = stack.call("GET", "/api/desk/board", token=desk)[1]
    rows = {row["id"]: row for row in board["incidents"]}
    (crowd,) = [row for row in rows.values() if row["one_source"]]
    assert rows[real["incident_id"]]["kind"] == "medical" and real["merged"] is False
    assert crowd["repeats"] == FLOOD - LIMIT + 1 and board["total"] == LIMIT + 2

    began = time.monotonic()
    assert stack.call("POST", f"/api/incidents/{real['incident_id']}/acknowledge", {}, desk)[0] == 200
    assert time.monotonic() - began < WITHIN_S
    mine = stack.call("GET", f"/live/press/{real['press_id']}", token=real["track_token"])[1]
    assert mine["acknowledged_at"]

    def calls() -> list[tuple[str, int]]:
        """How often each person was called on the first rung; who has been told of more than ten at once."""
        return asked(stack, "SELECT account_id::text, count(*) FROM notify_message WHERE channel = 'inapp'"
                     " AND params->>'rung' = '1' GROUP BY 1 HAVING bool_or(template = 'sos_many')")
    assert max(n for _, n in wait_until(calls, "nobody is called for the flood")) < 20, "not for each of sixty"

    url = f"/api/incidents/{crowd['id']}/presses"
    found = next(p for p in stack.call("GET", url, token=desk)[1]["items"] if p["note"])
    assert (found["press_id"], found["phone"]) == (in_it["press_id"], "+84912345678")
    page = Events(stack.port, f"/live/press/{in_it['press_id']}/events?changes=1&token={in_it['track_token']}")
    page.wait(lambda e: e[0] == "status")
    status, own = stack.call("POST", f"{url}/{in_it['press_id']}/split", {}, desk)
    assert (status, own["note"], own["state"]) == (201, "cháy, tầng ba", "received")
    assert stack.call("POST", f"/api/incidents/{own['id']}/acknowledge", {}, desk)[0] == 200
    seen = page.wait(lambda e: e[0] == "change" and e[2].get("acknowledged_at"))
    page.close()
    assert seen["acknowledged_at"], "the page in the flood learns that it was seen"
    assert stack.command("verify-journal").returncode == 0


def test_one_press_has_an_end_of_what_it_sends_and_of_its_streams(own_stack: Stack) -> None:
    stack = own_stack
    _, answer = press(stack, HONEST)
    url, token = f"/live/press/{answer['press_id']}", answer["track_token"]

    def say(*texts: str) -> tuple[int, Any]:
        return stack.call("POST", f"{url}/facts", {"facts": [
            {"fact_id": str(new_id()), "kind": "chat", "text": text} for text in texts]}, token)
    for _ in range(4):
        assert say(*["x" * 900] * 50)[0] == 200
    status, problem = say("một lời nữa")
    assert (status, problem["code"], problem["stored"]) == (429, "press_full", 0) and "113" in problem["detail"]
    fix = {"fact_id": str(new_id()), "kind": "fix", "lat": 11.0915, "lon": 106.799}
    assert stack.call("POST", f"{url}/facts", fix, token)[1]["stored"] == 1
    whole = stack.call("GET", url, token=token)[1]
    assert (len(whole["messages"]), whole["messages_total"]) == (50, 200)
    older = stack.call("GET", f"{url}/messages?before={whole['messages_older']}", token=token)[1]
    assert len(older["messages"]) == 50
    assert stack.call("GET", f"{url}/messages?before={whole['messages_older']}", token="x")[0] == 404

    pages = []
    for _ in range(6):
        pages.append(Events(stack.port, f"{url}/events?changes=1&token={token}"))
        pages[-1].wait(lambda e: e[0] == "status")
    pages[0].wait(lambda e: e[0] == "replaced")
    assert pages[0].ended.wait(10) and not pages[1].ended.is_set()
    stack.call("POST", f"/api/incidents/{answer['incident_id']}/acknowledge", {}, stack.token("trucban"))
    change = pages[-1].wait(lambda e: e[0] == "change")
    assert change["state"] == "acknowledged" and "messages" not in change, "the long chat is not sent again"
    for page in pages:
        page.close()
