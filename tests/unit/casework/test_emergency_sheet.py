"""The emergency sheet of the field app is built in, so that it needs no data; it says what the kinds and desks say."""
from __future__ import annotations

import re
from pathlib import Path

import pytest

from binhan.casework.listening.rules import DESKS
from binhan.kernel.kinds import ALWAYS_CALL

WEB = Path(__file__).resolve().parents[3] / "web" / "src"
NUMBERS = (WEB / "casework" / "emergency" / "numbers.ts").read_text(encoding="utf-8")
WORDS = (WEB / "i18n" / "emergency.ts").read_text(encoding="utf-8")


def said(key: str) -> str:
    """The Vietnamese words of a key."""
    found = re.search(rf'\b{key}: \[\s*"([^"]*)"', WORDS)
    assert found is not None
    return found.group(1)


def test_every_number_that_a_phone_must_always_offer() -> None:
    line = re.search(r"NUMBERS = \[(.*?)\]", NUMBERS)
    assert line is not None
    assert tuple(re.findall(r"\d+", line.group(1))) == ALWAYS_CALL


@pytest.mark.parametrize("kind", ["domestic_violence", "child_abuse"])
def test_violence_has_the_numbers_of_its_desk(kind: str) -> None:
    line = re.search(rf"{kind}: {{ call: \[(.*?)\]", NUMBERS)
    assert line is not None
    assert tuple(re.findall(r"\d+", line.group(1))) == DESKS[kind][1]


def test_violence_is_never_mediated_and_goes_to_those_who_must_have_it() -> None:
    _, _, home, _ = DESKS["domestic_violence"]
    assert said("dv1") in home and said("dv3") in home and "113" in said("dv2")
    assert said("ca2") in DESKS["child_abuse"][2]
