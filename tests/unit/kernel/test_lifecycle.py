"""The engine of lifecycles on a small table of its own: what it allows, what it says when it does not, what it notices."""
from __future__ import annotations

import dataclasses
from enum import StrEnum

import pytest

from binhan.kernel.lifecycle import Clock, Lifecycle, Move, Names, Refused
from binhan.kernel.words import Words


class State(StrEnum):
    OPEN = "open"
    HELD = "held"
    SHUT = "shut"


class By(StrEnum):
    CLERK = "clerk"
    CHIEF = "chief"
    CLOCK = "clock"


NAMES = Names(
    Words("giấy này", "paper"),
    {State.OPEN: Words("mới", "open"), State.HELD: Words("đang giữ", "held"), State.SHUT: Words("đã đóng", "shut")},
    {"hold": Words("Giữ", "Hold"), "shut": Words("Đóng", "Shut")},
    {"reason": Words("Lý do", "Reason"), "outcome": Words("Kết quả", "Outcome"), "note": Words("Ghi chú", "Note")})
TABLE = Lifecycle("paper", "test_paper", State, State.OPEN, (
    Move("hold", (State.OPEN,), State.HELD, By.CLERK, ("reason",)),
    Move("shut", (State.OPEN, State.HELD), State.SHUT, By.CHIEF, ("outcome", "note")),
    Move("chase", (State.OPEN,), State.OPEN, By.CLOCK),
    Move("chase", (State.HELD,), State.HELD, By.CLOCK),
), (Clock(State.OPEN, "paper.open_within", "chase"), Clock(State.HELD, "paper.held_within", "chase")), NAMES)


def test_what_a_row_lists_is_done() -> None:
    assert TABLE.move("hold", "open", "clerk", {"reason": "x"}) == State.HELD
    assert TABLE.verbs_from("open", "chief") == ("shut",)
    assert TABLE.final() == {State.SHUT}
    assert TABLE.edges() == {("open", "held"), ("open", "shut"), ("held", "shut"), ("open", "open"), ("held", "held")}
    clock = TABLE.clock_of("held")
    assert clock is not None and (clock.policy, TABLE.clock_of("shut")) == ("paper.held_within", None)


@pytest.mark.parametrize(("verb", "state", "by", "facts", "reason", "missing"), [
    ("hold", "held", "clerk", {"reason": "x"}, "state", ()), ("burn", "open", "clerk", {}, "state", ()),
    ("shut", "open", "clerk", {}, "actor", ()), ("shut", "open", "chief", {"note": "x"}, "needs", ("outcome",)),
    ("shut", "held", "chief", {"outcome": "", "note": None}, "needs", ("outcome", "note"))])
def test_what_no_row_lists_is_refused_and_the_reason_said(verb: str, state: str, by: str, facts: dict[str, object],
                                                          reason: str, missing: tuple[str, ...]) -> None:
    with pytest.raises(Refused) as refused:
        TABLE.move(verb, state, by, facts)
    assert (refused.value.reason, refused.value.missing) == (reason, missing)


@pytest.mark.parametrize(("change", "said"), [
    ({"clocks": TABLE.clocks[:1]}, "nobody watches held: it has no clock"),
    ({"clocks": (*TABLE.clocks, Clock(State.SHUT, "x", "chase"))}, "shut is final but has a clock"),
    ({"clocks": (*TABLE.clocks, TABLE.clocks[0])}, "open has more than one clock"),
    ({"clocks": (TABLE.clocks[0], Clock(State.HELD, "x", "shut"))}, "the clock of held may not shut"),
    ({"moves": TABLE.moves[1:]}, "held can never be reached"),
    ({"moves": (TABLE.moves[0], *TABLE.moves[2:])}, "open can never end"),
    ({"moves": (*TABLE.moves, TABLE.moves[0])}, "hold from open by clerk is given twice"),
    ({"names": dataclasses.replace(NAMES, states={State.OPEN: Words("mới", "open")})},
     "state held has no name in both languages"),
    ({"names": dataclasses.replace(NAMES, verbs={**NAMES.verbs, "hold": Words("Giữ", "")})},
     "verb hold has no name in both languages"),
    ({"names": dataclasses.replace(NAMES, needs={**NAMES.needs, "colour": Words("Màu", "Colour")})},
     "there is a name for need colour, which is not in the table")])
def test_what_is_wrong_with_a_table_is_said(change: dict[str, object], said: str) -> None:
    assert list(TABLE.problems()) == []
    assert said in list(dataclasses.replace(TABLE, **change).problems())  # type: ignore[arg-type]


def test_what_a_verb_needs_and_whose_it_is() -> None:
    assert TABLE.verbs_of_people() == ["hold", "shut"] and TABLE.verbs_of("clock") == ("chase",)
    assert (TABLE.needs_of("shut"), TABLE.needs_of("shut", "clerk")) == (("outcome", "note"), ())
    assert (TABLE.state_name("held"), TABLE.state_name("held", "en")) == ("đang giữ", "held")


def test_the_diagram_and_the_json_are_the_table() -> None:
    assert "    open --> held : hold (clerk)" in TABLE.mermaid().splitlines()
    told = TABLE.as_json()
    assert (told["start"], told["final"], len(told["moves"])) == ("open", ["shut"], 4)
    assert told["moves"][1] == {"verb": "shut", "from": ["open", "held"], "to": "shut", "by": "chief",
                                "needs": ["outcome", "note"]}
    assert told["names"]["verbs"]["hold"] == {"vi": "Giữ", "en": "Hold"}
    assert "CREATE OR REPLACE TRIGGER test_paper_lifecycle" in TABLE.guard_sql()
