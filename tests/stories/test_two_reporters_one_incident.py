"""Two people report the same thing and the desk makes one incident of it: each sees help come, and neither reads the
other's words, moves the other's place, nor calls the other's alarm a mistake."""
from __future__ import annotations

from typing import Any

from binhan.kernel.ids import new_id
from tests.support.stack import Stack


def say(stack: Stack, press: dict[str, Any], kind: str, **data: Any) -> dict[str, Any]:
    """One fact from the phone of a reporter; answers what that phone may show."""
    status, answer = stack.call("POST", f"/live/press/{press['press_id']}/facts",
                                {"fact_id": str(new_id()), "kind": kind, **data}, press["track_token"])
    assert status == 200, answer
    shown: dict[str, Any] = answer["status"]
    return shown


def look(stack: Stack, press: dict[str, Any]) -> dict[str, Any]:
    """What the reporter's page shows."""
    shown: dict[str, Any] = stack.call("GET", f"/live/press/{press['press_id']}", token=press["track_token"])[1]
    return shown


def test_they_share_the_help_and_nothing_else(stack: Stack) -> None:
    desk = stack.token("trucban")
    first, second = stack.press(lat=11.0914, lon=106.799)[1], stack.press(lat=11.0915, lon=106.7991)[1]
    say(stack, first, "chat", text="Tôi trốn trong bếp")
    say(stack, second, "chat", text="Nhà bên có tiếng kêu")
    url = f"/api/incidents/{first['incident_id']}"
    assert stack.call("POST", f"/api/incidents/{second['incident_id']}/merge",
                      {"original": first["incident_id"]}, desk)[0] == 200
    say(stack, second, "fix", lat=11.0990, lon=106.8100, accuracy_m=3)
    say(stack, second, "kind", value="traffic")
    assert say(stack, second, "cancel")["cancel_requested_at"]
    stack.call("POST", f"{url}/messages", {"id": str(new_id()), "text": "Tổ tuần tra đang tới"}, desk)

    case = stack.call("GET", url, token=desk)[1]
    assert (case["lat"], case["lon"], case["kind"]) == (11.0914, 106.799, "unknown")
    assert case["cancel_requested_at"] is None
    assert look(stack, first)["cancel_requested_at"] is None
    assert [(m["text"], m["other"]) for m in case["messages"]] == [
        ("Tôi trốn trong bếp", False), ("Tổ tuần tra đang tới", False)]
    say(stack, second, "chat", text="Tôi ở cổng")
    case = stack.call("GET", url, token=desk)[1]
    assert (case["messages"][-1]["text"], case["messages"][-1]["other"]) == ("Tôi ở cổng", True)
    words = {name: [m["text"] for m in look(stack, press)["messages"]] for name, press in
             {"first": first, "second": second}.items()}
    assert words == {"first": ["Tôi trốn trong bếp", "Tổ tuần tra đang tới"],
                     "second": ["Nhà bên có tiếng kêu", "Tổ tuần tra đang tới", "Tôi ở cổng"]}
    assert look(stack, second)["state"] == look(stack, first)["state"] == "received"
    stack.call("POST", f"{url}/acknowledge", {}, desk)
    assert look(stack, second)["acknowledged_at"]


def test_a_second_reporter_under_duress_is_not_overheard(stack: Stack) -> None:
    desk = stack.token("trucban")
    first, second = stack.press(kind="traffic")[1], stack.press()[1]
    stack.call("POST", f"/api/incidents/{second['incident_id']}/merge", {"original": first["incident_id"]}, desk)
    assert say(stack, second, "duress")["cancel_requested_at"]  # on the phone it looks like a cancel
    case = stack.call("GET", f"/api/incidents/{first['incident_id']}", token=desk)[1]
    assert (case["duress"], case["priority"], case["cancel_requested_at"]) == (True, "P1", None)
