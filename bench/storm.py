"""Another ward's alert after a storm: thousands of presses that nobody acknowledges in one ward, and how long the push and
the in-app message of one press elsewhere take from the moment they were due."""
from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import Any

import psycopg

from bench.system import Figure, System, percentile
from binhan.kernel.ids import new_id
from tests.support.push_service import Browser, PushService, push_service
from tests.support.waiting import wait_until

STORM, OFFICERS, PRESSES = 5000, 5, 12
LIMIT_MS = 1000.0
STARTED = "SELECT live_open(%s::jsonb)"
DUE = """SELECT extract(epoch FROM min((facts->>'due_at')::timestamptz)) FROM journal_entry
WHERE subject_id = %s AND verb = 'escalate'"""
LISTED = "SELECT extract(epoch FROM min(sent_at)) FROM notify_message WHERE channel = 'inapp' AND subject_id = %s"
WRITTEN = "SELECT count(*), count(*) FILTER (WHERE state = 'queued') FROM notify_message WHERE ward_id = %s"


def storm(system: System, seconds: int) -> list[Figure]:
    """One press every few seconds in a quiet ward, before the storm and in the minute after it. Nobody has a desk open:
    first rungs are due at once."""
    here, there = system.points[5][0], system.points[6][0]
    with push_service() as service, psycopg.connect(system.env().owner_dsn, autocommit=True) as database:
        for ward, officers in ((here, OFFICERS), (there, 1)):
            browsers = [_officer(database, service, ward, n) for n in range(officers)]
        alone = [_alert(system, database, service, browsers[0], there) for _ in range(PRESSES)]
        for _ in range(STORM // 500):
            database.execute(STARTED, [json.dumps([_press(here) for _ in range(500)])])
        after: list[tuple[float, float]] = []
        until = time.monotonic() + 10 * seconds
        while time.monotonic() < until or len(after) < PRESSES:
            after.append(_alert(system, database, service, browsers[0], there))
            time.sleep(2)
        written, waiting = database.execute(WRITTEN, [here]).fetchone() or (0, 0)
    return [*_figures("one press in a quiet ward", alone),
            *_figures(f"the same after {STORM} unacknowledged presses in another ward", after),
            Figure("messages written for the storm; still waiting to be carried", written, "messages", None, str(waiting),
                   waiting < 4 * OFFICERS)]


def _figures(name: str, taken: list[tuple[float, float]]) -> list[Figure]:
    pushed, listed = (percentile([row[n] for row in taken], 1.0) for n in (0, 1))
    return [Figure(f"{name}: push taken after, worst of {len(taken)}", pushed, "ms", LIMIT_MS, "≤ 1 s", pushed <= LIMIT_MS),
            Figure(f"{name}: in-app message there after, worst", listed, "ms", LIMIT_MS, "≤ 1 s", listed <= LIMIT_MS)]


def _press(ward: int) -> dict[str, Any]:
    return {"press_id": str(new_id()), "ward_id": ward, "channel": "phone", "priority": "P1", "body_hash": "00",
            "at": datetime.now(UTC).isoformat()}


def _officer(database: psycopg.Connection[Any], service: PushService, ward: int, number: int) -> Browser:
    """Somebody in the second seat of the ward, whom every rung calls in-app and by push."""
    account, browser = new_id(), service.browser("201", f"{ward}-{number}")
    database.execute("INSERT INTO people_account (id, login, display_name, password, email, lang, is_active, is_staff,"
                     " is_superuser, is_demo, logins_without_factor, date_joined) VALUES (%s, %s, 'Mẫu', '!', '', 'vi',"
                     " true, false, false, true, 0, now())", [account, f"bench-{ward}-{number}"])
    database.execute("INSERT INTO desk_shift (id, ward_id, account_id, seat, started_at, handover_note)"
                     " VALUES (%s, %s, %s, 'second', now(), '')", [new_id(), ward, account])
    keys = browser.subscription["keys"]
    database.execute("INSERT INTO notify_push_subscription (id, account_id, endpoint, p256dh, auth, user_agent, created_at)"
                     " VALUES (%s, %s, %s, %s, %s, 'bench', now())",
                     [new_id(), account, browser.endpoint, keys["p256dh"], keys["auth"]])
    for rung in (1, 2, 3):
        database.execute("INSERT INTO sos_rung (ward_id, rung, after_s, audience, channels, valid_from, source)"
                         " SELECT %s, %s, %s, '{second_seat}', '{inapp,webpush}', now() - interval '1 day', 'bench'"
                         " WHERE NOT EXISTS (SELECT FROM sos_rung WHERE ward_id = %s AND rung = %s)",
                         [ward, rung, 20 * rung, ward, rung])
    return browser


def _alert(system: System, database: psycopg.Connection[Any], service: PushService, browser: Browser,
           ward: int) -> tuple[float, float]:
    """(until the push was taken, until the in-app message was there) in ms since it was due; then it is acknowledged."""
    press = _press(ward)
    had = len(service.taken(browser))
    database.execute(STARTED, [json.dumps([press])])
    wait_until(lambda: len(service.taken(browser)) > had, "no push came", 120, 0.02)
    due, listed = (float((database.execute(q, [press["press_id"]]).fetchone() or (0,))[0]) for q in (DUE, LISTED))
    database.execute("UPDATE sos_incident SET state = 'acknowledged' WHERE id = %s", [press["press_id"]])
    database.execute("DELETE FROM clocks_clock WHERE subject_id = %s", [press["press_id"]])
    return (service.taken(browser)[had].at - due) * 1000, (listed - due) * 1000
