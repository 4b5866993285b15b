"""The desk's and the resident's event streams: in order, nothing lost, nothing twice, only one's own ward."""
from __future__ import annotations

import time

from binhan.kernel.ids import new_id
from tests.integration.live.conftest import WARD, Signer
from tests.support.burst import burst, owner
from tests.support.sse import Events
from tests.support.stack import Stack
from tests.support.waiting import wait_until

OTHER = 25891
DESK = "/live/desk/events"


def open_desk(stack: Stack, token: str, more: str = "", headers: dict[str, str] | None = None) -> Events:
    """A desk stream after its hello."""
    desk = Events(stack.port, f"{DESK}?token={token}{more}", headers)
    desk.wait(lambda e: e[0] == "hello")
    return desk


def append(stack: Stack, ward: int, kind: str = "incident", subject: str = "") -> str:
    """A journal row as Django's own actions write it, with the bell rung; its subject."""
    subject = subject or str(new_id())
    with owner(stack) as connection:
        connection.execute("SELECT journal_append(%s, 'system', 'read', %s, %s, '{}')", [ward, kind, subject])
        connection.commit()
        connection.execute("SELECT live_ring(ARRAY[%s])", [ward])
    return subject


def test_a_press_is_on_the_desk_at_once(stack: Stack, signed: Signer) -> None:
    desk = open_desk(stack, signed())
    began = time.monotonic()
    _, press, _ = stack.press()
    row = desk.wait(lambda e: e[0] == "message" and e[2]["subject_id"] == press["incident_id"])
    assert time.monotonic() - began < 2
    assert set(row) >= {"seq", "at", "verb", "subject_kind", "subject_id", "facts"}
    assert (row["verb"], row["subject_kind"]) == ("raise", "incident")
    desk.close()


def test_a_reader_that_comes_back_misses_and_doubles_nothing(stack: Stack, signed: Signer) -> None:
    desk = open_desk(stack, signed())
    first = burst(stack, 60, people=6)
    desk.wait(lambda e: e[0] == "message" and e[2]["subject_id"] == first.stored[-1])
    last = desk.rows()[-1]
    desk.close()
    away = burst(stack, 60, people=6)
    back = open_desk(stack, signed(), headers={"Last-Event-ID": str(last)})
    more = burst(stack, 60, people=6)
    for ids in (away.stored, more.stored):
        back.wait(lambda e, ids=ids: e[0] == "message" and e[2]["subject_id"] == ids[-1])  # type: ignore[misc]
    rows = back.rows()
    assert rows == list(range(last + 1, last + 1 + len(rows)))
    subjects = {e[2]["subject_id"] for e in back.seen if e[0] == "message" and e[2]["verb"] == "raise"}
    assert set(away.stored) | set(more.stored) <= subjects
    back.close()
    asked = open_desk(stack, signed(), more=f"&after={last}")
    asked.wait(lambda e: e[1] == str(rows[-1]))
    assert asked.rows()[:len(rows)] == rows
    asked.close()


def test_a_change_made_through_django_reaches_the_desk(stack: Stack, signed: Signer) -> None:
    _, press, _ = stack.press()
    desk = open_desk(stack, signed())
    append(stack, WARD, subject=press["incident_id"])
    desk.wait(lambda e: e[0] == "message" and e[2]["verb"] == "read" and e[2]["subject_id"] == press["incident_id"])
    desk.close()


def test_the_desk_hears_nothing_of_casework(stack: Stack, signed: Signer) -> None:
    desk = open_desk(stack, signed())
    after = desk.seen[0][2]["seq"]
    for kind in ("person", "household", "something_new"):
        append(stack, WARD, kind)
    _, press, _ = stack.press()
    for stream in (desk, open_desk(stack, signed(), more=f"&after={after}")):
        stream.wait(lambda e: e[0] == "message" and e[2]["subject_id"] == press["incident_id"])
        assert {e[2]["subject_kind"] for e in stream.seen if e[0] == "message"} <= {"incident", "assignment"}
        stream.close()


def test_a_bell_that_nobody_rang_costs_a_second(stack: Stack, signed: Signer) -> None:
    desk = open_desk(stack, signed())
    subject = str(new_id())
    with owner(stack) as connection:
        connection.execute("SELECT journal_append_rows(ARRAY[%s], ARRAY['system'], ARRAY['read'], ARRAY['incident'],"
                           " ARRAY[%s]::uuid[], ARRAY['{}']::jsonb[])", [WARD, subject])
    desk.wait(lambda e: e[0] == "message" and e[2]["subject_id"] == subject, 4)
    desk.close()


def test_another_wards_rows_never_come(stack: Stack, signed: Signer) -> None:
    desk, home = open_desk(stack, signed(ward=OTHER)), open_desk(stack, signed())
    _, press, _ = stack.press()
    home.wait(lambda e: e[0] == "message" and e[2]["subject_id"] == press["incident_id"])
    own = append(stack, OTHER)  # what comes later in its own ward does come
    desk.wait(lambda e: e[0] == "message" and e[2]["subject_id"] == own)
    assert all(e[2].get("subject_id") != press["incident_id"] for e in desk.seen if e[0] == "message")
    desk.close()
    home.close()


def test_forged_expired_and_foreign_tokens(stack: Stack, signed: Signer) -> None:
    good = signed()
    for token in ("", "x", good[:-2] + "AA", good.split(".")[0] + ".", signed(purpose="track"), "é.x"):
        assert Events(stack.port, f"{DESK}?token={token.encode('utf-8').hex() if 'é' in token else token}").status == 401
    expired = Events(stack.port, f"{DESK}?token={signed(seconds=-1)}")
    assert expired.status == 401
    assert b"token_expired" in expired.response.read()
    assert Events(stack.port, f"{DESK}?token={good}&ward={OTHER}").status == 403
    assert Events(stack.port, f"{DESK}?token={good}&after=x").status == 422


def test_a_token_that_runs_out_ends_the_stream_with_a_word(stack: Stack, signed: Signer) -> None:
    desk = open_desk(stack, signed(seconds=1.5))
    desk.wait(lambda e: e[0] == "expire", 6)
    assert desk.ended.wait(5)


def test_the_receipt_marks_the_alarm_seen_once(stack: Stack, signed: Signer) -> None:
    token = signed()
    _, press, _ = stack.press()
    path = "/live/desk/rendered"
    status, answer = stack.call("POST", path, {"ids": [press["incident_id"]]}, signed(ward=OTHER))
    assert (status, answer["code"]) == (404, "not_found")
    assert stack.call("POST", path, {"ids": [str(new_id())]}, token)[0] == 404
    assert stack.call("POST", path, {"ids": [press["incident_id"]], "visible": False}, token)[1]["seen"] == []
    assert stack.call("POST", path, {"ids": [press["incident_id"]]}, token)[1]["seen"] == [press["incident_id"]]
    assert stack.call("POST", path, {"ids": [press["incident_id"]]}, token)[1]["seen"] == []
    for bad in ({"ids": "x"}, {"ids": ["x"]}, {"ids": [5]}, {"ids": [], "x": 1}, [], {"ids": [], "visible": "yes"}):
        assert stack.call("POST", path, bad, token)[0] == 422
    assert stack.call("POST", path, {"ids": []}, "x")[0] == 401
    again = stack.call("GET", f"/live/press/{press['press_id']}?token={press['track_token']}")[1]
    assert again["seen_at"]


def test_whoever_only_looks_on_gives_no_receipt(stack: Stack, signed: Signer) -> None:
    _, press, _ = stack.press()
    token = signed(desk=False)
    looker = open_desk(stack, token)
    stream = next(data["stream_id"] for event, _, data in looker.seen if event == "hello")
    status, answer = stack.call("POST", "/live/desk/rendered", {"ids": [press["incident_id"]], "stream_id": stream}, token)
    assert (status, answer["seen"], answer["warnings"]) == (200, [], [])
    looker.close()


def test_the_resident_watches_every_step(stack: Stack, signed: Signer) -> None:
    _, press, _ = stack.press()
    page = Events(stack.port, f"/live/press/{press['press_id']}/events?token={press['track_token']}")
    assert page.wait(lambda e: e[0] == "status")["state"] == "received"
    stack.call("POST", "/live/desk/rendered", {"ids": [press["incident_id"]]}, signed())
    assert page.wait(lambda e: e[0] == "status" and bool(e[2]["seen_at"]))
    stack.press()  # somebody else's
    append(stack, WARD, subject=press["incident_id"])  # somebody opened it: no news for the one who waits
    told = {"fact_id": str(new_id()), "kind": "cancel"}  # what comes after all that is news again
    stack.call("POST", f"/live/press/{press['press_id']}/facts", told, press["track_token"])
    page.wait(lambda e: e[0] == "status" and bool(e[2]["cancel_requested_at"]))
    shown = [{k: v for k, v in data.items() if k != "seq"} for _, _, data in page.seen]
    assert {data["press_id"] for data in shown} == {press["press_id"]}
    assert all(one != after for one, after in zip(shown, shown[1:], strict=False))
    page.close()


def test_the_resident_is_followed_into_another_ward(stack: Stack) -> None:
    _, press, _ = stack.press(lat=None, lon=None, accuracy_m=None)
    page = Events(stack.port, f"/live/press/{press['press_id']}/events?token={press['track_token']}")
    page.wait(lambda e: e[0] == "status")
    with owner(stack) as connection:
        lat, lon = connection.execute("SELECT lat, lon FROM places_ward WHERE ward_id = %s", [OTHER]).fetchone() or (0, 0)
    path = f"/live/press/{press['press_id']}/facts"
    fix = {"fact_id": str(new_id()), "kind": "fix", "lat": lat, "lon": lon, "accuracy_m": 5}
    stack.call("POST", path, fix, press["track_token"])
    moved = page.wait(lambda e: e[0] == "status" and e[2]["ward_id"] == OTHER)
    assert moved["ward_name"] == "Phường Tân Khánh"
    stack.call("POST", path, {"fact_id": str(new_id()), "kind": "cancel"}, press["track_token"])
    page.wait(lambda e: e[0] == "status" and bool(e[2]["cancel_requested_at"]))
    page.close()


def test_positions_reach_the_desk(stack: Stack, signed: Signer) -> None:
    desk = open_desk(stack, signed())
    units = desk.wait(lambda e: e[0] == "positions")["units"]
    assert {"unit_id", "call_sign", "lat", "lon", "at", "age_s"} <= set(units[0])
    desk.close()


def test_presence_comes_and_goes_with_the_stream(stack: Stack, signed: Signer) -> None:
    def watching() -> bool:
        with owner(stack) as connection:
            row = connection.execute("SELECT sos_desk_watches(%s)", [OTHER]).fetchone()
        return bool(row and row[0])
    assert not watching()
    desk = open_desk(stack, signed(ward=OTHER))
    assert watching()
    desk.close()
    wait_until(lambda: not watching(), "the desk is gone and counts as watching")


def test_a_desk_that_is_fed_but_says_nothing_itself_does_not_watch(stack: Stack, signed: Signer) -> None:
    def asked(query: str, *values: object) -> bool:
        with owner(stack) as connection:
            row = connection.execute(query.encode(), values).fetchone()
        return bool(row and row[0])
    watching = lambda: asked("SELECT sos_desk_watches(%s)", OTHER)
    later = lambda: asked("UPDATE live_presence SET seen_at = seen_at - interval '11 seconds' WHERE ward_id = %s"
                          " RETURNING true", OTHER)
    desk = open_desk(stack, token := signed(ward=OTHER))
    stream = desk.wait(lambda e: e[0] == "hello")["stream_id"]
    assert watching() and later() and not watching()
    append(stack, OTHER, "incident")
    desk.wait(lambda e: e[0] == "message")
    assert not watching(), "the server feeds it; that nobody looks at it the server cannot know"
    say = lambda who, visible: stack.call("POST", "/live/desk/rendered",
                                          {"ids": [], "visible": visible, "stream_id": stream}, who)[0]
    assert say(token, True) == 200 and watching()
    assert say(token, False) == 200 and not watching(), "in the background"
    assert say(signed(ward=OTHER), True) == 200 and not watching(), "another's word"
    assert say(token, True) == 200 and watching()
    desk.close()
    wait_until(lambda: not watching(), "the desk is gone and counts as watching")


def test_a_desk_hears_whose_devices_take_no_push(stack: Stack, signed: Signer) -> None:
    def warned() -> list[dict[str, object]]:
        status, answer = stack.call("POST", "/live/desk/rendered", {"ids": [], "visible": True}, signed())
        assert status == 200
        return list(answer["warnings"])

    def failing(name: str, since: str) -> None:
        with owner(stack) as connection:
            connection.execute("INSERT INTO notify_push_subscription (id, account_id, endpoint, p256dh, auth, user_agent,"
                               " created_at, failed_at) SELECT gen_random_uuid(), id, %s, '', '', '', now(),"
                               " now() - %s::interval FROM people_account WHERE login = 'trucban'",
                               [f"https://push.example/{name}", since])
    assert warned() == []
    failing("one", "2 minutes")
    try:
        assert warned() == [{"code": "push_silent", "names": ["Trực ban Mẫu Một"]}]
        failing("two", "5 seconds")
        assert warned() == [], "one of them may only have had a bad moment"
    finally:
        with owner(stack) as connection:
            connection.execute("DELETE FROM notify_push_subscription WHERE endpoint LIKE 'https://push.example/%'")
