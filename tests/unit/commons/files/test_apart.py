"""Pictures are opened aside: what comes back is the same, and a decoder that hangs or breaks takes nothing with it."""
from __future__ import annotations

from dataclasses import replace

import pytest

from binhan.commons.files import imports
from binhan.commons.files.imports import cleaned_apart
from binhan.commons.files.rules.clean import NotThatType, cleaned
from binhan.kernel.errors import Problem
from tests.support.pictures import photo, webm


def test_the_same_picture_comes_back() -> None:
    for kind, mime in (("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")):
        taken = photo(kind=kind)
        assert cleaned_apart(taken, mime) == cleaned(taken, mime)


def test_sound_is_not_opened_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "WORK", "tests.unit.commons.sandbox.labour:faulty")
    assert cleaned_apart(webm(), "audio/webm") == webm()


def test_what_cannot_be_opened_is_refused() -> None:
    for content, mime in ((photo()[:1200], "image/jpeg"), (photo(kind="PNG"), "image/jpeg")):
        with pytest.raises(NotThatType):
            cleaned_apart(content, mime)


@pytest.mark.parametrize("name", ["greedy", "faulty", "abrupt", "echo", "long"])
def test_whatever_the_decoder_does_such_a_picture_is_not_stored(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(imports, "WORK", f"tests.unit.commons.sandbox.labour:{name}")
    monkeypatch.setattr(imports, "LIMITS", replace(imports.LIMITS, memory=200 << 20))
    with pytest.raises(NotThatType):
        cleaned_apart(photo(), "image/jpeg")


def test_one_that_is_not_done_in_time_may_be_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "WORK", "tests.unit.commons.sandbox.labour:asleep")
    monkeypatch.setattr(imports, "LIMITS", replace(imports.LIMITS, wall_s=1.0))
    with pytest.raises(Problem, match="busy"):
        cleaned_apart(photo(), "image/jpeg")
    monkeypatch.setattr(imports, "WORK", "tests.unit.commons.sandbox.labour:killed")
    with pytest.raises(Problem, match="busy"):
        cleaned_apart(photo(), "image/jpeg")
