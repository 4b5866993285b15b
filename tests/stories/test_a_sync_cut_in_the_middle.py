"""The network goes, the server is killed with kill -9 – during an upload, during a download, again and again. Afterwards
everything that a team did is there once, its phone has what it asked for, and sending all of it again changes nothing."""
from __future__ import annotations

import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from binhan.kernel.ids import new_id
from tests.support.burst import owner
from tests.support.field_phone import FieldPhone, item, visit
from tests.support.stack import Stack
from tests.support.waiting import wait_until


def _a_days_work(phone: FieldPhone) -> None:
    """A visit at every door that the phone carries, something heard at every third, a landmark at every fifth."""
    for n, (key, door) in enumerate(phone.of("door").items()):
        at = visit(door["round"], key, ("met", "not_home", "refused")[n % 3])
        phone.do(at)
        if n % 3 == 0:
            phone.do(item("issue", {"visit": at["id"], "kind": "report", "words": f"Đèn hẻm hỏng, căn thứ {n}"}))
        if n % 5 == 0:
            phone.do(item("edit", {"dwelling": key, "field": "landmark", "base": door["landmark"], "value": f"mốc {n}"}))


def _counts(stack: Stack) -> dict[str, int]:
    """What is stored, and what the journal says of it."""
    with owner(stack) as database:
        def one(query: str) -> int:
            row = database.execute(query.encode()).fetchone()
            return int(row[0]) if row else 0
        return {"visits": one("SELECT count(*) FROM casework_visit"), "issues": one("SELECT count(*) FROM casework_issue"),
                "facts": one("SELECT count(*) FROM casework_door_fact"),
                "conflicts": one("SELECT count(*) FROM casework_conflict"),
                "journal": one("SELECT count(*) FROM journal_entry WHERE verb IN ('visit', 'record', 'correct')"),
                "twice": one("SELECT count(*) FROM (SELECT subject_id FROM journal_entry WHERE verb IN ('visit', 'record',"
                             " 'correct') GROUP BY verb, subject_id HAVING count(*) > 1) x")}


def test_an_upload_is_cut_again_and_again(own_stack: Stack) -> None:
    phone = FieldPhone(own_stack, "tothanhvien1").register()
    assert phone.sync([t["id"] for t in phone.offers()[:4]])
    _a_days_work(phone)
    parts, rng = ["web", "live", "web", "postgres", "web"], random.Random(4)

    def strike() -> None:
        """Once it has got a little further, while the next batch is on its way."""
        while parts:
            goal = min(phone.answered + rng.randint(1, 20), len(phone.outbox))
            wait_until(lambda goal=goal: phone.answered >= goal, "the upload stands still", every_s=0.001)
            own_stack.kill(parts.pop())
            own_stack.wait_ready()

    def through() -> bool:
        if phone.answered == len(phone.outbox) and parts:  # all of it is there and the server still dies: send it once more
            _again(phone)
        while phone.answered < len(phone.outbox) and phone.send_once(7):
            pass
        return phone.answered == len(phone.outbox) and not parts

    striker = threading.Thread(target=strike)
    striker.start()
    wait_until(through, lambda: f"{phone.answered} of {len(phone.outbox)}, {parts} still to be killed", 120)
    striker.join()
    assert phone.cuts >= 3, "the story is about uploads that were cut"
    own_stack.wait_ready()
    kinds = [row["kind"] for row in phone.outbox]
    wanted = {"visits": kinds.count("visit"), "issues": kinds.count("issue"), "facts": kinds.count("edit"), "conflicts": 0,
              "journal": len(kinds), "twice": 0}
    assert {phone.results[n]["status"] for n in phone.results} <= {"stored", "same"}
    assert _counts(own_stack) == wanted
    assert _again(phone) == {"same"}
    assert _counts(own_stack) == wanted
    assert own_stack.command("verify-journal").returncode == 0


def _again(phone: FieldPhone) -> set[str]:
    """Send everything again under its own numbers, each batch until it is answered; what the items are answered."""
    said: set[str] = set()
    for first in range(1, phone.answered + 1, 100):
        batch = phone.batch(first, min(100, phone.answered - first + 1))
        last: list[Any] = [None]

        def answered(batch: dict[str, Any] = batch, last: list[Any] = last) -> bool:
            try:
                status, last[0] = phone.stack.call("POST", "/api/field/outbox", batch, phone.token)
            except OSError as error:
                status, last[0] = 0, error
            return status == 200
        wait_until(answered, lambda last=last: last[0])
        said |= {row["status"] for row in last[0]["results"]}
    return said


def test_a_download_is_cut_and_asked_for_again(own_stack: Stack) -> None:
    _a_bigger_round(own_stack)
    phone = FieldPhone(own_stack, "tothanhvien1").register()
    turfs = [t["id"] for t in phone.offers()]
    assert len(turfs) > 20
    for line in (60, 200):
        assert not phone.sync(turfs, (line, _gone)), "the network went"
    assert len(phone.docs) >= 200, "what had come is kept, and does not come again"
    for line in (5, 65, 125):
        fresh = FieldPhone(own_stack, phone.login, phone.id, phone.token, docs=dict(phone.docs))
        assert not fresh.sync(turfs, (line, lambda: own_stack.kill("live"))), "the front door died under it"
        own_stack.wait_ready()
        assert len(fresh.docs) >= len(phone.docs) + line - 1
        assert not _while_it_gathers(own_stack, lambda fresh=fresh: fresh.sync(turfs)), "the office died under it"
        own_stack.wait_ready()
        assert set(fresh.docs) >= set(phone.docs)
    held = len(phone.docs)
    assert phone.sync(turfs)
    fresh = FieldPhone(own_stack, "tothanhvien2").register()
    assert fresh.sync(turfs) and fresh.docs == phone.docs and len(fresh.docs) > held
    assert phone.sync(turfs[:1]) and len(phone.of("turf")) == 1


def _while_it_gathers(stack: Stack, sync: Callable[[], bool]) -> bool:
    """Kill the office process while it reads what a phone is to carry; what the download came to."""
    with owner(stack) as holder, owner(stack) as watcher, ThreadPoolExecutor(1) as pool, holder.transaction():
        holder.execute("LOCK TABLE casework_issue IN ACCESS EXCLUSIVE MODE")
        download = pool.submit(sync)
        wait_until(lambda: watcher.execute("SELECT 1 FROM pg_locks WHERE NOT granted AND relation ="
                                           " 'casework_issue'::regclass").fetchone(), "nobody asks for what is held")
        stack.kill("web")
        return download.result(60)


def _gone() -> None:
    raise ConnectionResetError


def _a_bigger_round(stack: Stack) -> None:
    """A round through the whole register, and phones that may carry it."""
    assert stack.command("demo", "load", "--households", "1800").returncode == 0
    leader = stack.token("chihuy")
    _, rounds = stack.call("GET", "/api/rounds?state=open", token=leader)
    for row in rounds["items"]:
        stack.call("POST", f"/api/rounds/{row['id']}/close", {}, leader)
    _, areas = stack.call("GET", "/api/areas", token=leader)
    status, made = stack.call("POST", "/api/rounds", {
        "id": str(new_id()), "name": "Đợt lớn", "purpose": "thử", "from_on": "2026-11-01", "to_on": "2026-12-31",
        "areas": [a["id"] for a in areas if a["kind"] != "to"]}, leader)
    assert status == 201, made
    for verb in ("plan", "open"):
        status, told = stack.call("POST", f"/api/rounds/{made['id']}/{verb}", {}, leader, timeout=120)
        assert status == 200, told
    with owner(stack) as database:
        for name, amount in (("field.documents_max", 10_000), ("field.turfs_max", 500)):
            database.execute("INSERT INTO clocks_policy (ward_id, name, track, priority, amount, unit, valid_from,"
                             " legal_basis, source, verified) VALUES (25888, %s, '', '', %s, 'n', now(), '', 'thử', false)",
                             [name, amount])
