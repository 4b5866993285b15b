"""Four phones send the same visits at the same moment, in different orders, while the planner plans again: each visit is
stored once and journalled once, and every phone is told so."""
from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

from binhan.kernel.ids import new_id
from tests.support.stack import Stack


def test_two_phones_one_visit(own_stack: Stack) -> None:
    own_stack.command("demo", "load", "--households", "150")
    leader, team = own_stack.token("chihuy"), own_stack.token("mattran")

    def call(method: str, path: str, body: Any = None, token: str = leader) -> Any:
        status, answer, *_ = own_stack.call(method, f"/api{path}", body, token=token, timeout=60)
        assert status == (201 if (method, path) == ("POST", "/rounds") else 200), answer
        return answer

    areas = [a["id"] for a in call("GET", "/areas") if a["kind"] != "to"]
    made = call("POST", "/rounds", {"name": "Đợt mẫu", "purpose": "thử", "areas": areas, "max_doors": 20,
                                    "from_on": str(date.today()), "to_on": str(date.today() + timedelta(days=9))})
    path = f"/rounds/{made['id']}"
    call("POST", f"{path}/plan", {})
    call("POST", f"{path}/open", {})
    now = datetime.now(UTC).isoformat()
    visits = [{"id": str(new_id()), "round": made["id"], "dwelling": d["dwelling"], "outcome": "met", "started_at": now,
               "ended_at": now} for d in call("GET", f"{path}/doors")["items"][:100]]
    batches = [visits[n:n + 20] for n in range(0, 100, 20)]
    told: Counter[str] = Counter()
    lock = threading.Lock()

    def phone(mine: list[list[dict[str, Any]]]) -> None:
        for batch in mine:
            results = call("POST", "/visits", {"visits": batch}, team)["items"]
            with lock:
                told.update(r["status"] for r in results)

    phones = [threading.Thread(target=phone, args=(mine,)) for mine in (
        batches, batches, batches[::-1], [batch[::-1] for batch in batches])]
    for thread in (*phones, again := threading.Thread(target=call, args=("POST", f"{path}/plan", {}))):
        thread.start()
    for thread in (*phones, again):
        thread.join()
    assert told == {"stored": 100, "same": 300}
    assert call("GET", f"{path}/coverage")["all"]["reached"] == 100
    assert own_stack.command("verify-journal").returncode == 0
