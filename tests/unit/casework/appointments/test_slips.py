"""A slip code is the same on a phone without a network and on paper, and a typing slip is noticed."""
from __future__ import annotations

from itertools import pairwise
from uuid import UUID

import pytest

from binhan.casework.appointments.rules.slips import ALPHABET, door_of, read_code, readable, round_part, slip_code

KEY = b"k" * 32
ROUND, DOOR = UUID(int=7), UUID(int=11)
CODE = slip_code(KEY, ROUND, DOOR)


def test_the_same_door_has_the_same_code_and_no_other_has() -> None:
    assert slip_code(KEY, ROUND, DOOR) == CODE
    codes = {slip_code(KEY, ROUND, UUID(int=n)) for n in range(2_000)} | {slip_code(KEY, UUID(int=9), DOOR)}
    assert len(codes) == 2_001
    assert slip_code(b"j" * 32, ROUND, DOOR) != CODE


def test_a_printed_slip_stays_valid() -> None:
    """Slips hang on doors: a change of the scheme would break them."""
    assert CODE == "VZSK2AKKX2"


@pytest.mark.parametrize("typed", [CODE, readable(CODE), CODE.lower(), " ".join(CODE), f"  {CODE}\t"])
def test_it_is_read_as_people_type_it(typed: str) -> None:
    assert read_code(typed) == CODE


def test_letters_that_look_like_digits_are_understood() -> None:
    code = next(c for n in range(5000) if {"0", "1"} <= set(c := slip_code(KEY, ROUND, UUID(int=n))))
    assert read_code(code.replace("0", "O").replace("1", "l")) == code


def test_no_single_wrong_character_passes() -> None:
    for place in range(10):
        for letter in ALPHABET.replace(CODE[place], ""):
            assert read_code(CODE[:place] + letter + CODE[place + 1:]) is None


def test_no_two_exchanged_characters_pass() -> None:
    for a, b in pairwise(range(10)):
        swapped = list(CODE)
        swapped[a], swapped[b] = swapped[b], swapped[a]
        assert CODE[a] == CODE[b] or read_code("".join(swapped)) is None


@pytest.mark.parametrize("typed", ["", "A", CODE[:-1], CODE + "0", "ÂÊÔ0000000", "0" * 41, "\x00" * 9, "../../e"])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert read_code(typed) is None


def test_the_door_is_found_among_the_rounds() -> None:
    doors = [UUID(int=n) for n in range(500)]
    assert round_part(KEY, ROUND) == CODE[:3]
    assert door_of(KEY, ROUND, CODE, doors) == DOOR
    assert door_of(KEY, ROUND, CODE, doors[12:]) is None
