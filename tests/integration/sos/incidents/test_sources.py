"""Too many presses from one source: kept and answered as any other, collapsed into one incident, and one that was real is
taken out of it. What one press may say has an end, where it is has none."""
from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from binhan.kernel.ids import new_id
from binhan.site.environment import Environment
from tests.integration.commons.access.people import HOME, NEXT, caller, staff
from tests.integration.sos.api.desk_world import JSON, LAT, LON, World
from tests.support.databases import copied
from tests.support.virtual_time import forward

LIMIT = 60


@pytest.fixture(scope="module")
def world(server: Environment, django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """A ward on a database of its own."""
    with django_db_blocker.unblock(), copied(server) as database:
        found = World(server, database)
        try:
            yield found
        finally:
            found.close()


@pytest.fixture
def source() -> str:
    """A source that nobody has heard of."""
    return hashlib.sha256(new_id().bytes).hexdigest()[:32]


def rows(source: str | None, count: int, ward: int = HOME, **fields: Any) -> list[dict[str, Any]]:
    """New presses, as the hot path hands them over."""
    return [{"press_id": key, "ward_id": ward, "body_hash": hashlib.sha256(key.encode()).hexdigest(),
             "at": timezone.now().isoformat(), "lat": LAT, "lon": LON, "accuracy_m": 12, "location_source": "gps",
             "channel": "web", "kind": "fire", "priority": "P1", **({"source": source} if source else {}), **fields}
            for key in (str(new_id()) for _ in range(count))]


def sent(world: World, batch: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The answers of one batch."""
    answers: list[dict[str, Any]] = world.hot("SELECT live_open(%s::jsonb)", json.dumps(batch))
    return answers


def ended_up(answers: list[dict[str, Any]]) -> Counter[str]:
    """How many presses each incident has."""
    return Counter(a["incident_id"] for a in answers)


def crowd_of(answers: list[dict[str, Any]]) -> str:
    """The incident that more than one of these joined."""
    ((incident, times),) = ended_up(answers).most_common(1)
    assert times > 1
    return incident


def sql(world: World, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """Rows, past every wall."""
    return world.superuser.execute(statement.encode(), values).fetchall()


def presses(world: World, incident: str) -> list[dict[str, Any]]:
    """Those of an incident, as the desk reads them, all pages."""
    found: list[dict[str, Any]] = []
    page = world.read(f"/incidents/{incident}/presses")
    while True:
        found += page["items"]
        if page["next"] is None:
            return found
        page = world.read(f"/incidents/{incident}/presses?before={page['next']}")


def test_up_to_the_limit_each_press_is_an_incident_and_beyond_it_they_share_one(world: World, source: str) -> None:
    answers = [a for _ in range(8) for a in sent(world, rows(source, 20))]
    assert {a["status"] for a in answers[:LIMIT]} == {"created"} and len(ended_up(answers[:LIMIT])) == LIMIT
    assert {a["status"] for a in answers[LIMIT:]} == {"merged"} and len(ended_up(answers[LIMIT:])) == 1
    crowd = crowd_of(answers)
    ((state, priority, flag, repeats, lat),) = sql(
        world, "SELECT state, priority, one_source, repeats, lat FROM sos_incident WHERE id = %s", crowd)
    assert (state, priority, flag, repeats, lat) == ("received", "P1", True, 100, None)
    assert sql(world, "SELECT verb, rung FROM clocks_clock WHERE subject_id = %s", crowd) == [("escalate", 1)]
    assert dict(sql(world, "SELECT verb, count(*) FROM journal_entry WHERE subject_id = %s GROUP BY 1", crowd)) == {
        "raise": 1, "merge_press": 100}
    assert sql(world, "SELECT count(*) FROM sos_press WHERE incident_id = %s", crowd) == [(100,)]


def test_in_one_batch_too(world: World, source: str) -> None:
    answers = sent(world, rows(source, LIMIT + 40))
    assert ended_up(answers)[crowd_of(answers)] == 40
    assert len({a["seq"] for a in answers}) == LIMIT + 40, "each answer knows its own row of the journal"
    assert [a["seq"] for a in answers] == [seq for (seq,) in sql(
        world, "SELECT e.seq FROM unnest(%s::text[]) WITH ORDINALITY AS x(id, n) JOIN journal_entry e"
        " ON e.facts->>'press_id' = x.id AND e.ward_id = %s ORDER BY n", [a["press_id"] for a in answers], HOME)]


def test_a_retry_is_the_same_press_and_counts_for_nothing(world: World, source: str) -> None:
    first = rows(source, LIMIT)
    sent(world, first)
    for _ in range(3):
        assert {a["status"] for a in sent(world, first)} == {"repeat"}
    late = rows(source, 2)
    before = sent(world, late)
    again = sent(world, late)
    assert [a["status"] for a in again] == ["repeat", "repeat"]
    assert ended_up(before) == ended_up(again)
    (changed,) = sent(world, [{**late[0], "body_hash": "00"}])
    assert changed["status"] == "conflict"


def test_two_wards_two_sources_and_those_without_one_are_counted_apart(world: World, source: str) -> None:
    flood = sent(world, rows(source, LIMIT + 5) + rows(source, LIMIT, NEXT) + rows(None, LIMIT + 5)
                 + rows(source[::-1], LIMIT))
    assert [a["status"] for a in flood].count("merged") == 5
    there = sent(world, rows(source, 3, NEXT))
    assert crowd_of(there) != crowd_of(flood)
    assert sql(world, "SELECT ward_id FROM sos_incident WHERE id = %s", crowd_of(there)) == [(NEXT,)]


def test_a_device_that_presses_again_stays_with_its_own_incident(world: World, source: str) -> None:
    device = str(new_id())
    own = [sent(world, rows(source, 1, device_id=device))[0] for _ in range(3)]
    sent(world, rows(source, LIMIT))
    (again,) = sent(world, rows(source, 1, device_id=device))
    assert again["incident_id"] == own[-1]["incident_id"]


def test_a_source_is_collapsed_until_it_was_calm_for_a_minute(world: World, source: str) -> None:
    crowd = crowd_of(sent(world, rows(source, LIMIT + 2)))
    forward(world.superuser, timedelta(seconds=61))
    assert set(ended_up(sent(world, rows(source, LIMIT + 2)))) == {crowd}, "the next minute begins as the last one ended"
    forward(world.superuser, timedelta(seconds=61))
    assert set(ended_up(sent(world, rows(source, 5)))) == {crowd}
    forward(world.superuser, timedelta(seconds=61))
    calm = sent(world, rows(source, 5))
    assert {a["status"] for a in calm} == {"created"} and len(ended_up(calm)) == 5


def test_an_hour_later_nothing_is_known_of_a_source(world: World, source: str) -> None:
    sent(world, rows(source, LIMIT + 2))
    forward(world.superuser, timedelta(minutes=59))
    world.hot("SELECT live_forget_sources()")
    known = "SELECT count(*) FROM live_source WHERE source = decode(%s, 'hex')"
    assert sql(world, known, source) == [(1,)]
    forward(world.superuser, timedelta(minutes=2))
    world.hot("SELECT live_forget_sources()")
    assert sql(world, known, source) == [(0,)]


def test_when_it_was_dealt_with_and_goes_on_the_desk_is_called_again(world: World, source: str) -> None:
    crowd = crowd_of(sent(world, rows(source, LIMIT + 2)))
    world.verb(crowd, "acknowledge")
    assert set(ended_up(sent(world, rows(source, 2)))) == {crowd}, "being dealt with: they join"
    world.verb(crowd, "resolve", reason="một máy")
    later = crowd_of(sent(world, rows(source, 2)))
    assert later != crowd
    assert sql(world, "SELECT state, repeats FROM sos_incident WHERE id = %s", later) == [("received", 2)]


def test_strangers_who_share_it_neither_read_nor_speak_for_each_other(world: World, source: str) -> None:
    sent(world, rows(source, LIMIT))
    one, other = (a["press_id"] for a in sent(world, rows(source, 2, phone="+84900000001")))
    crowd = world.hot("SELECT live_status(%s)", one)["incident_id"]
    world.fact(one, "chat", text="tôi ở trong nhà")
    world.fact(one, "cancel")
    world.fact(one, "duress")
    world.fact(one, "fix", ward=NEXT, lat=11.0, lon=106.75)
    world.fact(one, "note", text="cửa sau")
    mine, theirs = (world.hot("SELECT live_status(%s)", press) for press in (one, other))
    assert [m["text"] for m in mine["messages"]] == ["tôi ở trong nhà"] and theirs["messages"] == []
    assert mine["cancel_requested_at"] and theirs["cancel_requested_at"] is None
    ((ward, lat, cancelled, duress, note),) = sql(
        world, "SELECT ward_id, lat, cancel_requested_at, duress, note FROM sos_incident WHERE id = %s", crowd)
    assert (ward, lat, cancelled, duress, note) == (HOME, None, None, False, "")
    world.desk.post(f"/api/incidents/{crowd}/messages", {"text": "Ai cần giúp?"}, JSON)
    assert [m["text"] for m in world.hot("SELECT live_status(%s)", other)["messages"]] == ["Ai cần giúp?"]
    whole = world.read(f"/incidents/{crowd}")
    assert [m["other"] for m in whole["messages"]] == [True, False]
    shown = {p["press_id"]: p for p in presses(world, crowd)}
    assert (shown[one]["lat"], shown[one]["cancelled"], shown[one]["duress"], shown[one]["may_ring_back"]) == (
        11.0, True, True, False)
    assert shown[one]["note"] == "tôi ở trong nhà\ncửa sau" and shown[one]["phone"] == "+84900000001"
    assert (shown[other]["lat"], shown[other]["may_ring_back"]) == (LAT, True)
    assert {e["verb"] for e in world.read(f"/incidents/{crowd}/timeline")["items"]} >= {"raise", "chat", "note"}


def test_the_desk_reads_all_of_them_page_by_page_and_a_crew_no_telephone(world: World, source: str) -> None:
    answers = sent(world, rows(source, LIMIT + 120, phone="+84900000002"))
    crowd = crowd_of(answers)
    shown = presses(world, crowd)
    assert [p["press_id"] for p in shown] != [] and len({p["press_id"] for p in shown}) == len(shown) == 120
    assert {p["phone"] for p in shown} == {"+84900000002"}
    crew = caller(staff("tuan9" + source[:4], (HOME, "responder")), HOME)
    seen = crew.get(f"/api/incidents/{crowd}/presses").json()["items"]
    assert {p["phone"] for p in seen} == {None}
    assert crew.post(f"/api/incidents/{crowd}/presses/{shown[0]['press_id']}/split").status_code == 403


def test_one_is_taken_out_into_an_incident_of_its_own(world: World, source: str) -> None:
    sent(world, rows(source, LIMIT))
    batch = rows(source, 3, phone="+84900000003", note="cháy bếp", kind="medical", priority="P2")
    answers = sent(world, batch)
    crowd, press = answers[0]["incident_id"], answers[1]["press_id"]
    world.fact(press, "fix", lat=LAT + 0.01, lon=LON, accuracy_m=3)
    world.fact(press, "chat", text="tầng hai")
    url = f"/api/incidents/{crowd}/presses/{press}/split"
    made = world.desk.post(url)
    assert made.status_code == 201, made.content.decode()
    own = made.json()
    assert (own["state"], own["priority"], own["kind"], own["phone"], own["note"], own["lat"], own["one_source"]) == (
        "received", "P2", "medical", "+84900000003", "cháy bếp", LAT + 0.01, False)
    assert [m["text"] for m in own["messages"]] == ["tầng hai"] and own["due_at"] is not None
    status = world.hot("SELECT live_status(%s)", press)
    assert (status["incident_id"], status["merged"]) == (own["id"], False)
    assert sql(world, "SELECT repeats FROM sos_incident WHERE id = %s", crowd) == [(2,)]
    assert press not in {p["press_id"] for p in presses(world, crowd)}
    assert sql(world, "SELECT subject_id::text, verb FROM journal_entry WHERE actor = %s AND facts->>'press_id' = %s"
               " ORDER BY seq", world.officer.actor, press) == [(crowd, "split_press"), (own["id"], "raise")]
    again = world.desk.post(url)
    assert (again.status_code, again.json()["id"]) == (201, own["id"]), "an answer that got lost makes no second one"
    assert sent(world, [batch[1]])[0]["incident_id"] == own["id"], "and the phone's retry is still the same press"
    world.verb(own["id"], "acknowledge")
    world.fact(press, "safe")
    assert world.read(f"/incidents/{own['id']}")["cancel_requested_at"] is not None, "it speaks for itself again"


def test_what_is_no_press_of_it_is_not_taken_out(world: World, source: str) -> None:
    answers = sent(world, rows(source, LIMIT + 2))
    crowd, plain = crowd_of(answers), answers[0]
    for incident, press in ((crowd, plain["press_id"]), (plain["incident_id"], plain["press_id"]), (crowd, str(new_id()))):
        assert world.desk.post(f"/api/incidents/{incident}/presses/{press}/split").status_code == 404


def say(world: World, press: str, kind: str, *data: dict[str, Any]) -> list[str]:
    """What becomes of facts of one kind, sent together."""
    answers = world.hot("SELECT live_facts(%s::jsonb)", json.dumps([
        {"fact_id": str(new_id()), "press_id": press, "kind": kind, "at": timezone.now().isoformat(), "data": one}
        for one in data]))
    return [a["status"] for a in answers]


def test_a_press_has_said_enough_after_two_hundred_things(world: World) -> None:
    press = world.press()
    assert set(say(world, press, "chat", *[{"text": "a"}] * 199)) == {"stored"}
    assert say(world, press, "note", {"text": "b"}, {"text": "c"}) == ["stored", "full"]
    assert say(world, press, "battery", {"level": 0.1}) == ["full"]
    assert say(world, press, "duress", {}) == ["stored"], "what matters most still comes through"
    assert say(world, press, "fix", {"lat": LAT, "lon": LON}) == ["stored"]
    other = world.press()
    assert say(world, other, "chat", {"text": "a"}) == ["stored"]


def test_or_after_a_quarter_of_a_megabyte_and_a_repeat_is_still_answered(world: World) -> None:
    press = world.press()
    assert set(say(world, press, "note", *[{"text": "x" * 2000}] * 129)) == {"stored"}
    fact = {"fact_id": str(new_id()), "press_id": press, "kind": "chat", "data": {"text": "y"}}
    for status in ("stored", "repeat"):
        assert world.hot("SELECT live_facts(%s::jsonb)", json.dumps([fact]))[0]["status"] == status
    assert set(say(world, press, "note", *[{"text": "x" * 2000}] * 3)) == {"stored", "full"}
    assert world.hot("SELECT live_facts(%s::jsonb)", json.dumps([fact]))[0]["status"] == "repeat"


def test_an_hour_of_moving_is_kept_thinned_out_and_the_last_place_is_right(world: World) -> None:
    press = world.press()
    for step in range(12):  # five minutes of a fix every four seconds, twelve times
        forward(world.superuser, timedelta(minutes=5))
        told = say(world, press, "fix", *[{"lat": LAT + (step * 75 + n) / 1e5, "lon": LON, "accuracy_m": 5}
                                          for n in range(75)])
        assert set(told) == {"stored"}
    ((kept, first, last),) = sql(world, "SELECT count(*), min((data->>'lat')::float8), max((data->>'lat')::float8)"
                                 " FROM sos_fact WHERE press_id = %s AND kind = 'fix'", press)
    assert 100 <= kept <= 300
    assert first < LAT + 0.0005 and last == LAT + 899 / 1e5
    assert sql(world, "SELECT lat FROM sos_incident WHERE id = %s", press) == [(LAT + 899 / 1e5,)]


def test_positions_faster_than_one_a_second_move_the_incident_and_leave_nothing(world: World) -> None:
    press = world.press()
    told = say(world, press, "fix", *[{"lat": LAT + n / 1e5, "lon": LON, "accuracy_m": 5} for n in range(100)])
    assert told[:60] == ["stored"] * 60 and told[-1] == "condensed"
    assert sql(world, "SELECT lat FROM sos_incident WHERE id = %s", press) == [(LAT + 99 / 1e5,)]
    ((rows_kept,),) = sql(world, "SELECT count(*) FROM journal_entry WHERE subject_id = %s AND verb = 'fix'", press)
    assert rows_kept <= 62


def test_a_long_chat_is_read_back_page_by_page_at_both_ends(world: World) -> None:
    press = world.press()
    for n in range(130):
        assert say(world, press, "chat", {"text": str(n)}) == ["stored"]
    page = world.hot("SELECT live_status(%s)", press)
    assert page["messages_total"] == 130
    seen, office = [m["text"] for m in page["messages"]], world.read(f"/incidents/{press}")
    assert seen == [m["text"] for m in office["messages"]] == [str(n) for n in range(80, 130)]
    older, there = page["messages_older"], office["messages_older"]
    while older:
        page = world.hot("SELECT live_messages(%s, %s)", press, older)
        items = world.read(f"/incidents/{press}/messages?before={there}")
        assert [m["text"] for m in page["messages"]] == [m["text"] for m in items["items"]]
        seen, older, there = [m["text"] for m in page["messages"]] + seen, page["messages_older"], items["older"]
    assert seen == [str(n) for n in range(130)] and there is None


def test_the_desk_reads_who_waits_longest_before_all_others_and_how_many_there_are(world: World) -> None:
    sql_delete = "DELETE FROM sos_incident WHERE ward_id = %s RETURNING id"
    sql(world, sql_delete, HOME)
    old = world.press()
    world.verb(old, "acknowledge")
    waiting = [a["incident_id"] for _ in range(6) for a in sent(world, rows(None, 100))]
    found, cursor = [], ""
    while True:
        page = world.read(f"/desk/queue?ward={HOME}" + (f"&cursor={cursor}" if cursor else ""))
        assert page["total"] == 601
        found += [i["id"] for i in page["items"]]
        if (cursor := page["next"]) is None:
            break
    times = dict(sql(world, "SELECT id::text, received_at FROM sos_incident WHERE ward_id = %s", HOME))
    assert found[-1] == old and set(found[:-1]) == set(waiting) and len(found) == 601
    assert [times[i] for i in found[:-1]] == sorted(times[i] for i in waiting)
    board = world.read(f"/desk/board?ward={HOME}")
    assert ([i["id"] for i in board["incidents"]], board["total"]) == (found[:500], 601)
    assert world.desk.get(f"/api/desk/queue?ward={HOME}&cursor=x").status_code == 422


def test_who_does_not_know_yet_where_they_are_are_counted_by_themselves(world: World, source: str) -> None:
    nowhere = {"lat": None, "lon": None, "accuracy_m": None, "location_source": "none"}
    lost = [a for _ in range(7) for a in sent(world, rows(source, 20, **nowhere))]
    assert len(ended_up(lost)) == 140, "all of a city's first presses stand in one ward until their first position"
    here = [a for _ in range(3) for a in sent(world, rows(source, 20))]
    assert len(ended_up(here)) == 60, "and hide nobody who does know"
    more = [a for _ in range(25) for a in sent(world, rows(source, 20, **nowhere))]
    assert len(ended_up(lost + more)) == 601


def test_a_school_that_tries_it_out_hides_no_real_press(world: World, source: str) -> None:
    tried = [a for _ in range(5) for a in sent(world, rows(source, 20, drill=True))]
    assert len(ended_up(tried)) == LIMIT + 1
    assert sql(world, "SELECT drill FROM sos_incident WHERE id = %s", crowd_of(tried)) == [(True,)]
    (real,) = sent(world, rows(source, 1))
    assert real["status"] == "created"
