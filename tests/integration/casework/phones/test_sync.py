"""What a phone is handed: its turfs and what a visit needs, nothing else of the ward; and only what is new or changed."""
from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from binhan.casework.appointments.models import Appointment
from binhan.casework.phones.models import Device
from binhan.casework.phones.rules.documents import told_at
from binhan.casework.visits.models import Turf
from binhan.commons.access.scope import ward_scope
from binhan.commons.clocks.actions import set_policy
from binhan.commons.clocks.models import Clock, Policy
from binhan.commons.clocks.tasks import sweep
from binhan.commons.context import clock_actions
from binhan.commons.journal.models import Entry
from binhan.kernel.ids import new_id
from tests.integration.casework.phones.phone import edit, heard, visit
from tests.integration.casework.phones.walk import Walk
from tests.integration.casework.visits.ground import HOME, NEXT, again, call, client, khu_pho, open_round

pytestmark = pytest.mark.django_db


def test_a_turf_comes_whole_and_again_only_what_changed(walk: Walk) -> None:
    phone, turf = walk.phone, walk.turfs[0]
    lines = phone.sync(turf.id)
    assert lines[0]["start"]["documents"] == len(lines) - 2 == lines[-1]["end"]["sent"]
    doors = walk.inside(turf)
    assert list(phone.of("door")) == [str(d.id) for d in doors]
    assert {k: len(phone.of(k)) for k in ("round", "turf", "notice", "codes", "ground", "issue", "promise")} == {
        "round": 1, "turf": 1, "notice": 2, "codes": 1, "ground": 1, "issue": 0, "promise": 0}
    assert [phone.sync(turf.id)[-1]["end"]["sent"] for _ in range(2)] == [0, 0]
    first = visit(walk.round, doors[0])
    assert phone.said(first, heard(first, reply_by="phone")) == ["stored", "stored"]
    changed = {(line["kind"], line["id"]) for line in phone.sync(turf.id)[1:-1]}
    assert {k for k, _ in changed} == {"door", "issue", "promise"} and ("door", str(doors[0].id)) in changed
    assert phone.of("door")[str(doors[0].id)]["state"] == "reached"


def test_leaving_a_turf_takes_its_doors_off_the_phone(walk: Walk) -> None:
    phone = walk.phone
    phone.sync(walk.turfs[0].id, walk.turfs[1].id)
    assert len(phone.of("door")) == sum(len(walk.inside(t)) for t in walk.turfs[:2])
    phone.sync(walk.turfs[1].id)
    assert list(phone.of("door")) == [str(d.id) for d in walk.inside(walk.turfs[1])]
    phone.sync()
    assert not phone.of("door") and not phone.of("turf") and len(phone.of("codes")) == 1


def test_a_phone_that_lost_half_of_its_store_is_repaired(walk: Walk) -> None:
    phone = walk.phone
    phone.sync(walk.turfs[0].id)
    whole = dict(phone.have)
    for name in list(phone.have)[::2]:
        del phone.have[name]
    phone.have[next(iter(phone.have))] = "0" * 16
    assert phone.sync(walk.turfs[0].id)[-1]["end"]["sent"] == len(whole) // 2 + len(whole) % 2 + 1
    assert phone.have == whole


def test_beyond_the_budget_nothing_is_sent(walk: Walk) -> None:
    phone = walk.phone
    limit = Policy(name="field.documents_max", amount=12, unit="n", valid_from=timezone.now(), source="thử")
    set_policy(HOME, "test", limit)
    told = phone.sync(walk.turfs[0].id, status=413)
    assert told["code"] == "over_budget" and told["budget"]["documents"] == 12 < told["documents"]
    limit.amount, limit.pk, limit.valid_from = 100, None, timezone.now()
    set_policy(HOME, "test", limit)
    phone.sync(*[t.id for t in walk.turfs[:2]])
    many = phone.sync(*[new_id() for _ in range(5)], status=413)
    assert (many["turfs"], many["budget"]["turfs"]) == (5, 4)
    assert Entry.objects.filter(verb="read", subject_kind="device").count() == 1, "what was refused was read by nobody"


def test_only_turfs_of_my_teams(walk: Walk) -> None:
    other, _ = khu_pho("KP Thử 2", 3, 1)
    theirs = Turf.objects.get(round=open_round(walk.office, other))
    told = walk.phone.sync(walk.turfs[0].id, theirs.id, new_id(), status=404)
    assert str(theirs.id) in told["turfs"] and str(walk.turfs[0].id) not in told["turfs"]
    assert [o["id"] for o in call(walk.phone.who, "get", "/field/turfs")["items"]] == [str(t.id) for t in walk.turfs]


def test_another_wards_turf_does_not_exist(walk: Walk) -> None:
    with ward_scope([NEXT], "test"):
        there, _ = khu_pho("KP Bên", 2, ward=NEXT)
        again(NEXT)
        theirs = Turf.objects.get(round=open_round(client("leadership", ward=NEXT), there, ward=NEXT))
    again()
    told = walk.phone.sync(theirs.id, status=404)
    assert told["turfs"] == [str(theirs.id)]
    call(client("desk_officer"), "post", "/field/devices", {"id": str(new_id()), "name": "x", "schema": 1}, 403)


def test_a_round_that_is_over_leaves_the_phone(walk: Walk) -> None:
    walk.phone.sync(walk.turfs[0].id)
    call(walk.office, "post", f"/rounds/{walk.round.id}/close")
    assert walk.phone.sync(walk.turfs[0].id)[-1]["end"]["gone"]
    assert not walk.phone.of("door") and not walk.phone.of("turf") and not walk.phone.of("round")


def test_a_turf_that_was_cut_anew_is_named(walk: Walk) -> None:
    walk.phone.sync(walk.turfs[0].id)
    call(walk.office, "post", f"/rounds/{walk.round.id}/plan")
    assert walk.phone.sync(walk.turfs[0].id, status=404)["turfs"] == [str(walk.turfs[0].id)]


def test_what_a_neighbouring_team_heard_is_not_on_my_phone(walk: Walk) -> None:
    call(walk.office, "post", f"/rounds/{walk.round.id}/close")
    second = open_round(walk.office, walk.area, name="Đợt sau", teams=[{
        "name": "Tổ khác", "areas": [str(walk.area.id)],
        "members": [{"account": str(client("team_member").account.id)}]}])  # type: ignore[attr-defined]
    door = walk.inside(walk.turfs[0])[0]
    at = visit(walk.round, door)
    walk.phone.said(at, heard(at, words="điều đã nghe"))
    turf = Turf.objects.filter(round=second, doors__dwelling=door).get()
    walk.phone.sync(turf.id, status=404)
    assert not walk.phone.of("issue")


def test_each_read_is_one_row_and_the_office_sees_what_a_phone_carries(walk: Walk) -> None:
    lines = walk.phone.sync(walk.turfs[0].id)
    (row,) = Entry.objects.filter(verb="read", subject_id=walk.phone.id)
    assert row.facts == {"purpose": "casework", "documents": len(lines) - 2, "sent": len(lines) - 2,
                         "turfs": [str(walk.turfs[0].id)]}
    (shown,) = [d for d in call(walk.office, "get", "/field/devices")["items"] if d["id"] == walk.phone.id]
    assert (shown["documents"], shown["turfs"]) == (len(lines) - 2, [str(walk.turfs[0].id)])
    mine = [o["mine"] for o in call(walk.phone.who, "get", "/field/turfs")["items"]]
    assert mine == [True, *[False] * (len(walk.turfs) - 1)]


def test_the_number_of_queries_does_not_grow_with_the_doors(walk: Walk) -> None:
    counts = []
    for turfs in (walk.turfs[:1], walk.turfs):
        for door in walk.inside(turfs[-1])[:3]:
            at = visit(walk.round, door)
            walk.phone.said(at, heard(at), edit(door, "landmark", "", "cổng xanh"))
        with CaptureQueriesContext(connection) as queries:
            walk.phone.sync(*[t.id for t in turfs])
        counts.append(len(queries))
    assert counts[1] <= counts[0] <= 48, counts
    with CaptureQueriesContext(connection) as queries:
        call(walk.phone.who, "get", "/field/turfs")
    assert len(queries) <= 20


def test_names_of_documents_are_names(walk: Walk) -> None:
    for name in ("person/" + "0" * 36, "door/x", "../door"):
        answer = walk.phone.who.post("/api/field/sync", {"device": walk.phone.id, "schema": 1, "turfs": [],
                                                         "have": {name: "x"}}, "application/json")
        again()
        assert answer.status_code == 422
    assert Device.objects.get(id=walk.phone.id).synced_at is None


def test_a_phone_carries_no_name_of_a_resident(walk: Walk) -> None:
    walk.phone.sync(walk.turfs[0].id)
    fields = {key for body in walk.phone.of("door").values() for key in body}
    assert not fields & {"name", "people", "phone", "full_name", "birth_year", "person"}


def test_a_time_that_the_household_changed_or_gave_up_stands_at_the_door_too(walk: Walk) -> None:
    begin = timezone.now().replace(microsecond=0) + timedelta(days=2)
    doors = walk.doors[:2]
    assert walk.phone.said(*(visit(walk.round, d, "come_back", come_back_at=begin.isoformat()) for d in doors)) == [
        "stored"] * 2
    moved, declined = (Appointment.objects.get(dwelling=d) for d in doors)
    later = begin + timedelta(hours=5)
    call(walk.office, "post", f"/appointments/{moved.id}/move", {
        "from_at": later.isoformat(), "to_at": (later + timedelta(hours=1)).isoformat()})
    call(walk.office, "post", f"/appointments/{declined.id}/decline")

    def shown() -> list[Any]:
        walk.phone.sync(*[t.id for t in walk.turfs])
        return [walk.phone.of("door")[str(d.id)]["come_back_at"] for d in doors]
    assert shown() == [told_at(later), None]
    Clock.objects.filter(subject_id=declined.id).update(due_at=timezone.now() - timedelta(minutes=1))
    sweep({}, clock_actions())
    again()
    assert shown() == [told_at(later), None], "not forgotten while the team still walks: it would come back after all"
    assert Clock.objects.get(subject_id=declined.id).due_at > timezone.now()
    call(walk.office, "post", f"/rounds/{walk.round.id}/cancel", {"reason": "bão"})
    Clock.objects.filter(subject_id=declined.id).update(due_at=timezone.now() - timedelta(minutes=1))
    sweep({}, clock_actions())
    again()
    assert Appointment.objects.get(id=declined.id).state == "forgotten"
