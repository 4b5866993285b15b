"""Phones: registered by a team member, theirs alone, wiped and retired at once, missed by their clocks."""
from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from binhan.casework.phones.models import Device
from binhan.commons.access.models import ApiToken
from binhan.commons.access.scope import ward_scope
from binhan.commons.clocks.actions import set_policy
from binhan.commons.clocks.models import Clock, Policy
from binhan.commons.clocks.tasks import sweep
from binhan.commons.context import clock_actions
from binhan.commons.journal.models import Entry
from binhan.kernel.ids import new_id
from tests.integration.casework.phones.phone import Phone, visit
from tests.integration.casework.phones.walk import Walk
from tests.integration.casework.visits.ground import HOME, NEXT, again, call, client

pytestmark = pytest.mark.django_db


def test_registered_with_what_it_must_know() -> None:
    phone = Phone(client("team_member"))
    told = phone.register()
    assert told["pin"] == {"digits": 6, "tries": 10, "idle_s": 300}
    assert told["budget"] == {"documents": 600, "turfs": 4, "bytes": 8_000_000}
    assert (told["ward_id"], told["ward_code"], told["demo"]) == (HOME, "25888", True)
    left = datetime.fromisoformat(told["expires_at"]) - timezone.now()
    assert timedelta(days=29) < left <= timedelta(days=30)
    answer = phone.who.get("/api/field/device", headers={"X-Device": phone.id})
    again()
    assert answer.json()["device"] == phone.id and "token" not in answer.json()
    assert Clock.objects.get(subject_id=phone.id).policy == "field.unheard_within"


def test_the_ward_sets_its_own_rules() -> None:
    own = (("field.pin_digits", 8, "n"), ("field.idle_lock", 60, "s"), ("field.token_within", 3600, "s"))
    for name, amount, unit in own:
        set_policy(HOME, "test", Policy(name=name, amount=amount, unit=unit, valid_from=timezone.now(), source="thử"))
    told = Phone(client("team_member")).register()
    assert (told["pin"]["digits"], told["pin"]["idle_s"]) == (8, 60)
    assert datetime.fromisoformat(told["expires_at"]) < timezone.now() + timedelta(minutes=61)


def test_registering_again_ends_the_old_token_and_keeps_the_count(walk: Walk) -> None:
    phone = walk.phone
    assert phone.said(visit(walk.round, walk.doors[0])) == ["stored"]
    old, session = phone.who, Client()
    session.force_login(Device.objects.get(id=phone.id).account)
    answer = session.post("/api/field/devices", {"id": phone.id, "name": "Máy thử", "schema": 1}, "application/json")
    again()
    assert answer.status_code == 201 and answer.json()["received_to"] == 1
    assert old.get("/api/field/device", headers={"X-Device": phone.id}).status_code == 401


def test_a_lost_token_does_not_renew_itself() -> None:
    phone = Phone(client("team_member"))
    first = phone.register()
    with ward_scope([HOME], "test"):
        ApiToken.objects.filter(account=Device.objects.get(id=phone.id).account).update(
            expires_at=timezone.now() + timedelta(hours=2))
    assert phone.register()["expires_at"] < first["expires_at"]


def test_for_team_members_only() -> None:
    said = {"id": str(new_id()), "name": "x", "schema": 1}
    for role in ("leadership", "social_officer", "khu_pho_board", "desk_officer", "responder", "administrator"):
        call(client(role), "post", "/field/devices", said, 403)
    call(client("team_member"), "post", "/field/devices", {**said, "id": str(uuid4())}, 422)
    call(client("team_member"), "post", "/field/devices", {**said, "ward": NEXT}, 403)
    assert Client().post("/api/field/devices", {"id": str(new_id())}, "application/json").status_code == 401


def test_somebody_elses_phone_is_nobodys_business(walk: Walk) -> None:
    thief = walk.another()
    thief.id = walk.phone.id
    assert thief.sync(walk.turfs[0].id, status=404)["code"] == "not_found"
    assert thief.send(visit(walk.round, walk.doors[0]), status=404)["code"] == "not_found"
    call(thief.who, "post", "/field/devices", {"id": walk.phone.id, "name": "x", "schema": 1}, 409)
    call(thief.who, "post", f"/field/devices/{walk.phone.id}/wipe", {"reason": "x"}, 404)
    assert thief.who.get("/api/field/device", headers={"X-Device": walk.phone.id}).status_code == 404
    forged = Phone(Client(headers={"Authorization": "Bearer ba_" + "x" * 32}), id=walk.phone.id)
    forged.sync(status=401)
    forged.send(visit(walk.round, walk.doors[0]), status=401)
    again()
    assert Device.objects.get(id=walk.phone.id).received_to == 0


def test_a_lost_phone_is_wiped(walk: Walk) -> None:
    phone, stranger = walk.phone, Client()
    order = f"/api/field/devices/{phone.id}/order"
    assert stranger.get(order).json() == stranger.get(f"/api/field/devices/{new_id()}/order").json() == {"order": "none"}
    wiped = f"/api/field/devices/{phone.id}/wiped"
    assert stranger.post(wiped, {"unsent": 0}, "application/json").status_code == 409
    again()
    call(walk.office, "post", f"/field/devices/{phone.id}/wipe", status=422)
    assert call(walk.office, "post", f"/field/devices/{phone.id}/wipe", {"reason": "mất máy"})["state"] == "wiping"
    phone.sync(walk.turfs[0].id, status=401)
    phone.send(visit(walk.round, walk.doors[0]), status=401)
    assert stranger.get(order).json() == {"order": "wipe"}
    again()
    assert Clock.objects.get(subject_id=phone.id).policy == "field.wipe_within"
    for _ in range(2):
        answer = stranger.post(wiped, {"unsent": 3}, "application/json")
        assert (answer.status_code, answer.json()) == (200, {"state": "wiped"})
    again()
    assert stranger.get(order).json() == {"order": "none"}
    again()
    device = Device.objects.get(id=phone.id)
    assert (device.unsent, device.reason) == (3, "mất máy") and not Clock.objects.filter(subject_id=phone.id).exists()
    verbs = list(Entry.objects.filter(subject_id=phone.id).order_by("seq").values_list("verb", flat=True))
    assert verbs == ["register", "wipe", "wiped"]
    assert "mất máy" not in str(list(Entry.objects.filter(subject_id=phone.id).values_list("facts", flat=True)))
    account = device.account
    back = Client()
    back.force_login(account)
    said = {"id": phone.id, "name": "x", "schema": 1}
    assert back.post("/api/field/devices", said, "application/json").status_code == 409


def test_its_member_wipes_it_too_and_an_administrator(walk: Walk) -> None:
    mine = client("team_member")
    one, two = Phone(mine), walk.another()
    one.register()
    assert call(mine, "post", f"/field/devices/{one.id}/wipe", {"reason": "rơi máy"})["state"] == "wiping"
    assert [d["id"] for d in call(mine, "get", "/field/devices")["items"]] == [one.id]
    boss = client("administrator")
    assert {d["id"] for d in call(boss, "get", f"/field/devices?ward={HOME}")["items"]} >= {one.id, two.id}
    assert call(boss, "post", f"/field/devices/{two.id}/retire")["state"] == "retired"
    two.sync(status=401)
    call(client("leadership", ward=NEXT), "post", f"/field/devices/{walk.phone.id}/wipe", {"reason": "x"}, 404)
    call(client("leadership", walk.area.id), "post", f"/field/devices/{walk.phone.id}/wipe", {"reason": "x"}, 404)


def test_a_phone_that_is_not_heard_of_is_missed_and_one_that_does_not_wipe_is_chased(walk: Walk) -> None:
    device = Device.objects.get(id=walk.phone.id)
    long_ago = timezone.now() - timedelta(days=15)
    Clock.objects.filter(subject_id=device.id).update(due_at=long_ago)
    sweep({}, clock_actions())
    again()
    assert not Entry.objects.filter(verb="miss").exists(), "it was heard of today"
    assert Clock.objects.get(subject_id=device.id).due_at > timezone.now() + timedelta(days=13)
    Device.objects.filter(id=device.id).update(seen_at=long_ago)
    Clock.objects.filter(subject_id=device.id).update(due_at=long_ago)
    sweep({}, clock_actions())
    again()
    assert Entry.objects.get(verb="miss").facts == {"state": "active", "level": 1}
    call(walk.office, "post", f"/field/devices/{device.id}/wipe", {"reason": "mất"})
    Clock.objects.filter(subject_id=device.id).update(due_at=long_ago)
    sweep({}, clock_actions())
    again()
    assert Entry.objects.get(verb="chase", subject_id=device.id).facts == {"state": "wiping", "level": 1}


def test_what_a_lost_phone_made_with_its_token_ends_when_it_is_wiped(walk: Walk) -> None:
    phone = walk.phone
    made = [call(phone.who, "post", "/tokens", {"name": "lén"})["token"]]
    phone.register()  # a new token in place of the old one
    made += [call(phone.who, "post", "/tokens", {"name": "lén"})["token"]]
    second = Phone(phone.who)
    second.register()
    others = [*(Client(headers={"Authorization": f"Bearer {plain}"}) for plain in made), second.who]
    assert [c.get("/api/me").status_code for c in others] == [200] * 3
    again()
    call(walk.office, "post", f"/field/devices/{phone.id}/wipe", {"reason": "mất máy"})
    assert [c.get("/api/me").status_code for c in [phone.who, *others]] == [401] * 4
    again()
