"""Two members of a team stand before the same doors without a network and write down different landmarks. Neither is lost:
the second becomes a card with both values; both phones and the office see it; whoever decides first, decides."""
from __future__ import annotations

import threading
from typing import Any

from tests.support.field_phone import FieldPhone, item
from tests.support.stack import Stack

DOORS = 6


def _both(*work: Any) -> None:
    threads = [threading.Thread(target=one) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_two_phones_one_door(own_stack: Stack) -> None:
    one, two = (FieldPhone(own_stack, login).register() for login in ("tothanhvien1", "tothanhvien2"))
    turf = one.offers()[0]["id"]
    assert one.sync([turf]) and two.sync([turf])
    doors = list(one.of("door"))[:DOORS]
    for phone, words in ((one, "cổng xanh"), (two, "cây xoài")):
        for door in doors:
            phone.do(item("edit", {"dwelling": door, "field": "landmark", "base": phone.of("door")[door]["landmark"],
                                   "value": words}))
    _both(lambda: one.send_all(1), lambda: two.send_all(1))
    for n, door in enumerate(doors, 1):
        said = sorted((one.results[n]["status"], two.results[n]["status"]))
        assert said == ["conflict", "stored"], (door, said)
    assert one.sync([turf]) and two.sync([turf])
    cards = one.of("conflict")
    assert cards == two.of("conflict") and {c["dwelling"] for c in cards.values()} == set(doors)
    for card in cards.values():
        assert {card["a"]["value"], card["b"]["value"]} == {"cổng xanh", "cây xoài"}
        assert {card["a"]["by"], card["b"]["by"]} == {"Tổ viên Mẫu Một", "Tổ viên Mẫu Hai"}
    status, listed = own_stack.call("GET", "/api/conflicts", token=own_stack.token("chihuy"))
    assert status == 200 and {c["id"] for c in listed["items"]} == set(cards)

    for key in cards:
        one.do(item("settle", {"conflict": key, "keep": "b"}))
        two.do(item("settle", {"conflict": key, "keep": "both"}))
    _both(lambda: one.send_all(1), lambda: two.send_all(1))
    for n in range(DOORS + 1, 2 * DOORS + 1):
        first, second = sorted((one.results[n], two.results[n]), key=lambda r: r["status"], reverse=True)
        assert (first["status"], second["status"], second["code"]) == ("stored", "refused", "state_changed")
        assert second["server"]["moved_by"] in ("Tổ viên Mẫu Một", "Tổ viên Mẫu Hai")
    assert one.sync([turf]) and two.sync([turf])
    assert not one.of("conflict") and one.of("door") == two.of("door")
    for key, card in cards.items():
        stands = one.of("door")[card["dwelling"]]["landmark"]
        n = DOORS + 1 + list(cards).index(key)
        kept_both = two.results[n]["status"] == "stored"
        assert stands == (f"{card['a']['value']}; {card['b']['value']}" if kept_both else card["b"]["value"])
    assert own_stack.command("verify-journal").returncode == 0
