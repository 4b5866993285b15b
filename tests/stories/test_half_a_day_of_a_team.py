"""Half a day of a team: four phones, sixty doors each, the worst network there is, clocks that are forty minutes off,
phones that die, a server that is killed. At noon everything that was typed is there once, or is held with a reason."""
from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from tests.support.burst import owner
from tests.support.phone import FATES, StormyPhone
from tests.support.stack import Stack

DOORS, SHARED = 60, 6
OUTCOMES = ("met", "met", "met", "not_home", "come_back", "refused", "vacant", "moved")
KINDS = ("report", "request", "need", "procedure", "praise")
LOGINS = ("tothanhvien1", "tothanhvien2", "mattran", "tothanhvien1")  # the last: the first one's second phone
CLOCKS = (timedelta(minutes=40), timedelta(minutes=-40), timedelta(), timedelta(minutes=-38))
Route = list[tuple[str, dict[str, Any]]]


def test_half_a_day_of_a_team(own_stack: Stack) -> None:
    phones = [StormyPhone(own_stack, login, clock=clock, rng=random.Random(n)).register()
              for n, (login, clock) in enumerate(zip(LOGINS, CLOCKS, strict=True))]
    routes = [_out_of_the_door(phone, n) for n, phone in enumerate(phones)]
    with ThreadPoolExecutor(len(phones)) as team:
        days = [team.submit(_half_a_day, phone, n, routes[n], routes[1][:SHARED]) for n, phone in enumerate(phones)]
        last = [phone for day in days for phone in day.result()]
    assert sum((p.met for p in phones), Counter()).keys() == FATES.keys(), "the story is about all of these"
    assert sum(p.cuts for p in last) >= 20
    for phone in last:
        assert phone.answered == len(phone.outbox)
    _everything_is_there(own_stack, phones)
    _and_the_office_knows(own_stack, phones[0].of("round"))


def _out_of_the_door(phone: StormyPhone, n: int) -> Route:
    """What the phone carries, and which of these doors are its member's: two walk each khu phố, every other door."""
    offers = sorted(phone.offers(), key=lambda o: int(o["number"]))
    turfs = [o["id"] for o in (offers[:3], offers[3:])[n // 2]]
    assert phone.sync(turfs)
    doors = sorted(phone.of("door").items(), key=lambda d: (turfs.index(d[1]["turf"]), d[1]["place"]))
    return doors[n % 2::2][:DOORS]


def _half_a_day(phone: StormyPhone, n: int, route: Route, shared: Route) -> list[StormyPhone]:
    """Walk, type, try to send; every phone that took part, the dead ones too."""
    phones, rng = [phone], random.Random(100 + n)
    assert len(route) == DOORS
    for at, (key, door) in enumerate(route):
        _at_the_door(phone, key, door, at)
        if n < 2 and at < SHARED:  # two members before the same doors
            phone.type("edit", _landmark(*shared[at], f"cổng máy {n}"))
        if (n, at) == (0, DOORS // 2):
            phone.stack.kill("web")
        if (n, at) == (1, 35):
            phone.power_cut(forgets=9)
        if (n, at) == (2, 40):
            phones.append(phone := phone.successor())
        if rng.random() < 0.3:  # a corner where there is a signal
            phone.send_once(rng.choice((3, 10, 40)))
    for each in reversed(phones):  # the phone that was thought dead comes back with what it still had
        each.send_all(lambda each=each: each.rng.choice((5, 20, 60)))
    return phones


def _at_the_door(phone: StormyPhone, key: str, door: dict[str, Any], at: int) -> None:
    outcome, now = OUTCOMES[at % len(OUTCOMES)], phone.now()
    body = {"round": door["round"], "dwelling": key, "outcome": outcome,
            "started_at": (now - timedelta(minutes=1)).isoformat(), "ended_at": now.isoformat()}
    if outcome == "come_back":
        body["come_back_at"] = (now + timedelta(days=1)).isoformat()
    visit = phone.type("visit", body)
    if outcome == "met":
        for words in ("Đèn hẻm hỏng hai tháng nay", "Hẻm ngập khi mưa")[:1 + at % 2]:
            phone.type("issue", {"visit": visit, "kind": KINDS[at % len(KINDS)], "words": f"{words}, căn {door['place']}"})
    if at % 20 == 0:
        phone.type("issue", {"visit": visit, "kind": "report", "words": ""})  # an older app's mistake: it is refused
    if at % 5 == 0:
        phone.type("edit", {"dwelling": key, "field": "access_note", "base": door["access_note"], "value": f"gọi cửa {at}"})


def _landmark(key: str, door: dict[str, Any], words: str) -> dict[str, Any]:
    return {"dwelling": key, "field": "landmark", "base": door["landmark"], "value": words}


def _everything_is_there(stack: Stack, phones: list[StormyPhone]) -> None:
    """Each typed thing by its own id, with its own words and its true time, and nothing besides."""
    typed = {key: row for p in phones for key, row in p.typed.items()}
    said = {key: row for p in phones for key, row in p.said.items()}
    held = {key: row for p in phones for key, row in p.held().items()}
    truth = {key: at for p in phones for key, at in p.truth.items()}
    assert typed.keys() == said.keys()
    reasons = Counter((row["status"], row.get("code", "")) for row in held.values())
    assert reasons == {("refused", "no_words"): 12, ("conflict", ""): SHARED}
    with owner(stack) as database:
        visits = {str(key): (str(door), out, at) for key, door, out, at in database.execute(
            "SELECT id, dwelling_id, outcome, ended_at FROM casework_visit")}
        issues = {str(key): words for key, words in database.execute("SELECT id, words FROM casework_issue")}
        cards = {(str(door), field, a) for door, field, a in database.execute(
            "SELECT dwelling_id, field, b_value #>> '{}' FROM casework_conflict WHERE state = 'open'")}
        notes = {str(key): {"access_note": note, "landmark": mark} for key, note, mark in database.execute(
            "SELECT id, access_note, landmark FROM casework_dwelling")}
        twice = database.execute("SELECT verb, subject_id FROM journal_entry WHERE verb IN ('visit', 'record', 'correct')"
                                 " GROUP BY 1, 2 HAVING count(*) > 2 OR count(*) > 1 AND verb <> 'correct'").fetchall()
        unclocked = database.execute(
            "SELECT id, state FROM casework_issue WHERE state IN ('received', 'with_owner', 'answered', 'passed_on')"
            " AND id NOT IN (SELECT subject_id FROM clocks_clock WHERE subject_kind = 'issue')").fetchall()
    kept = {kind: {k: r["body"] for k, r in typed.items() if r["kind"] == kind and k not in held}
            for kind in ("visit", "issue")}
    assert {k: v[:2] for k, v in visits.items()} == {k: (b["dwelling"], b["outcome"]) for k, b in kept["visit"].items()}
    assert issues == {k: b["words"] for k, b in kept["issue"].items()}
    assert max(abs((visits[k][2] - truth[k]).total_seconds()) for k in visits) < 120, "clocks are set right"
    for body in (r["body"] for r in typed.values() if r["kind"] == "edit"):
        stands = notes[body["dwelling"]][body["field"]] == body["value"]
        assert stands or (body["dwelling"], body["field"], body["value"]) in cards, body
    assert len(cards) == SHARED and not twice and not unclocked


def _and_the_office_knows(stack: Stack, rounds: dict[str, Any]) -> None:
    [key] = rounds
    _, coverage = stack.call("GET", f"/api/rounds/{key}/coverage", token=stack.token("chihuy"))
    assert coverage["all"]["approached"] == 4 * DOORS
    checked = stack.command("verify-journal")
    assert checked.returncode == 0, checked.stdout + checked.stderr
