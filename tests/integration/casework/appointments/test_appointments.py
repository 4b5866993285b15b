"""Appointments over HTTP and by code: agreed, moved, declined, kept, missed, forgotten; whoever was first is said."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from binhan.casework.appointments.lifecycle import APPOINTMENT, By
from binhan.casework.appointments.models import Appointment, VisitHours
from binhan.casework.appointments.pages import slip as pages
from binhan.casework.appointments.queries import appointments_for
from binhan.casework.appointments.rules.guess import Throttle
from binhan.casework.appointments.rules.slips import slip_code
from binhan.casework.households.models import Dwelling
from binhan.casework.visits.models import Round
from binhan.commons.access.scope import ward_scope
from binhan.commons.clocks.models import Clock
from binhan.commons.clocks.tasks import sweep
from binhan.commons.context import clock_actions
from binhan.commons.journal.models import Entry
from binhan.kernel.cursors import as_cursor
from binhan.kernel.ids import new_id
from tests.integration.casework.visits.ground import HOME, NEXT, again, call, client, khu_pho, open_round, send, visit

pytestmark = pytest.mark.django_db
Ground = tuple[Round, list[Dwelling], Client, Client]


@pytest.fixture(autouse=True)
def _scope(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(pages, "GUESSES", Throttle())
    with ward_scope([HOME], "test"):
        yield


@pytest.fixture
def ground() -> Ground:
    """A round of six doors, its team and who plans."""
    area, doors = khu_pho("KP Thử 1", 6)
    office = client("leadership")
    row = open_round(office, area)
    return row, doors, client("team_member", area.id), office


def at(days: int, hour: int) -> datetime:
    return timezone.localtime().replace(hour=hour, minute=0, second=0, microsecond=0) + timedelta(days=days)


def wish(row: Round, door: Dwelling, days: int = 2, hour: int = 9, **fields: Any) -> dict[str, Any]:
    begin = at(days, hour)
    return {"round": str(row.id), "dwelling": str(door.id), "from_at": begin.isoformat(),
            "to_at": (begin + timedelta(hours=1)).isoformat(), **fields}


def due(key: Any) -> None:
    """The clock of an appointment rings now."""
    Clock.objects.filter(subject_id=key).update(due_at=timezone.now() - timedelta(seconds=1))
    sweep({}, {k: a for k, a in clock_actions().items() if k[0] == "appointment"})
    again()


def test_agreed_once_with_a_clock_and_no_door_in_the_journal(ground: Ground) -> None:
    row, doors, team, office = ground
    made = call(team, "post", "/appointments", wish(row, doors[0], note="gọi cổng sau"), 201)
    assert (made["state"], made["note"], made["verbs"]) == ("booked", "gọi cổng sau", ["move", "decline", "keep", "miss"])
    assert call(team, "post", "/appointments", wish(row, doors[0], note="gọi cổng sau"))["moved_at"] == made["moved_at"]
    clock = Clock.objects.get(subject_id=made["id"])
    assert (clock.policy, clock.due_at) == ("appointment.come_within", at(2, 10) + timedelta(minutes=30))
    entries = [(e.verb, set(e.facts)) for e in Entry.objects.filter(subject_id=made["id"])]
    assert entries == [("book", {"state", "round_id"})]
    assert [i["id"] for i in call(office, "get", "/appointments")["items"]] == [made["id"]]
    assert call(office, "get", f"/appointments/{made['id']}")["verbs"] == ["move", "decline", "keep", "drop"]
    again()
    assert appointments_for(HOME, [doors[0].id, doors[1].id]) == [(Appointment.objects.get().id, {
        "dwelling": str(doors[0].id), "from_at": at(2, 9), "to_at": at(2, 10), "state": "booked", "state_name": "đã hẹn",
        "note": "gọi cổng sau"})]


def test_whoever_was_first_is_said(ground: Ground) -> None:
    row, doors, team, office = ground
    made = call(team, "post", "/appointments", wish(row, doors[0]), 201)
    path = f"/appointments/{made['id']}"
    call(office, "post", f"{path}/move", {"from_at": at(3, 9).isoformat(), "to_at": at(3, 11).isoformat()})
    lost = call(team, "post", f"{path}/move", {"from_at": at(4, 9).isoformat(), "to_at": at(4, 11).isoformat(),
                                              "seen_at": made["moved_at"]}, 409)
    assert (lost["code"], lost["state"], lost["from_at"]) == ("state_changed", "booked", at(3, 9).astimezone(
        datetime.fromisoformat(lost["from_at"]).tzinfo).isoformat())
    assert lost["moved_by"] and "moved_at" in lost
    assert call(team, "post", f"{path}/keep")["state"] == "kept"
    assert call(team, "post", f"{path}/keep")["state"] == "kept", "a retry"
    assert call(office, "post", f"{path}/decline", status=409)["state"] == "kept"
    assert not Clock.objects.filter(subject_id=made["id"]).exists()


def test_needs_and_rights_of_verbs(ground: Ground) -> None:
    row, doors, team, office = ground
    path = f"/appointments/{call(team, 'post', '/appointments', wish(row, doors[0]), 201)['id']}"
    assert call(team, "post", f"{path}/move", status=422)["missing"] == ["from_at", "to_at"]
    assert call(office, "post", f"{path}/drop", status=422)["missing"] == ["reason"]
    call(team, "post", f"{path}/drop", {"reason": "x"}, 403)
    for verb in ("chase", "forget", "explode"):
        call(office, "post", f"{path}/{verb}", status=404)
    assert call(office, "post", f"{path}/drop", {"reason": "đợt dừng sớm"})["state"] == "dropped"


def test_bad_input_is_refused_in_words(ground: Ground) -> None:
    row, doors, team, _ = ground
    good = wish(row, doors[0])
    for body, code in (({**good, "to_at": good["from_at"]}, "bad_times"),
                       ({**good, "to_at": at(5, 9).isoformat()}, "bad_times"),
                       ({k: v for k, v in good.items() if k != "to_at"}, "bad_times"), ({**good, "mood": "x"}, "invalid"),
                       ({**good, "from_at": "2026-11-30T09:00:00"}, "invalid"), ({**good, "note": "x" * 201}, "invalid")):
        assert call(team, "post", "/appointments", body, 422)["code"] == code
    call(team, "post", "/appointments", {**good, "dwelling": str(new_id())}, 404)
    call(team, "post", "/appointments", {**good, "round": str(new_id())}, 404)
    assert call(team, "get", "/appointments?state=sleeping", status=422)["code"] == "unknown_state"


def test_walls(ground: Ground) -> None:
    row, doors, team, office = ground
    made = call(team, "post", "/appointments", wish(row, doors[0]), 201)
    other, _ = khu_pho("KP Thử 2", 1, 1)
    for stranger in (client("team_member", other.id), client("leadership", ward=NEXT), client("desk_officer")):
        call(stranger, "get", f"/appointments/{made['id']}", status=404)
        call(stranger, "post", f"/appointments/{made['id']}/decline", status=404)
        call(stranger, "post", "/appointments", wish(row, doors[1]), 404)
    assert call(client("team_member", other.id), "get", "/appointments")["items"] == []
    call(client("desk_officer"), "get", "/appointments", status=403)
    with ward_scope([NEXT], "test"):
        assert not Appointment.objects.exists() and appointments_for(HOME, [doors[0].id]) == []


def test_visits_agree_keep_and_end(ground: Ground) -> None:
    row, doors, team, office = ground
    assert send(team, *[visit(row, d, "come_back") for d in doors[:4]]) == ["stored"] * 4
    assert {a.state for a in Appointment.objects.all()} == {"booked"}
    back = visit(row, doors[1], "come_back", come_back_at=at(3, 15).isoformat())
    assert send(team, back) == ["stored"] and send(team, back) == ["same"]
    later = [visit(row, doors[0]), visit(row, doors[2], "refused"), visit(row, doors[3], "not_home")]
    assert send(team, *later) == ["stored"] * 3
    states = {a.dwelling_id: (a.state, a.from_at) for a in Appointment.objects.all()}
    assert len(states) == 4
    assert states[doors[0].id][0] == "kept" and states[doors[1].id] == ("booked", at(3, 15))
    assert states[doors[2].id][0] == "declined", "a refusal ends the waiting, nothing else"
    assert states[doors[3].id][0] == "booked", "knocking before the hour is not having come for it"
    assert [e.verb for e in Entry.objects.filter(subject_kind="appointment").order_by("seq")].count("move") == 1
    lines = call(team, "get", f"/rounds/{row.id}/revisits")["items"]
    assert [x["dwelling"] for x in lines] == [str(doors[3].id), str(doors[1].id)]


def test_what_was_agreed_later_stands(ground: Ground) -> None:
    row, doors, team, _ = ground
    call(team, "post", "/appointments", wish(row, doors[0]), 201)
    long_ago = timezone.now() - timedelta(hours=5)
    then = {"started_at": (long_ago - timedelta(minutes=9)).isoformat(), "ended_at": long_ago.isoformat()}
    old, met = visit(row, doors[0], "come_back", **then), visit(row, doors[0], **then)
    assert send(team, old, met) == ["stored", "stored"]
    assert (Appointment.objects.get().state, Appointment.objects.get().from_at) == ("booked", at(2, 9))


def test_a_passed_hour_is_missed_chased_and_made_good(ground: Ground) -> None:
    row, doors, team, office = ground
    key = call(team, "post", "/appointments", wish(row, doors[0]), 201)["id"]
    hour, now = timedelta(hours=1), timezone.now()
    Appointment.objects.filter(id=key).update(from_at=now - 2 * hour, to_at=now - hour)
    due(key)
    assert Appointment.objects.get().state == "missed"
    assert [(p["appointment"], p["late"]) for p in call(office, "get", "/promises?late=1")["items"]] == [(key, True)]
    assert call(team, "get", f"/rounds/{row.id}/revisits")["items"][0]["late"] is True
    due(key)
    due(key)
    assert (Appointment.objects.get().level, Clock.objects.get(subject_id=key).rung) == (2, 3)
    assert send(team, visit(row, doors[0], "not_home")) == ["stored"], "it came, late"
    assert Appointment.objects.get().state == "kept" and call(office, "get", "/promises?late=1")["items"] == []


def test_when_the_round_is_over_nobody_is_waited_for(ground: Ground) -> None:
    row, doors, team, office = ground
    key = call(team, "post", "/appointments", wish(row, doors[0]), 201)["id"]
    call(office, "post", f"/rounds/{row.id}/cancel", {"reason": "bão"})
    due(key)
    assert Appointment.objects.get().state == "expired" and not Clock.objects.filter(subject_id=key).exists()
    assert call(team, "post", "/appointments", wish(row, doors[1]), 409)["code"] == "round_ended"


def test_an_offer_that_nobody_takes_expires(ground: Ground) -> None:
    row, doors, team, _ = ground
    made = call(team, "post", "/appointments", {"round": str(row.id), "dwelling": str(doors[0].id)}, 201)
    assert (made["state"], made["from_at"]) == ("offered", None)
    assert call(team, "post", "/appointments", {"round": str(row.id), "dwelling": str(doors[0].id)})["id"] == made["id"]
    due(made["id"])
    assert Appointment.objects.get().state == "expired"


def test_what_was_declined_is_forgotten(ground: Ground) -> None:
    row, doors, team, _ = ground
    key = call(team, "post", "/appointments", wish(row, doors[0], note="chó dữ"), 201)["id"]
    call(team, "post", f"/appointments/{key}/decline")
    assert Appointment.objects.get().note == ""
    due(key)
    gone = Appointment.objects.get()
    assert (gone.state, gone.dwelling_id, gone.from_at, gone.to_at, gone.note) == ("forgotten", None, None, None, "")
    assert call(team, "post", "/appointments", wish(row, doors[0]), 201)["id"] != key


def test_queries_do_not_grow(ground: Ground) -> None:
    row, doors, team, office = ground

    def count(path: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            call(office, "get", path)
        return len(seen)

    call(team, "post", "/appointments", wish(row, doors[0]), 201)
    paths = ("/appointments", "/promises", f"/rounds/{row.id}/revisits")
    few = [count(p) for p in paths]
    for n in range(1, 6):
        call(team, "post", "/appointments", wish(row, doors[n], hour=8 + n), 201)
    assert [count(p) for p in paths] <= few and max(few) < 25


def test_every_verb_of_people_is_an_address() -> None:
    assert {m.verb for m in APPOINTMENT.moves if m.by in (By.TEAM, By.OFFICE)} == {
        "book", "move", "decline", "keep", "miss", "drop"}
    assert VisitHours.objects.filter(ward_id=0).exists() and slip_code(settings.ENV.key, new_id(), new_id())


def test_a_time_without_a_zone_and_a_cursor_of_nobody_are_refused(ground: Ground) -> None:
    row, doors, team, _ = ground
    call(team, "post", "/appointments", wish(row, doors[0]), 201)
    call(team, "get", f"/rounds/{row.id}/revisits?before=2026-12-01T08:00:00", status=422)
    assert call(team, "get", f"/rounds/{row.id}/revisits?before=2046-12-01T08:00:00Z")["items"]
    for first in ("x", -5, [], 2**40, 1.5, "2026-12-01T08:00:00"):
        assert call(team, "get", f"/appointments?cursor={as_cursor(first, new_id())}", status=422)["code"] == "bad_cursor"


def test_an_offer_changes_nothing_of_what_is_agreed(ground: Ground) -> None:
    row, doors, team, _ = ground
    agreed = call(team, "post", "/appointments", wish(row, doors[0]), 201)
    offer = {"round": str(row.id), "dwelling": str(doors[0].id)}
    assert call(team, "post", "/appointments", offer)["from_at"] == agreed["from_at"]
