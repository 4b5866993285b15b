"""Two values for one field of a door: both are kept until somebody decides, at the door or the office; the first wins."""
from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from binhan.casework.field.models import Conflict, DoorFact
from binhan.casework.households.models import Dwelling
from binhan.commons.clocks.models import Clock
from binhan.commons.clocks.tasks import sweep
from binhan.commons.context import clock_actions
from binhan.commons.journal.models import Entry
from tests.integration.casework.phones.phone import edit, item
from tests.integration.casework.phones.walk import Walk
from tests.integration.casework.visits.ground import NEXT, again, call, client, khu_pho

pytestmark = pytest.mark.django_db


def landmark(walk: Walk) -> str:
    return Dwelling.objects.get(id=walk.doors[0].id).landmark


def two_values(walk: Walk, field: str = "landmark", base: Any = "", a: Any = "cổng xanh", b: Any = "cây xoài") -> Any:
    """Another phone has said A; mine says B without having seen it. The card."""
    other = walk.another()
    assert other.said(edit(walk.doors[0], field, base, a)) == ["stored"]
    (told,) = walk.phone.send(edit(walk.doors[0], field, base, b))
    assert told["status"] == "conflict"
    return told["conflict"]


def settle(card: Any, keep: str) -> dict[str, Any]:
    return item("settle", {"conflict": card["id"], "keep": keep})


def test_compare_and_set(walk: Walk) -> None:
    door, phone = walk.doors[0], walk.phone
    assert phone.said(edit(door, "landmark", "", "cổng xanh"), edit(door, "landmark", "cổng xanh", "cổng đỏ"),
                      edit(door, "landmark", "sai", " cổng đỏ ")) == ["stored", "stored", "same"]
    assert phone.said(edit(door, "kind", "house", "room"), edit(door, "occupants", None, 4), edit(
        door, "best_time", "", "evening"), edit(door, "position", {"lat": door.lat, "lon": door.lon},
                                               {"lat": 11.1, "lon": 106.8})) == ["stored"] * 4
    door.refresh_from_db()
    assert (door.landmark, door.kind, door.occupants, door.best_time, door.lat, door.lon) == (
        "cổng đỏ", "room", 4, "evening", 11.1, 106.8)
    phone.sync(*[t.id for t in walk.turfs])
    shown = phone.of("door")[str(door.id)]
    assert set(shown["facts"]) == {"landmark", "kind", "occupants", "best_time", "position"}
    assert shown["facts"]["landmark"]["by"].startswith("Mẫu team_member-")
    assert "cổng" not in str(list(Entry.objects.filter(subject_id=door.id).values_list("facts", flat=True)))


def test_both_values_stand_on_the_card_with_who_and_when(walk: Walk) -> None:
    card = two_values(walk)
    assert (card["a"]["value"], card["b"]["value"], card["both"], landmark(walk)) == (
        "cổng xanh", "cây xoài", True, "cổng xanh")
    assert card["a"]["by"] != card["b"]["by"] and card["a"]["at"] <= card["b"]["at"]
    walk.phone.sync(*[t.id for t in walk.turfs])
    assert walk.phone.of("conflict")[card["id"]]["b"] == card["b"]
    (listed,) = call(walk.office, "get", "/conflicts")["items"]
    assert (listed["id"], listed["verbs"], listed["field_name"]) == (card["id"], ["settle"], "mốc dễ nhận")
    assert Clock.objects.get(subject_id=card["id"]).policy == "conflict.settle_within"


def test_the_registers_own_value_has_no_author(walk: Walk) -> None:
    Dwelling.objects.filter(id=walk.doors[0].id).update(access_note="cửa sau")
    (told,) = walk.phone.send(edit(walk.doors[0], "access_note", "", "cửa trước"))
    assert told["conflict"]["a"]["by"] == "sổ hộ"


@pytest.mark.parametrize(("keep", "stands"), [("a", "cổng xanh"), ("b", "cây xoài"), ("both", "cổng xanh; cây xoài")])
def test_settled_at_the_door(walk: Walk, keep: str, stands: str) -> None:
    card = two_values(walk)
    mine = settle(card, keep)
    assert walk.phone.said(mine, mine) == ["stored", "same"]
    assert landmark(walk) == stands
    row = Conflict.objects.get()
    assert (row.state, row.keep, row.a_value, row.b_value) == ("settled", keep, "cổng xanh", "cây xoài")
    assert not Clock.objects.filter(subject_id=row.id).exists()
    assert call(walk.office, "get", "/conflicts")["items"] == []
    if keep == "b":
        assert DoorFact.objects.get().by == row.b_by, "whoever gave the value, not whoever chose it"


def test_settled_at_the_office_the_first_wins(walk: Walk) -> None:
    card = two_values(walk)
    path = f"/conflicts/{card['id']}/settle"
    assert call(walk.office, "post", path, status=422)["missing"] == ["keep"]
    call(walk.office, "post", path, {"keep": "c"}, 422)
    assert call(walk.office, "post", path, {"keep": "b"})["state"] == "settled"
    assert call(walk.office, "post", path, {"keep": "b"})["state"] == "settled", "a lost answer"
    assert call(walk.office, "post", path, {"keep": "a"}, 409)["keep"] == "b"
    (late,) = walk.phone.send(settle(card, "a"))
    assert (late["status"], late["code"], landmark(walk)) == ("refused", "state_changed", "cây xoài")
    assert late["server"]["moved_by"].startswith("Mẫu leadership-")


def test_who_had_not_seen_what_a_became_sees_the_card_again(walk: Walk) -> None:
    card = two_values(walk)
    walk.phone.sync(*[t.id for t in walk.turfs])
    third = walk.another()
    assert third.said(edit(walk.doors[0], "landmark", "cổng xanh", "cổng mới sơn")) == ["stored"]
    (told,) = walk.phone.send(settle(card, "b"))
    assert (told["status"], told["conflict"]["a"]["value"], landmark(walk)) == (
        "conflict", "cổng mới sơn", "cổng mới sơn")
    walk.phone.sync(*[t.id for t in walk.turfs])
    assert walk.phone.said(settle(card, "b")) == ["stored"] and landmark(walk) == "cây xoài"


def test_at_the_office_too(walk: Walk) -> None:
    card = two_values(walk)
    seen_at = call(walk.office, "get", "/conflicts")["at"]
    walk.another().said(edit(walk.doors[0], "landmark", "cổng xanh", "cổng mới sơn"))
    told = call(walk.office, "post", f"/conflicts/{card['id']}/settle", {"keep": "b", "seen_at": seen_at}, 409)
    assert (told["code"], told["conflict"]["a"]["value"]) == ("changed", "cổng mới sơn")


def test_what_cannot_stand_side_by_side(walk: Walk) -> None:
    card = two_values(walk, "kind", "house", "room", "business")
    assert card["both"] is False
    assert walk.phone.said(settle(card, "both")) == ["refused:not_both"]
    assert Conflict.objects.get().state == "open"


def test_the_same_second_value_is_one_card(walk: Walk) -> None:
    card = two_values(walk)
    (told,) = walk.another().send(edit(walk.doors[0], "landmark", "", "cây xoài"))
    assert told["conflict"]["id"] == card["id"] and Conflict.objects.count() == 1


def test_strangers_see_none_of_it(walk: Walk) -> None:
    card = two_values(walk)
    other, _ = khu_pho("KP Thử 2", 1, 1)
    for who in (client("team_member", other.id), client("leadership", ward=NEXT), client("desk_officer")):
        call(who, "post", f"/conflicts/{card['id']}/settle", {"keep": "a"}, 404)
    assert call(client("team_member", other.id), "get", "/conflicts")["items"] == []


def test_its_clock_chases(walk: Walk) -> None:
    card = two_values(walk)
    Clock.objects.filter(subject_id=card["id"]).update(due_at=timezone.now() - timedelta(minutes=1))
    sweep({}, clock_actions())
    again()
    assert Conflict.objects.get().level == 1
    assert Entry.objects.get(verb="chase", subject_id=card["id"]).facts == {"state": "open", "level": 1}
    assert Clock.objects.get(subject_id=card["id"]).due_at > timezone.now()


def test_what_a_sync_brought_after_the_choice_was_not_seen_when_choosing(walk: Walk) -> None:
    card = two_values(walk)
    walk.phone.sync(*[t.id for t in walk.turfs])
    chosen = settle(card, "b")
    assert walk.another().said(edit(walk.doors[0], "landmark", "cổng xanh", "cổng mới sơn")) == ["stored"]
    walk.phone.sync(*[t.id for t in walk.turfs])  # the phone asks first and sends afterwards
    assert walk.phone.said(chosen) == ["conflict"] and landmark(walk) == "cổng mới sơn"
