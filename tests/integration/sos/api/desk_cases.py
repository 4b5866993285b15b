"""Each thing that the desk's stream tells of, as it really comes about in the ward of `desk_world`."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import numpy as np
from django.utils import timezone

from binhan.commons.access import actions as access
from binhan.commons.access.scope import ward_scope
from binhan.commons.clocks.actions import end_policy, set_calendar_day, set_policy
from binhan.commons.clocks.models import CalendarDay, Policy
from binhan.commons.places import actions as places
from binhan.commons.places.models import Place
from binhan.commons.roads.actions import keep_roads
from binhan.commons.roads.rules.graph import RoadGraph
from binhan.kernel.ids import new_id
from binhan.sos.incidents.actions import set_rung
from binhan.sos.incidents.models import Rung
from binhan.sos.patrols import actions as patrols
from tests.integration.commons.access.people import HOME, NEXT, PASSWORD, caller, staff
from tests.integration.sos.api.desk_world import JSON, LAT, LON, World

Case = Callable[[World], Iterator[str | None]]


def raised(w: World) -> Iterator[str | None]:
    """A press, and one that came by telephone."""
    yield None
    w.press()
    answer = w.desk.post("/api/incidents", {"id": str(new_id()), "ward": HOME, "kind": "fire", "note": "khói"}, JSON)
    assert answer.status_code == 201, answer.content.decode()


def pressed_again_and_again(w: World) -> Iterator[str | None]:
    device = str(new_id())
    for _ in range(3):
        w.press(device_id=device)
    yield None
    w.press(device_id=device)


def too_many_from_one_source(w: World) -> Iterator[str | None]:
    """More and more come, and their phones go on talking."""
    source = new_id().hex
    for _ in range(61):
        crowd = w.press(source=source)
    yield crowd
    press = str(new_id())
    assert w.press(source=source, press_id=press) == crowd
    w.fact(press, "chat", text="có ai không")
    w.fact(press, "cancel")
    other = new_id().hex
    for _ in range(62):
        w.press(source=other)


def one_of_many_is_taken_out(w: World) -> Iterator[str | None]:
    source, press = new_id().hex, str(new_id())
    for _ in range(61):
        w.press(source=source)
    crowd = w.press(source=source, press_id=press, phone="+84900000004")
    yield crowd
    answer = w.desk.post(f"/api/incidents/{crowd}/presses/{press}/split")
    assert answer.status_code == 201, answer.content.decode()


def facts(w: World) -> Iterator[str | None]:
    """Whatever a resident's phone can add."""
    press = w.press()
    yield press
    w.fact(press, "fix", lat=LAT + 0.002, lon=LON, accuracy_m=4)
    w.fact(press, "note", text="hẻm 12")
    w.fact(press, "chat", text="có ai không")
    w.fact(press, "kind", kind="fire", priority="P1")
    w.fact(press, "phone", phone="+84900000000")
    w.fact(press, "battery", level=0.2)
    w.fact(press, "safe")


def mistaken(w: World) -> Iterator[str | None]:
    press = w.press()
    yield press
    w.fact(press, "cancel")


def under_duress(w: World) -> Iterator[str | None]:
    press = w.press(priority="P2")
    yield press
    w.fact(press, "duress")


def it_was_another_ward(w: World) -> Iterator[str | None]:
    press = w.press(lat=None, lon=None, location_source="none")
    yield press
    w.fact(press, "fix", ward=NEXT, lat=11.0, lon=106.75)


def it_was_this_ward(w: World) -> Iterator[str | None]:
    press = w.press(ward=NEXT, lat=None, lon=None, location_source="none")
    yield None
    w.fact(press, "fix", ward=HOME, lat=LAT, lon=LON)


def shown_and_read(w: World) -> Iterator[str | None]:
    incident = w.press()
    yield incident
    w.hot("SELECT live_rendered(%s, %s, %s::uuid[])", HOME, w.officer.actor, [incident])
    w.read(f"/incidents/{incident}")


def spoken_to(w: World) -> Iterator[str | None]:
    incident = w.press()
    yield incident
    w.desk.post(f"/api/incidents/{incident}/messages", {"text": "Chúng tôi đang tới"}, JSON)


def acknowledged(w: World) -> Iterator[str | None]:
    incident = w.press()
    yield incident
    w.verb(incident, "acknowledge")


def triaged(w: World) -> Iterator[str | None]:
    incident = w.press()
    yield incident
    w.verb(incident, "triage", priority="P3", kind="traffic")


def sent_and_reinforced(w: World) -> Iterator[str | None]:
    incident = w.press()
    yield incident
    w.verb(incident, "dispatch", unit=w.crews[0].unit)
    w.verb(incident, "reinforce", unit=w.crews[1].unit)


def stood_down(w: World) -> Iterator[str | None]:
    incident = w.responding()
    yield incident
    w.verb(incident, "stand_down", reason="đã yên")


def merged(w: World) -> Iterator[str | None]:
    original, twin = w.press(), w.press()
    yield original
    w.verb(twin, "merge", original=original)


def transferred(w: World) -> Iterator[str | None]:
    incident = w.responding()
    yield incident
    w.verb(incident, "transfer", agency="114")


def resolved_reopened_and_closed(w: World) -> Iterator[str | None]:
    first, second = w.press(), w.press()
    yield first
    w.verb(first, "resolve", reason="đã giúp")
    w.verb(first, "reopen", reason="chưa xong")
    w.verb(second, "resolve", reason="đã giúp")
    w.verb(second, "close", outcome="helped")


def climbed(w: World) -> Iterator[str | None]:
    """Nobody answers; and of what is resolved the desk is reminded."""
    w.press()
    incident = w.press()
    w.verb(incident, "resolve", reason="đã giúp")
    yield incident
    w.later(3 * 86_400)


def a_task_from_offer_to_end(w: World) -> Iterator[str | None]:
    incident = w.responding()
    yield incident
    for verb in ("accept", "depart", "arrive", "finish"):
        w.crews[0].does(verb)


def half_way(w: World) -> Iterator[str | None]:
    """Accepted and under way: the desk sees where it stands."""
    incident = w.responding()
    yield incident
    w.crews[0].does("accept")


def declined(w: World) -> Iterator[str | None]:
    incident = w.responding()
    yield incident
    w.crews[0].does("decline", reason="hết xăng")


def taken_back(w: World) -> Iterator[str | None]:
    incident = w.responding()
    task = w.crews[0].task()
    yield incident
    w.desk.post(f"/api/assignments/{task}/withdraw", {"reason": "không cần nữa"}, JSON)


def not_answered(w: World) -> Iterator[str | None]:
    """The offer is passed on; who accepted and does not move is chased."""
    incident = w.responding()
    yield incident
    w.later(30)
    w.crews[1].does("accept")
    w.later(3600)


def backup(w: World) -> Iterator[str | None]:
    incident = w.responding()
    w.crews[0].does("accept")
    yield incident
    w.crews[0].client.post("/api/patrol/backup", {"assignment_id": w.crews[0].task(), "id": str(new_id())}, JSON)


def units(w: World) -> Iterator[str | None]:
    """A unit comes, changes, gets a new key, goes on and off shift, and is retired."""
    yield None
    with ward_scope([HOME], "test"):
        unit = patrols.register_unit(HOME, "system", patrols.UnitSheet("Tuần mới", "car"))
        patrols.update_unit(unit.id, "system", patrols.UnitSheet("Tuần mới hơn", "foot"), True)
        patrols.renew_tracker_key(unit.id, "system")
        gone = patrols.register_unit(HOME, "system", patrols.UnitSheet("Tuần cũ", "car"))
        patrols.update_unit(gone.id, "system", patrols.UnitSheet("Tuần cũ", "car"), False)
        shift = patrols.start_shift(unit.id, w.officer.id, "system")
        patrols.end_shift(shift.id, w.officer.id, "system")
        patrols.start_shift(unit.id, w.officer.id, "system")


def desk_shifts(w: World) -> Iterator[str | None]:
    yield None
    w.desk.post("/api/desk/shift", {"ward": HOME, "seat": "desk", "sound_checked": True}, JSON)
    w.desk.post("/api/desk/shift/end", {"ward": HOME}, JSON)


def policies(w: World) -> Iterator[str | None]:
    """The lengths of clocks, the ladder, days off."""
    yield None
    now = timezone.now()
    with ward_scope([HOME], "test"):
        made = set_policy(HOME, "system", Policy(name="sos.ack_within", amount=21, unit="s", valid_from=now, source="thử"))
        end_policy(made.id, "system")
        set_policy(HOME, "system", Policy(name="sos.close_within", amount=999, unit="s", valid_from=now, source="thử"))
        set_rung(HOME, "system", Rung(rung=1, after_s=14, audience=["second_seat"], channels=["inapp"], valid_from=now,
                                      source="thử"))
        set_calendar_day(HOME, "system", CalendarDay(day=date(2027, 2, 8), kind="off", source="thử"))


def a_place_is_renamed(w: World) -> Iterator[str | None]:
    with ward_scope([HOME], "test"):
        place = places.create_place(HOME, "system", places.PlaceDraft("TRUONG-1", "Trường Mẫu", LAT, LON))
    incident = w.press(place_code="TRUONG-1", location_source="place")
    yield incident
    with ward_scope([HOME], "test"):
        places.change_place(Place.objects.get(id=place.id), "system", {"name": "Trường Mẫu Mới"})
        places.create_place(HOME, "system", places.PlaceDraft("CHO-1", "Chợ Mẫu", LAT, LON))
        places.create_area(HOME, "system", "Khu phố Bảng")


def the_ward_itself(w: World) -> Iterator[str | None]:
    """Its boundary, its telephone; given up and served again."""
    ring = [[106.70, 11.0], [106.85, 11.0], [106.85, 11.2], [106.70, 11.2], [106.70, 11.0]]
    yield None
    with ward_scope([HOME], "test"):
        places.replace_boundaries({HOME: {"type": "Polygon", "coordinates": [ring]}}, "system")
        places.set_desk_phone(HOME, "system", "02743000000")
        keep_roads(HOME, "system", RoadGraph(np.array([[LAT, LON], [LAT, LON + 0.001]]), np.array([[0, 1]])), "thử")
        places.end_service([HOME], "system")
        places.serve_wards([f"{HOME:05d}"])


def an_officer_is_renamed(w: World) -> Iterator[str | None]:
    """Who acknowledged is shown by name."""
    other = staff("ban-hai", (HOME, "desk_officer"))
    incident = w.press()
    caller(other, HOME).post(f"/api/incidents/{incident}/acknowledge", {}, JSON)
    yield incident
    with ward_scope([HOME], "test"):
        access.change_staff(other, (HOME,), "system", {"display_name": "Trực ban tên mới"})


def accounts(w: World) -> Iterator[str | None]:
    """Accounts, rights and tokens come and go."""
    yield None
    with ward_scope([HOME], "test"):
        account = access.hire_staff(HOME, "desk_officer", "system", access.NewStaff("ban-ba", "Trực ban ba", PASSWORD))
        access.set_staff_password(account, (HOME,), "system", "mot mat khau khac")
        grant = access.grant_role(HOME, account, "shift_lead", "system")
        access.revoke_grant(grant.id, "system")
        token, _ = access.issue_token(account, "máy", (HOME,))
        access.revoke_token(account, token.id, (HOME,))
    access.set_own_password(account, "lai mot mat khau")


CASES: tuple[Case, ...] = (
    raised, pressed_again_and_again, facts, mistaken, under_duress, it_was_another_ward, it_was_this_ward, shown_and_read,
    spoken_to, acknowledged, triaged, sent_and_reinforced, stood_down, merged, transferred, resolved_reopened_and_closed,
    climbed, a_task_from_offer_to_end, half_way, declined, taken_back, not_answered, backup, units, desk_shifts, policies,
    a_place_is_renamed, the_ward_itself, an_officer_is_renamed, accounts,
    too_many_from_one_source, one_of_many_is_taken_out)  # the last: hundreds stay open


def play(world: World, case: Case) -> dict[str, Any]:
    """What a desk could read before and after, and what its stream said meanwhile. A case yields once, at the moment
    before: the incident that the officer has open."""
    course = case(world)
    chosen = next(course)
    before = world.answers(chosen)
    seen = world.hot("SELECT live_head(%s)", HOME)
    for _ in course:
        raise AssertionError("a case has one moment before")
    before["board"]["seq"] = seen
    return {"name": case.__name__, "ward": HOME, "chosen": chosen, "before": before, "events": world.events(seen),
            "positions": world.hot("SELECT live_units(%s)", HOME), "after": world.answers(chosen)}


